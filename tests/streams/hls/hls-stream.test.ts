import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HlsOutput } from '../../../streams/hls/hls-output.js';
import { type HlsResponse, HlsStream, type HlsStreamOptions } from '../../../streams/hls/hls-stream.js';
import type { EncodedPacket } from '../../../streams/live/live-types.js';
import { h264Clip } from '../../fixtures/media.js';
import { clipPackets, fakeAudio, fakeVideo } from '../../helpers/hls-packets.js';
import { applyDelta, type ParsedPlaylist, PlaylistFollower, parsePlaylist } from '../../helpers/hls-playlist.js';

const PART_US = 200_000;
const FRAME_US = 40_000;
/** The first part is there: without that, the first playlist waits for a whole segment. */
const asItIs = '_HLS_msn=0&_HLS_part=0';
const playlistNow = { path: 'main/media.m3u8', query: new URLSearchParams(asItIs) };

async function tracks() {
  return (await clipPackets(await h264Clip({ fps: 25, frames: 10, audio: true }))).tracks;
}

/** A stream of pictures whose content means nothing, 25 a second, with a key frame every so many. */
async function videoStream(options: HlsStreamOptions = {}) {
  const stream = new HlsStream({ token: 't', now: () => 1_700_000_000_000, waitMs: 60_000, ...options });
  const output = new HlsOutput({ stream });
  const [video] = await tracks();
  if (video === undefined) throw new Error('no video');
  await output.open([video]);
  let at = 0;
  const send = (frames: number, gop = 50): void => {
    for (let i = 0; i < frames; i++, at++) output.write(fakeVideo(at * FRAME_US, at % gop === 0));
  };
  const ask = (path: string, query = '', signal?: AbortSignal): Promise<HlsResponse> =>
    stream.handle({ path: `main/${path}`, query: new URLSearchParams(query) }, signal);
  const playlist = async (query = ''): Promise<string> =>
    text(await ask('media.m3u8', query.includes('_HLS_msn') ? query : `${asItIs}&${query}`));
  return { stream, output, send, ask, playlist };
}

function text(response: HlsResponse): string {
  if (response.status !== 200) throw new Error(`status ${response.status}: ${response.body}`);
  return response.body.toString();
}

