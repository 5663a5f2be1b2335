import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LevelDetails, M3U8Parser, PlaylistLevelType } from 'hls.js';
import { describe, expect, it } from 'vitest';
import { HlsOutput } from '../../../streams/hls/hls-output.js';
import { HlsStream } from '../../../streams/hls/hls-stream.js';
import { openInput } from '../../../streams/libav/input.js';
import type { EncodedPacket } from '../../../streams/live/live-types.js';
import { h264Clip } from '../../fixtures/media.js';
import { clipPackets } from '../../helpers/hls-packets.js';
import { type ParsedPlaylist, PlaylistFollower, parsePlaylist } from '../../helpers/hls-playlist.js';

/** The playlist as it is, without waiting for a whole segment. */
const asItIs = '_HLS_msn=0&_HLS_part=0';

async function playlistOf(stream: HlsStream, more = ''): Promise<string> {
  const query = new URLSearchParams(`${asItIs}${more}`);
  return (await stream.handle({ path: 'main/media.m3u8', query })).body.toString();
}

function readByHlsJs(text: string): LevelDetails {
  return M3U8Parser.parseLevelPlaylist(text, 'http://localhost/main/media.m3u8', 0, PlaylistLevelType.MAIN, 0, null);
}

/** What both readers say of a playlist, in one form. */
function byHlsJs(details: LevelDetails) {
  return {
    error: details.playlistParsingError,
    version: details.version,
    target: details.targetduration,
    partTarget: details.partTarget,
    holdBack: details.holdBack,
    partHoldBack: details.partHoldBack,
    canReload: details.canBlockReload,
    skipped: details.skippedSegments,
    ended: !details.live,
    hint: details.preloadHint?.URI,
    segments: details.fragments.flatMap((fragment) =>
      fragment === null
        ? []
        : [
            [
              fragment.sn,
              fragment.cc,
              fragment.relurl,
              fragment.duration,
              fragment.programDateTime,
              fragment.initSegment?.relurl,
            ],
          ],
    ),
    parts: details.partList?.map((part) => [part.relurl, part.duration, part.independent]),
  };
}

function byUs(p: ParsedPlaylist): ReturnType<typeof byHlsJs> {
  const decimal = (name: string) => Number(p.control?.get(name));
  let discontinuities = p.discontinuitySequence;
  const segments = p.segments.map((segment) => {
    if (segment.discontinuity) discontinuities += 1;
    return [segment.sequence, discontinuities, segment.uri, segment.duration, segment.dateTime, segment.map];
  });
  return {
    error: null,
    version: p.version,
    target: p.targetDuration,
    partTarget: p.partTarget as number,
    holdBack: decimal('HOLD-BACK'),
    partHoldBack: decimal('PART-HOLD-BACK'),
    canReload: true,
    skipped: p.skipped,
    ended: p.ended,
    hint: p.hint,
    segments: segments.filter(([, , uri]) => uri !== undefined) as never,
    parts: p.segments.flatMap(({ parts }) => parts.map((part) => [part.uri, part.duration, part.independent])),
  };
}

