import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveTimeline, wrapPeriodsUs } from '../../../streams/live/live-timeline.js';

const SECOND = 1_000_000;
const video = (us: number, leadUs = 0) =>
  ({ track: 'video', dtsUs: us, ptsUs: us + leadUs, durationUs: 40_000 }) as const;
const audio = (us: number) => ({ track: 'audio', dtsUs: us, ptsUs: us, durationUs: 20_000 }) as const;

describe('LiveTimeline', () => {
  it('begins at 0, whatever the source says', () => {
    const timeline = new LiveTimeline();
    expect(timeline.place(video(77 * SECOND))).toMatchObject({ dtsUs: 0, ptsUs: 0, late: false });
    expect(timeline.place(audio(77 * SECOND + 5))).toMatchObject({ ptsUs: 5 });
    expect(timeline.endUs).toBe(40_000);
  });

  it('shows the first picture at 0 where it is decoded before it is shown', () => {
    const timeline = new LiveTimeline();
    expect(timeline.place(video(5 * SECOND, 80_000))).toMatchObject({ dtsUs: -80_000, ptsUs: 0 });
  });

  it('calls sound late that lies before the beginning', () => {
    const timeline = new LiveTimeline();
    timeline.place(video(SECOND));
    expect(timeline.place(audio(SECOND - 20_000)).late).toBe(true);
    expect(timeline.place(audio(SECOND)).late).toBe(false);
  });

  it('keeps uneven steps and gaps of less than a jump', () => {
    const timeline = new LiveTimeline();
    const times = [0, 33_000, 50_000, 9 * SECOND].map((us) => timeline.place(video(us)));
    expect(times.map(({ ptsUs }) => ptsUs)).toEqual([0, 33_000, 50_000, 9 * SECOND]);
    expect(times.some(({ discontinuity }) => discontinuity)).toBe(false);
  });

  it.each([
    ['far forward', 3600 * SECOND],
    ['back', -5 * SECOND],
    ['far back', -3000 * SECOND],
  ])('goes on where it was when the source jumps %s, with sound and picture as far apart as before', (_, jump) => {
    const timeline = new LiveTimeline();
    timeline.place(video(4000 * SECOND));
    timeline.place(audio(4000 * SECOND));
    const first = timeline.place(video(4000 * SECOND + 40_000 + jump));
    expect(first).toMatchObject({ ptsUs: 40_000, discontinuity: true });
    expect(timeline.place(audio(4000 * SECOND + 20_000))).toMatchObject({ ptsUs: 20_000, discontinuity: false });
    expect(timeline.place(audio(4000 * SECOND + 40_000 + jump))).toMatchObject({ ptsUs: 40_000, discontinuity: false });
  });

  it.each(wrapPeriodsUs)('undoes the wrap of a clock that begins anew after %d µs, track by track', (period) => {
    const timeline = new LiveTimeline();
    const from = period - 60_000;
    const placed = [0, 40_000, 80_000, 120_000].map((us) => timeline.place(video((from + us) % period)));
    const sound = [0, 20_000, 40_000, 60_000, 80_000].map((us) => timeline.place(audio((from + us) % period)));
    expect(placed.map(({ ptsUs }) => ptsUs)).toEqual([0, 40_000, 80_000, 120_000]);
    expect(sound.map(({ ptsUs }) => ptsUs)).toEqual([0, 20_000, 40_000, 60_000, 80_000]);
    expect([...placed, ...sound].some(({ discontinuity }) => discontinuity)).toBe(false);
  });

  it('wraps more than once', () => {
    const timeline = new LiveTimeline();
    const [period = 0] = wrapPeriodsUs;
    for (let us = 0; us <= 3 * period; us += 9 * SECOND) {
      const { ptsUs, discontinuity } = timeline.place(video(us % period));
      if (ptsUs !== us || discontinuity) expect({ ptsUs, discontinuity }).toEqual({ ptsUs: us, discontinuity: false });
    }
  });

  it('goes on after a gap when the source begins anew', () => {
    const timeline = new LiveTimeline();
    timeline.place(video(10 * SECOND));
    timeline.restart(2 * SECOND);
    expect(timeline.place(video(0))).toMatchObject({ ptsUs: 2 * SECOND + 40_000, discontinuity: false });
    expect(timeline.place(audio(0))).toMatchObject({ ptsUs: 2 * SECOND + 40_000 });
  });

  it('never goes back, and shows nothing before 0, whatever comes', () => {
    const packet = fc.record({
      isVideo: fc.boolean(),
      dtsUs: fc.option(fc.integer({ min: -(2 ** 45), max: 2 ** 45 }), { nil: undefined }),
      leadUs: fc.integer({ min: 0, max: 200_000 }),
      durationUs: fc.integer({ min: 0, max: 100_000 }),
      restart: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
        const timeline = new LiveTimeline();
        const last = { video: Number.NEGATIVE_INFINITY, audio: Number.NEGATIVE_INFINITY };
        for (const { isVideo, dtsUs, leadUs, durationUs, restart } of packets) {
          if (restart) timeline.restart(leadUs);
          const track = isVideo ? 'video' : 'audio';
          const ptsUs = dtsUs === undefined ? leadUs : dtsUs + leadUs;
          const placed = timeline.place({ track, dtsUs, ptsUs, durationUs });
          if (placed.late && track === 'audio') continue;
          expect(placed.dtsUs).toBeGreaterThan(last[track]);
          expect(placed.ptsUs).toBeGreaterThanOrEqual(Math.max(0, placed.dtsUs));
          expect(Number.isSafeInteger(placed.ptsUs) && Number.isSafeInteger(placed.dtsUs)).toBe(true);
          last[track] = placed.dtsUs;
        }
      }),
    );
  });

  it('keeps the distance of sound and picture through any jumps of both', () => {
    const jumps = fc.array(fc.integer({ min: -100_000, max: 100_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(jumps, fc.integer({ min: 0, max: 400_000 }), (steps, skewUs) => {
        const timeline = new LiveTimeline();
        let clock = 2_000_000 * SECOND;
        for (const step of [0, ...steps]) {
          clock += step * 10_000_000;
          let [picture, sound] = [0, 0];
          for (let i = 0; i < 50; i++) {
            picture = timeline.place(video(clock + i * 40_000)).ptsUs;
            sound = timeline.place(audio(clock + i * 40_000 + skewUs)).ptsUs;
          }
          expect(sound - picture).toBe(skewUs);
          clock += 50 * 40_000;
        }
      }),
      { numRuns: 50 },
    );
  });

  it('begins anew after the sound, where pictures stopped long before', () => {
    const timeline = new LiveTimeline();
    timeline.place(video(0));
    for (let us = 0; us <= 20 * SECOND; us += 20_000) timeline.place(audio(us));
    timeline.restart(SECOND);
    expect(timeline.place(video(7 * SECOND)).dtsUs).toBe(21 * SECOND + 20_000);
    expect(timeline.place(audio(7 * SECOND))).toMatchObject({ ptsUs: 21 * SECOND + 20_000, late: false });
  });
});