/** True when the promise is settled once everything that can go on without time has gone on. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  for (let i = 0; i < 20; i++) await Promise.resolve();
  return settled;
}

describe('an HLS stream', () => {
  it('lists parts of five pictures and segments from key frame to key frame', async () => {
    const { send, playlist } = await videoStream();
    send(106);
    const p = parsePlaylist(await playlist());
    expect(p.partTarget).toBe(0.202);
    expect(p.segments.map(({ uri, duration }) => [uri, duration])).toEqual([
      ['t-0.m4s', 2],
      ['t-1.m4s', 2],
      [undefined, 0.2],
    ]);
    expect(p.segments[0]?.parts).toHaveLength(10);
    expect(p.segments.map(({ parts }) => parts.map(({ independent }) => independent).indexOf(true))).toEqual([0, 0, 0]);
    expect(p.hint).toBe('t-2.1.m4s');
    expect(p.segments[1]?.dateTime).toBe((p.segments[0]?.dateTime ?? 0) + 2000);
  });

  it('answers a blocking reload when the part is there, and not before', async () => {
    const { send, playlist } = await videoStream();
    send(6);
    const reload = playlist('_HLS_msn=0&_HLS_part=1');
    send(4);
    expect(await isSettled(reload)).toBe(false);
    send(1);
    expect(await isSettled(reload)).toBe(true);
    expect(parsePlaylist(await reload).segments[0]?.parts).toHaveLength(2);
  });

  it('answers a reload of a whole segment when it is complete', async () => {
    const { send, playlist } = await videoStream();
    send(50);
    const reload = playlist('_HLS_msn=0');
    expect(await isSettled(reload)).toBe(false);
    send(1);
    expect(parsePlaylist(await reload).segments[0]?.uri).toBe('t-0.m4s');
  });

  it('takes a part beyond the end of a segment as the first of the next', async () => {
    const { send, playlist } = await videoStream();
    send(51);
    const reload = playlist('_HLS_msn=0&_HLS_part=10');
    expect(await isSettled(reload)).toBe(false);
    send(5);
    expect(parsePlaylist(await reload).segments.at(-1)).toMatchObject({ sequence: 1, uri: undefined });
  });

  it('refuses reloads that are too far ahead or make no sense, and does not wait longer than it may', async () => {
    const { send, ask } = await videoStream({ waitMs: 1 });
    send(6);
    for (const query of [
      '_HLS_msn=3',
      '_HLS_msn=0&_HLS_part=99',
      '_HLS_part=1',
      '_HLS_msn=-1',
      '_HLS_msn=x',
      '_HLS_msn=1e3',
    ]) {
      expect([query, (await ask('media.m3u8', query)).status]).toEqual([query, 400]);
    }
    expect((await ask('media.m3u8', '_HLS_msn=2')).status).toBe(503);
    expect((await ask('t-0.1.m4s')).status).toBe(503);
  });

  it('delivers the hinted part under its name as soon as it is made', async () => {
    const { send, ask, playlist } = await videoStream();
    send(6);
    const hint = parsePlaylist(await playlist()).hint ?? '';
    const part = ask(hint);
    send(4);
    expect(await isSettled(part)).toBe(false);
    send(1);
    const { status, body, headers } = await part;
    expect([status, body.toString('latin1', 4, 8), headers['content-type']]).toEqual([200, 'moof', 'video/mp4']);
    expect(headers['cache-control']).toContain('immutable');
  });

  it('gives a segment as the sum of its parts', async () => {
    const { send, ask } = await videoStream();
    send(51);
    const parts = await Promise.all(Array.from({ length: 10 }, async (_, i) => (await ask(`t-0.${i}.m4s`)).body));
    expect((await ask('t-0.m4s')).body.equals(Buffer.concat(parts))).toBe(true);
  });

  it('knows only the names that it gave', async () => {
    const { send, ask, stream } = await videoStream();
    send(51);
    for (const path of [
      '',
      '../main/media.m3u8',
      '../../etc/passwd',
      't-1.m4s',
      't-0.99.m4s',
      't-0.m4s/x',
      '__proto__',
      't-1.1.m4s',
    ]) {
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
    }
    expect((await stream.handle({ path: 'other/media.m3u8' })).status).toBe(404);
    expect((await stream.handle({ path: 'constructor/media.m3u8' })).status).toBe(404);
  });

  it('forgets a viewer who leaves', async () => {
    const { send, ask, stream } = await videoStream();
    send(6);
    const viewer = new AbortController();
    const reload = ask('media.m3u8', '_HLS_msn=1', viewer.signal);
    viewer.abort(new Error('gone'));
    await expect(reload).rejects.toThrow('gone');
    expect(stream.waiting).toBe(0);
  });

  it('lets only so many requests wait', async () => {
    const { send, ask } = await videoStream({ maxWaiting: 1 });
    send(6);
    const first = ask('media.m3u8', '_HLS_msn=1');
    expect((await ask('media.m3u8', '_HLS_msn=1')).status).toBe(503);
    send(110);
    expect((await first).status).toBe(200);
  });

  it('ends its playlist and lets everybody go who waits', async () => {
    const { send, ask, playlist, output, stream } = await videoStream();
    send(53);
    const waiting = [playlist('_HLS_msn=2'), playlist('_HLS_msn=1&_HLS_part=3')];
    const hinted = ask('t-1.0.m4s');
    const beyond = ask('t-1.1.m4s');
    await output.close();
    await stream.close();
    for (const end of await Promise.all(waiting)) {
      expect(parsePlaylist(end)).toMatchObject({ ended: true, hint: undefined });
    }
    expect(parsePlaylist(await playlist()).segments.map(({ duration }) => duration)).toEqual([2, 0.12]);
    expect((await hinted).status).toBe(200);
    expect((await beyond).status).toBe(404);
    expect(output.metrics()).toMatchObject({ state: 'closed', packetsDropped: 0, queued: 0 });
  });

  it('gives delta updates from which viewers make the full playlist', async () => {
    const { send, playlist } = await videoStream({ windowUs: 40_000_000 });
    const seen: ParsedPlaylist[] = [];
    let skipped = 0;
    for (let i = 0; i < 40; i++) {
      send(25);
      const full = parsePlaylist(await playlist());
      const delta = parsePlaylist(await playlist('_HLS_skip=YES'));
      skipped += delta.skipped;
      if (delta.skipped > 0) {
        const old = seen.at(-1) as ParsedPlaylist;
        expect(delta.segments).toHaveLength(full.segments.length - delta.skipped);
        const whole = applyDelta(old, delta).map(({ uri, duration, map }) => ({ uri, duration, map }));
        expect(whole).toEqual(full.segments.map(({ uri, duration, map }) => ({ uri, duration, map })));
      }
      seen.push(full);
    }
    expect(skipped).toBeGreaterThan(20);
  });

  it('begins a segment with a discontinuity after a break, and waits for a key frame', async () => {
    const { send, playlist, output } = await videoStream();
    send(60);
    output.discontinuity();
    send(50);
    const p = parsePlaylist(await playlist());
    expect(p.segments.map(({ discontinuity, duration }) => [discontinuity, duration])).toEqual([
      [false, 2],
      [false, 0.4],
      [true, 0.2],
    ]);
    expect(output.metrics().packetsDropped).toBe(40);
  });

  it('counts the discontinuities that left the playlist', async () => {
    const { send, playlist, output } = await videoStream({ windowUs: 8_000_000 });
    const follower = new PlaylistFollower();
    for (let i = 0; i < 8; i++) {
      send(75);
      follower.update(await playlist());
      output.discontinuity();
    }
    expect(follower.current?.discontinuitySequence).toBeGreaterThan(2);
  });

  it('begins with a new header when the codecs change', async () => {
    const { send, playlist, output, ask } = await videoStream();
    send(60);
    const [other] = (await clipPackets(await h264Clip({ width: 160, height: 120, frames: 3 }))).tracks;
    if (other !== undefined) await output.open([other]);
    send(60);
    const p = parsePlaylist(await playlist());
    expect([...new Set(p.segments.map(({ map }) => map))]).toEqual(['t-init-0.mp4', 't-init-1.mp4']);
    expect(p.segments.map(({ discontinuity }) => discontinuity)).toEqual([false, false, true]);
    const [before, after] = await Promise.all(
      ['t-init-0.mp4', 't-init-1.mp4'].map(async (name) => (await ask(name)).body),
    );
    expect(before?.equals(after as Buffer)).toBe(false);
  });

  it('goes on with the numbers of an earlier process', async () => {
    const { send, playlist } = await videoStream({ firstSequence: 17, firstDiscontinuity: 2 });
    send(51);
    const p = parsePlaylist(await playlist());
    expect([p.mediaSequence, p.discontinuitySequence, p.segments[0]?.discontinuity]).toEqual([17, 2, true]);
  });

  it('keeps no more than it may, and old names for as long as viewers may ask for them', async () => {
    const { send, playlist, ask, stream } = await videoStream({ windowUs: 6_000_000, maxBytes: 1_000_000 });
    send(50 * 5);
    expect(parsePlaylist(await playlist()).mediaSequence).toBe(1);
    expect((await ask('t-0.m4s')).status).toBe(200);
    send(50 * 5);
    expect((await ask('t-0.m4s')).status).toBe(404);
    expect(stream.bytes).toBeLessThan(1_000_000);
  });

  it('gives up old segments first when memory is short', async () => {
    const { stream, output } = await videoStream({ maxBytes: 400_000 });
    const follower = new PlaylistFollower();
    for (let i = 0; i < 400; i++) {
      output.write(fakeVideo(i * FRAME_US, i % 50 === 0, 20_000));
      expect(stream.bytes).toBeLessThan(500_000);
      if (i % 10 === 9) follower.update(text(await stream.handle(playlistNow)));
    }
    expect(follower.current?.mediaSequence).toBeGreaterThan(10);
  });

  it('describes renditions in one master playlist, and each in the other one', async () => {
    const stream = new HlsStream({ token: 't', renditions: ['high', 'low'], waitMs: 60_000 });
    const [video, audio] = await tracks();
    const low = (await clipPackets(await h264Clip({ width: 160, height: 120, frames: 3 }))).tracks[0];
    if (video === undefined || audio === undefined || low === undefined) throw new Error('no tracks');
    const outputs = [new HlsOutput({ stream, rendition: 'high' }), new HlsOutput({ stream, rendition: 'low' })];
    const master = stream.handle({ path: 'index.m3u8' });
    await outputs[0]?.open([video, audio]);
    await outputs[1]?.open([low]);
    for (let i = 0; i < 150; i++) {
      expect(await isSettled(master)).toBe(i > 5);
      outputs[0]?.write(fakeVideo(i * FRAME_US, i % 50 === 0, 5000));
      outputs[0]?.write(fakeAudio(i * FRAME_US));
      outputs[1]?.write(fakeVideo(i * FRAME_US, i % 50 === 0, 500));
    }
    expect(text(await master)).toContain('low/media.m3u8');
    const lines = text(await stream.handle({ path: 'index.m3u8' }))
      .trim()
      .split('\n');
    expect(lines.slice(0, 2)).toEqual(['#EXTM3U', '#EXT-X-VERSION:6']);
    expect(lines[2]).toMatch(
      /^#EXT-X-STREAM-INF:BANDWIDTH=\d+,AVERAGE-BANDWIDTH=\d+,CODECS="avc1\.64000d,mp4a\.40\.2",RESOLUTION=320x240,FRAME-RATE=25\.000$/,
    );
    expect(lines[3]).toBe('high/media.m3u8');
    expect(lines[4]).toMatch(/CODECS="avc1\.64000[b-c]",RESOLUTION=160x120,FRAME-RATE=24\.000$/);
    const reports = parsePlaylist(text(await stream.handle({ path: 'high/media.m3u8' }))).reports;
    const own = parsePlaylist(text(await stream.handle({ path: 'low/media.m3u8' }))).segments.at(-1);
    expect(reports.map((r) => Object.fromEntries(r))).toEqual([
      { URI: '../low/media.m3u8', 'LAST-MSN': `${own?.sequence}`, 'LAST-PART': `${(own?.parts.length ?? 0) - 1}` },
    ]);
  });

  it('leaves out packets without a time, and counts them', async () => {
    const { send, output, playlist } = await videoStream();
    send(20);
    for (const us of [Number.NaN, -9.2e21, 400_000]) output.write(fakeVideo(us, false));
    send(20);
    expect(output.metrics()).toMatchObject({ state: 'open', packetsDropped: 3 });
    expect(parsePlaylist(await playlist()).segments[0]?.duration).toBeCloseTo(1.4, 6);
  });

  it('refuses names of renditions that are no names', async () => {
    const stream = new HlsStream();
    const some = await tracks();
    for (const name of ['', '..', 'a/b', 'a b', 'x'.repeat(65)]) {
      expect(() => stream.addRendition(name, some)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    }
  });
});

describe('the playlist, whatever the times of packets are', () => {
  it('keeps every rule after every update, and every hint', async () => {
    const both = await tracks();
    const step = fc.oneof(
      { weight: 40, arbitrary: fc.integer({ min: 1, max: 90 }).map((ms) => ({ ms, key: false, gap: false })) },
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 90 }).map((ms) => ({ ms, key: true, gap: false })) },
      { weight: 2, arbitrary: fc.integer({ min: 90, max: 7000 }).map((ms) => ({ ms, key: false, gap: false })) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 3000 }).map((ms) => ({ ms, key: true, gap: true })) },
    );
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 20, maxLength: 400 }),
      fc.boolean(),
      async (steps, withSound) => {
        const stream = new HlsStream({ token: 't', windowUs: 8_000_000, waitMs: 1 });
        const output = new HlsOutput({ stream });
        await output.open(withSound ? both : both.slice(0, 1));
        const follower = new PlaylistFollower();
        let atUs = 0;
        let soundUs = 0;
        const look = async (): Promise<void> => {
          const response = await stream.handle(playlistNow);
          const hint = follower.current?.hint;
          follower.update(text(response));
          if (hint === undefined || hint === follower.current?.hint) return;
          expect((await stream.handle({ path: `main/${hint}` })).status).toBe(200);
        };
        output.write(fakeVideo(0, true));
        let isFirst = true;
        for (const { ms, key, gap } of steps) {
          atUs += ms * 1000;
          if (gap) output.discontinuity();
          for (; withSound && soundUs < atUs; soundUs += 21_333) output.write(fakeAudio(soundUs));
          output.write(fakeVideo(atUs, key));
          const bytes = output.metrics().bytesOut;
          if (bytes > 0 || !isFirst) await look();
          isFirst = isFirst && bytes === 0;
        }
        await output.close();
        await look();
        expect(follower.current?.ended).toBe(true);
        expect(follower.brokenHints).toEqual([]);
        expect(output.metrics().state).toBe('closed');
      },
    );
    await fc.assert(property, { numRuns: 25 });
  });

  it('adds up to the time that passed', async () => {
    const [video] = await tracks();
    if (video === undefined) throw new Error('no video');
    const pause = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 60 }) },
      { weight: 1, arbitrary: fc.integer({ min: 60, max: 900 }) },
    );
    const property = fc.asyncProperty(fc.array(pause, { minLength: 30, maxLength: 150 }), async (gaps) => {
      const stream = new HlsStream({ token: 't', windowUs: 600_000_000 });
      const output = new HlsOutput({ stream });
      await output.open([video]);
      let atUs = 0;
      output.write(fakeVideo(0, true));
      // Steady pictures at the end let late parts catch up.
      for (const ms of [...gaps, ...Array.from({ length: 400 }, () => 40)]) {
        atUs += ms * 1000;
        output.write(fakeVideo(atUs, false));
      }
      await output.close();
      const { segments } = parsePlaylist(text(await stream.handle(playlistNow)));
      const sum = segments.reduce((total, s) => total + s.duration, 0);
      expect(Math.abs(sum * 1e6 - (atUs + FRAME_US))).toBeLessThan(2);
    });
    await fc.assert(property, { numRuns: 15 });
  });

  it('goes on with sound alone while pictures stay away', async () => {
    const stream = new HlsStream({ token: 't' });
    const output = new HlsOutput({ stream });
    await output.open(await tracks());
    const packets: EncodedPacket[] = [fakeVideo(0, true), fakeVideo(FRAME_US, false)];
    for (let us = 0; us < 5_000_000; us += 21_333) packets.push(fakeAudio(us));
    for (const packet of packets) output.write(packet);
    const p = parsePlaylist(text(await stream.handle(playlistNow)));
    expect(p.segments.reduce((sum, s) => sum + s.duration, 0)).toBeGreaterThan(3.5);
    expect(p.segments.reduce((sum, s) => sum + s.parts.length, 0)).toBeGreaterThan(3.5 / (PART_US / 1e6) - 2);
  });
});