/** A server that shows one playlist as it was at a moment, with everything behind it. */
async function frozen(stream: HlsStream) {
  const state = { text: '' };
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    if (path.endsWith('.m3u8')) return void response.end(state.text);
    void stream.handle({ path }).then(({ status, body }) => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/main/media.m3u8`;
  return {
    /** What FFmpeg finds in it. */
    read: async (text: string) => {
      state.text = text;
      const input = await openInput(url);
      const found = input.streams.map(({ codecpar }) => [codecpar.width, codecpar.sampleRate]);
      await input.closeInput();
      return found;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('the playlist after every update', () => {
  it('is valid, and read alike by us, hls.js and FFmpeg, through a break, another size, slow pictures and the end', async () => {
    const clip = { fps: 24, frames: 96, gop: 24, audio: true } as const;
    const first = await clipPackets(await h264Clip(clip));
    const second = await clipPackets(await h264Clip({ ...clip, width: 160, height: 120 }));
    const stream = new HlsStream({ token: 't', windowUs: 8_000_000, firstSequence: 7, firstDiscontinuity: 3 });
    const output = new HlsOutput({ stream });
    const server = await frozen(stream);
    const follower = new PlaylistFollower();
    let updates = 0;
    let before = '';
    const look = async (): Promise<void> => {
      const text = await playlistOf(stream);
      if (text === before) return;
      before = text;
      updates += 1;
      const ours = follower.update(text);
      const theirs = readByHlsJs(text);
      expect(byHlsJs(theirs)).toEqual(byUs(ours));
      const delta = await playlistOf(stream, '&_HLS_skip=YES');
      expect(byHlsJs(readByHlsJs(delta)).error).toBe(null);
      expect(parsePlaylist(delta).skipped).toBe(readByHlsJs(delta).skippedSegments);
      if (!ours.segments.some(({ uri }) => uri !== undefined)) return;
      const width = ours.segments[0]?.map === 't-init-0.mp4' ? 320 : 160;
      expect(await server.read(text)).toEqual([
        [width, 0],
        [0, 48_000],
      ]);
    };
    const send = async (packets: readonly EncodedPacket[], shiftUs: number, slower = 1): Promise<void> => {
      for (const packet of packets) {
        const at = (us: number) => us * slower + shiftUs;
        output.write({ ...packet, ptsUs: at(packet.ptsUs), dtsUs: at(packet.dtsUs), durationUs: 0 });
        if (output.metrics().bytesOut > 0) await look();
      }
    };
    await output.open(first.tracks);
    await send(first.packets, 0);
    output.discontinuity();
    await send(first.packets, 5_000_000);
    output.tracksChanged(second.tracks);
    await send(second.packets, 10_000_000);
    await send(second.packets.filter(({ kind }) => kind === 'video').slice(0, 24), 15_000_000, 10);
    await output.close();
    await look();
    await server.close();
    expect(updates).toBeGreaterThan(60);
    expect(follower.current).toMatchObject({ ended: true });
    expect(follower.current?.discontinuitySequence).toBeGreaterThan(3);
    expect(follower.brokenHints).toEqual([]);
  });
});

describe('a stream that was closed', () => {
  it('still answers whoever asks, with the numbers that it was begun with', async () => {
    const { tracks, packets } = await clipPackets(await h264Clip({ fps: 24, frames: 72, gop: 24, audio: true }));
    const stream = new HlsStream({ token: 't', firstSequence: 41, firstDiscontinuity: 5, waitMs: 60_000 });
    const output = new HlsOutput({ stream });
    await output.open(tracks);
    for (const packet of packets) output.write(packet);
    await output.close();
    await stream.close();
    const answer = (path: string, query = '') => stream.handle({ path, query: new URLSearchParams(query) });
    for (const query of ['', '_HLS_msn=42', '_HLS_msn=42&_HLS_part=3', '_HLS_msn=90', '_HLS_skip=YES']) {
      const { status, body } = await answer('main/media.m3u8', query);
      expect([status, parsePlaylist(body.toString())]).toMatchObject([
        200,
        { ended: true, mediaSequence: 41, discontinuitySequence: 5 },
      ]);
    }
    const { segments } = parsePlaylist((await answer('main/media.m3u8')).body.toString());
    expect(segments[0]).toMatchObject({ sequence: 41, discontinuity: true });
    for (const { uri = '', map = '', parts } of segments) {
      for (const name of [uri, map, ...parts.map((part) => part.uri)]) {
        expect((await answer(`main/${name}`)).status).toBe(200);
      }
    }
    expect((await answer('index.m3u8')).status).toBe(200);
    expect((await answer('main/t-99.m4s')).status).toBe(404);
    expect(() => stream.addRendition('late', tracks)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(stream.waiting).toBe(0);
  });
});
