import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HlsOutput } from '../../../streams/hls/hls-output.js';
import { HlsStream } from '../../../streams/hls/hls-stream.js';
import { h264Clip } from '../../fixtures/media.js';
import { clipPackets, fakeAudio, fakeVideo } from '../../helpers/hls-packets.js';
import { PlaylistFollower, parsePlaylist } from '../../helpers/hls-playlist.js';

/** Plays pictures at these moments into a stream that was told 25 a second, and looks at each playlist on the way. */
async function playlistOf(timesUs: readonly number[], { sound = false, keyEvery = 1_000_000 } = {}) {
  const { tracks } = await clipPackets(await h264Clip({ fps: 25, frames: 10, audio: true }));
  const stream = new HlsStream({ token: 't', windowUs: 3_600_000_000 });
  const output = new HlsOutput({ stream });
  await output.open(sound ? tracks : tracks.slice(0, 1));
  const follower = new PlaylistFollower();
  // The playlist as it is, without waiting for a whole segment.
  const query = new URLSearchParams('_HLS_msn=0&_HLS_part=0');
  const text = async () => (await stream.handle({ path: 'main/media.m3u8', query })).body.toString();
  let soundUs = 0;
  let keys = -1;
  for (const us of timesUs) {
    for (; sound && soundUs < us; soundUs += 21_333) output.write(fakeAudio(soundUs));
    const isKey = Math.floor(us / keyEvery) > keys;
    if (isKey) keys = Math.floor(us / keyEvery);
    output.write(fakeVideo(us, isKey));
    if (output.metrics().bytesOut > 0) follower.update(await text());
  }
  await output.close();
  follower.update(await text());
  const playlist = parsePlaylist(await text());
  return { ...playlist, lasts: playlist.segments.reduce((sum, { duration }) => sum + duration, 0) };
}

const every = (ms: number, seconds: number) =>
  Array.from({ length: Math.floor((seconds * 1000) / ms) }, (_, i) => i * ms * 1000);
const discontinuities = ({ segments }: { readonly segments: readonly { readonly discontinuity: boolean }[] }) =>
  segments.filter(({ discontinuity }) => discontinuity).length;

describe('a source that is slower than parts', () => {
  it.each([250, 300, 500, 1_000, 2_000, 3_000, 4_000])(
    'with a picture every %i ms has no discontinuities, and its segments last as long as it does',
    async (ms) => {
      const times = every(ms, 90);
      const p = await playlistOf(times);
      expect(discontinuities(p)).toBe(0);
      // What the last second owes is not paid any more, and the last picture lasts as long as the others were said to.
      expect(Math.abs(p.lasts - (times.at(-1) ?? 0) / 1e6)).toBeLessThan(1.1);
      expect(Math.max(...p.segments.map(({ duration }) => duration))).toBeLessThanOrEqual(4.499);
      const parts = p.segments.flatMap((segment) => segment.parts);
      expect(parts.every(({ duration }) => duration <= (p.partTarget ?? 0))).toBe(true);
    },
  );

  it('is told apart from one that is gone for longer than a segment', async () => {
    const p = await playlistOf([...every(40, 4), ...every(40, 4).map((us) => us + 12_000_000)]);
    expect(discontinuities(p)).toBe(1);
  });

  it('only for a while is exact again afterwards', async () => {
    const slow = every(500, 20).map((us) => us + 10_000_000);
    const after = every(40, 20).map((us) => us + 30_000_000);
    const p = await playlistOf([...every(40, 10), ...slow, ...after]);
    expect(discontinuities(p)).toBe(0);
    expect(p.lasts).toBeCloseTo(50, 3);
    for (const { duration, parts } of p.segments.slice(-3)) {
      expect(parts.reduce((sum, part) => sum + part.duration, 0)).toBeCloseTo(duration, 4);
    }
  });

  it('with sound has parts of sound, which add up', async () => {
    const p = await playlistOf(every(700, 60), { sound: true });
    expect(discontinuities(p)).toBe(0);
    for (const { duration, parts } of p.segments.filter((segment) => segment.parts.length > 0)) {
      expect(parts.reduce((sum, part) => sum + part.duration, 0)).toBeCloseTo(duration, 4);
    }
  });

  it('of any rate up to the target duration has no discontinuities', async () => {
    const gap = fc.integer({ min: 20, max: 3_900 });
    const property = fc.asyncProperty(fc.array(gap, { minLength: 10, maxLength: 60 }), async (gaps) => {
      let us = 0;
      const p = await playlistOf([0, ...gaps.map((ms) => (us += ms * 1000))]);
      expect(discontinuities(p)).toBe(0);
      expect(Math.abs(p.lasts - us / 1e6)).toBeLessThan(5.1);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
