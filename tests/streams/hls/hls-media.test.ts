import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Parser } from 'm3u8-parser';
import { describe, expect, it } from 'vitest';
import { codecStrings, hevcProfile } from '../../../streams/hls/codec-strings.js';
import { diskFiles } from '../../../streams/hls/hls-folder.js';
import { HlsOutput, hlsFolderOutput } from '../../../streams/hls/hls-output.js';
import { HlsStream, type HlsStreamOptions } from '../../../streams/hls/hls-stream.js';
import { openInput } from '../../../streams/libav/input.js';
import type { EncodedPacket } from '../../../streams/live/live-types.js';
import { look } from '../../fixtures/look.js';
import { h264Clip, tenBitClip } from '../../fixtures/media.js';
import { type ClipPackets, clipPackets } from '../../helpers/hls-packets.js';
import { parsePlaylist } from '../../helpers/hls-playlist.js';
import { workspace } from '../../helpers/workspace.js';

/** Five seconds with B-frames and sound, a key frame every second. */
const clip = { fps: 24, frames: 120, gop: 24, audio: true } as const;
const keepsAll: HlsStreamOptions = { windowUs: 600_000_000, token: 't' };

async function feed(output: HlsOutput, { tracks, packets }: ClipPackets): Promise<void> {
  await output.open(tracks);
  for (const packet of packets) output.write(packet);
}

/** What is common to a file and to what was made of its packets: pictures in order, sound packets in order. */
function contentOf(path: string) {
  const [video, audio] = look(path).streams;
  if (video === undefined) throw new Error(`${path} has no video`);
  const firstUs = video.frames[0]?.timeUs ?? 0;
  return {
    errors: video.decodeErrors + (audio?.decodeErrors ?? 0),
    pictures: video.frames.map(({ timeUs, luma }) => [
      Math.round((timeUs - firstUs) / 100),
      luma.toString('base64', 0, 60),
    ]),
    sound: audio?.packets.map(({ data }) => data),
  };
}

