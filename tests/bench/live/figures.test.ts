import { describe, expect, it } from 'vitest';
import { agesOf, gapsOf, heldBackAges, picturesIn } from '../../../bench/live/latency-figures.js';
import type { ViewerReport } from '../../../bench/live/viewer.js';

const picture = (number: number, seenMs: number, ageMs: number) => ({
  picture: number,
  seenMs,
  arrivedMs: seenMs - 2,
  takenMs: seenMs - ageMs,
  ptsUs: number * 33_333,
});

const report = (changes: Partial<ViewerReport>): ViewerReport => ({
  pictures: [],
  beeps: [],
  heldBackMs: [],
  unreadable: 0,
  cpuSeconds: 0,
  ...changes,
});

describe('figures of a live measurement', () => {
  it('count only what was seen in the span', () => {
    const seen = [
      report({ pictures: [picture(1, 900, 5000), picture(2, 1000, 100)] }),
      report({ pictures: [picture(3, 1100, 200), picture(4, 2000, 5000)] }),
    ];
    const span = { fromMs: 1000, toMs: 2000 };
    expect(picturesIn(seen, span).map(({ picture: number }) => number)).toEqual([2, 3]);
    expect(agesOf(seen, span)).toEqual({ count: 2, p50: 150, p95: 195, max: 200 });
  });

  it('tell pictures that are missing from those that came twice', () => {
    const pictures = [5, 6, 6, 9].map((number, i) => picture(number, i, 0));
    expect(gapsOf(pictures)).toEqual({ missing: 2, repeated: 1 });
    expect(gapsOf([])).toEqual({ missing: 0, repeated: 0 });
  });

  it('know what a player shows that keeps its distance', () => {
    const seen = [
      report({ heldBackMs: [{ seenMs: 10, ageMs: 700 }] }),
      report({ heldBackMs: [{ seenMs: 90, ageMs: 9 }] }),
    ];
    expect(heldBackAges(seen, { fromMs: 0, toMs: 50 }).p50).toBe(700);
  });
});