/** A plain HTTP server of one stream, as any framework would do it. */
async function serve(stream: HlsStream, onRequest: (path: string) => void) {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(url.pathname).slice(1);
    onRequest(path);
    void stream
      .handle({ path, query: url.searchParams })
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${port}/index.m3u8`, close };
}

describe('the media of an HLS stream', () => {
  const file = workspace();

  it('is, header and parts together, a film with the same pictures and sound', async () => {
    const path = await h264Clip(clip);
    const source = await clipPackets(path);
    const stream = new HlsStream(keepsAll);
    const output = new HlsOutput({ stream });
    await feed(output, source);
    await output.close();
    const playlist = parsePlaylist((await stream.handle({ path: 'main/media.m3u8' })).body.toString());
    const parts = playlist.segments.flatMap((segment) => segment.parts.map(({ uri }) => uri));
    const names = ['t-init-0.mp4', ...parts];
    const bodies = await Promise.all(names.map(async (name) => (await stream.handle({ path: `main/${name}` })).body));
    await writeFile(file('joined.mp4'), Buffer.concat(bodies));
    expect(contentOf(file('joined.mp4'))).toEqual(contentOf(path));
    expect(output.metrics().bytesOut).toBe(bodies.slice(1).reduce((sum, b) => sum + b.length, 0));
    const video = source.packets.filter(({ kind }) => kind === 'video');
    const lastsUs = (video.at(-1)?.dtsUs ?? 0) + (video.at(-1)?.durationUs ?? 0) - (video[0]?.dtsUs ?? 0);
    const sum = playlist.segments.reduce((total, s) => total + s.duration, 0);
    expect(sum).toBeCloseTo(lastsUs / 1e6, 4);
  });

  it('takes packets with start codes as encoders give them', async () => {
    const path = await h264Clip({ ...clip, container: 'ts', audio: false });
    const source = await clipPackets(path);
    const folder = file('www');
    const output = hlsFolderOutput(folder, keepsAll);
    await feed(output, source);
    await output.close();
    // MPEG-TS carries them with start codes.
    expect(Buffer.from(source.packets[0]?.data ?? []).toString('hex', 0, 4)).toBe('00000001');
    const { pictures, errors } = contentOf(join(folder, 'index.m3u8'));
    expect(errors).toBe(0);
    expect(pictures).toEqual(contentOf(path).pictures);
  });

  it('keeps the times of pictures and sound when they leap or are uneven', async () => {
    const source = await clipPackets(await h264Clip(clip));
    const uneven = source.packets.map((packet) => {
      const lateUs = packet.dtsUs > 2_500_000 ? 700_000 : packet.dtsUs > 1_200_000 ? 90_000 : 0;
      return { ...packet, ptsUs: packet.ptsUs + lateUs, dtsUs: packet.dtsUs + lateUs };
    });
    const folder = file('www');
    const output = hlsFolderOutput(folder, keepsAll);
    await feed(output, { tracks: source.tracks, packets: uneven });
    await output.close();
    for (const [i, kind] of (['video', 'audio'] as const).entries()) {
      const track = look(join(folder, 'index.m3u8')).streams[i];
      const written = track?.packets.map(({ ptsUs }) => ptsUs - 1_000_000) ?? [];
      const given = uneven.filter((packet) => packet.kind === kind).map(({ ptsUs }) => ptsUs);
      expect(written).toHaveLength(given.length);
      expect(Math.max(...written.map((us, k) => Math.abs(us - (given[k] as number))))).toBeLessThan(25);
    }
  });

  it("is read by FFmpeg's HLS demuxer over HTTP while it grows, every packet in order", async () => {
    const source = await clipPackets(await h264Clip(clip));
    const stream = new HlsStream({ ...keepsAll, segmentUs: 1_000_000, maxSegmentUs: 1_000_000 });
    const output = new HlsOutput({ stream });
    await output.open(source.tracks);
    const half = source.packets.length / 2;
    for (const packet of source.packets.slice(0, half)) output.write(packet);
    let asked = 0;
    const server = await serve(stream, (path) => {
      if (path !== 'main/media.m3u8' || ++asked !== 2) return;
      for (const packet of source.packets.slice(half)) output.write(packet);
      void output.close();
    });
    try {
      const { packets } = await clipPackets(server.url);
      for (const kind of ['video', 'audio'] as const) {
        const digests = (all: readonly EncodedPacket[]) => all.filter((p) => p.kind === kind).map(digestOf);
        expect(digests(packets)).toEqual(digests(source.packets));
      }
    } finally {
      await server.close();
    }
    expect(asked).toBeGreaterThanOrEqual(2);
  });

  it('is read the same by m3u8-parser', async () => {
    const stream = new HlsStream(keepsAll);
    const output = new HlsOutput({ stream });
    const { tracks, packets } = await clipPackets(await h264Clip(clip));
    await output.open(tracks);
    for (const packet of packets.slice(0, -20)) output.write(packet);
    const text = (await stream.handle({ path: 'main/media.m3u8' })).body.toString();
    const ours = parsePlaylist(text);
    const parser = new Parser();
    parser.push(text);
    parser.end();
    const theirs = parser.manifest;
    expect(theirs.segments.map(({ uri, duration }) => [uri, duration])).toEqual(
      ours.segments.filter(({ uri }) => uri !== undefined).map(({ uri, duration }) => [uri, duration]),
    );
    expect(theirs).toMatchObject({
      targetDuration: ours.targetDuration,
      mediaSequence: ours.mediaSequence,
      partTargetDuration: ours.partTarget,
      serverControl: { canBlockReload: true },
    });
    expect(theirs.preloadSegment?.parts.map(({ uri }) => uri)).toEqual(
      ours.segments.at(-1)?.parts.map(({ uri }) => uri),
    );
    expect(theirs.preloadSegment?.preloadHints.map(({ uri }) => uri)).toEqual([ours.hint]);
  });
});

/** Without the time that differs between containers. */
function digestOf({ data, isKey }: EncodedPacket): string {
  return `${isKey} ${data.length} ${Buffer.from(data).toString('base64', 0, 60)}`;
}

describe('codec strings', () => {
  const file = workspace();

  it('are those of RFC 6381', async () => {
    const stream = new HlsStream(keepsAll);
    stream.addRendition('main', (await clipPackets(await h264Clip(clip))).tracks);
    const { body } = await stream.handle({ path: 'main/t-init-0.mp4' });
    expect(codecStrings(body)).toEqual(['avc1.64000d', 'mp4a.40.2']);
  });

  it('agree with a referee on HEVC, whose pictures survive', async () => {
    const path = await tenBitClip('hevc');
    const stream = new HlsStream(keepsAll);
    const output = new HlsOutput({ stream });
    await feed(output, await clipPackets(path));
    await output.close();
    const bodies = await Promise.all(
      ['t-init-0.mp4', 't-0.m4s'].map(async (name) => (await stream.handle({ path: `main/${name}` })).body),
    );
    await writeFile(file('hevc.mp4'), Buffer.concat(bodies));
    const input = await openInput(file('hevc.mp4'));
    const theirs = input.streams[0]?.codecpar.getCodecString()?.split('.');
    await input.closeInput();
    const ours = codecStrings(bodies[0] as Buffer).map((codec) => codec.split('.'));
    // Compatibility flags go in reverse order of bits (annex E.3), which the referee leaves as they are: 20000000 is bit 2.
    expect(theirs?.[2]).toBe('20000000');
    expect(ours).toEqual([theirs?.with(2, '4')]);
    expect(contentOf(file('hevc.mp4'))).toEqual(contentOf(path));
  });

  it('refuse AAC whose header is missing, in words', async () => {
    const { tracks } = await clipPackets(await h264Clip(clip));
    const bare = tracks.map((track) => (track.kind === 'audio' ? { ...track, extradataBase64: null } : track));
    expect(() => new HlsStream(keepsAll).addRendition('main', bare)).toThrow(
      expect.objectContaining({ code: 'CONTAINER_CODEC' }),
    );
  });

  it('spell HEVC as annex E of ISO/IEC 14496-15 does', () => {
    // Main 10, main tier, level 5.1, progressive and frame-only.
    expect(hevcProfile(Buffer.from('010220000000b000000000009900', 'hex'))).toBe('2.4.L153.B0');
    // Profile space A, high tier, two bytes of constraints.
    expect(hevcProfile(Buffer.from('0161600000009008000000005d00', 'hex'))).toBe('A1.6.H93.90.8');
  });
});

describe('a folder', () => {
  const file = workspace();

  it('holds whole segments and playlists that FFmpeg reads', async () => {
    const path = await h264Clip(clip);
    const folder = file('www/cam');
    const output = hlsFolderOutput(folder, keepsAll);
    await feed(output, await clipPackets(path));
    await output.close();
    expect((await readdir(folder)).sort()).toEqual(['index.m3u8', 'main']);
    expect((await readdir(join(folder, 'main'))).sort()).toEqual([
      'media.m3u8',
      't-0.m4s',
      't-1.m4s',
      't-2.m4s',
      't-init-0.mp4',
    ]);
    const text = await readFile(join(folder, 'main/media.m3u8'), 'utf8');
    expect(parsePlaylist(text)).toMatchObject({ ended: true, partTarget: undefined, control: undefined });
    expect(contentOf(join(folder, 'index.m3u8'))).toEqual(contentOf(path));
  });

  it('keeps the segments that can be asked for, and removes those of an earlier run', async () => {
    const source = await clipPackets(await h264Clip({ ...clip, frames: 480 }));
    const folder = file('www');
    const first = hlsFolderOutput(folder, { ...keepsAll, token: 'a' });
    await feed(first, source);
    await first.close();
    await writeFile(join(folder, 'main/notes.txt'), 'mine');
    const second = hlsFolderOutput(folder, { token: 'b', windowUs: 4_000_000 });
    await feed(second, source);
    await second.close();
    const names = await readdir(join(folder, 'main'));
    expect(names.filter((name) => name.startsWith('a-'))).toEqual([]);
    expect(names).toContain('notes.txt');
    expect(names.filter((name) => /^b-\d+\.m4s$/.test(name)).length).toBeLessThanOrEqual(5);
    const playlist = parsePlaylist(await readFile(join(folder, 'main/media.m3u8'), 'utf8'));
    for (const { uri, map } of playlist.segments) expect(names).toEqual(expect.arrayContaining([uri, map]));
  });

  it('is gone at the end when that was asked for', async () => {
    const folder = file('www');
    const output = hlsFolderOutput(folder, { ...keepsAll, removeFolder: true });
    await feed(output, await clipPackets(await h264Clip(clip)));
    await output.close();
    expect(await readdir(file('.'))).toEqual([]);
  });

  it.each([
    ['ENOSPC', 'OUTPUT_DISK_FULL'],
    ['EACCES', 'OUTPUT_UNWRITABLE'],
  ])('that fails with %s is %s, and viewers of the memory are served on', async (reason, code) => {
    const troubles: string[] = [];
    const write = () => Promise.reject(Object.assign(new Error(reason), { code: reason }));
    const files = { ...diskFiles, write };
    const output = hlsFolderOutput(file('www'), {
      ...keepsAll,
      files,
      onTrouble: (error) => troubles.push(error.code),
    });
    await feed(output, await clipPackets(await h264Clip(clip)));
    await output.close();
    expect(troubles).toEqual([code]);
    expect(output.metrics().state).toBe('failed');
    const { body } = await output.stream.handle({ path: 'main/media.m3u8' });
    expect(parsePlaylist(body.toString()).segments).toHaveLength(3);
    expect(await readdir(file('www/main'))).toEqual([]);
  });
});
