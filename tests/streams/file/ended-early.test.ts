import { describe, expect, it } from 'vitest';
import { endedEarly } from '../../../streams/file/ended-early.js';
import type { FilmInfo, TrackInfo, VideoInfo } from '../../../streams/film.js';

describe('whether a film ended early', () => {
  const ended = (track: Partial<TrackInfo>, endUs: number, toUs = Number.POSITIVE_INFINITY): boolean => {
    const info = { startUs: 100_000, tracks: [{ metadata: {}, ...track } as TrackInfo] } as unknown as FilmInfo;
    return endedEarly(info, { trackIndex: 0 } as VideoInfo, endUs, toUs);
  };

  it.each([
    ['at its announced end', { startUs: 0, durationUs: 10_000_000 }, 10_000_000, false],
    ['a picture before it', { startUs: 0, durationUs: 10_000_000 }, 9_960_000, false],
    ['seconds before it', { startUs: 0, durationUs: 10_000_000 }, 7_000_000, true],
    ['seconds before what a tag announces', { metadata: { DURATION: '00:01:10.500000000' } }, 60_000_000, true],
    ['where a tag announces', { metadata: { DURATION: '00:01:10.500000000' } }, 70_500_000, false],
    ['at its end, which counts from its own start', { startUs: 5_000_000, durationUs: 1_000_000 }, 6_000_000, false],
    ['anywhere, when nothing is announced', {}, 1, false],
  ] as const)('%s', (_, track, endUs, expected) => {
    expect(ended(track, endUs)).toBe(expected);
  });

  it('is asked only of the part that is read', () => {
    const track = { startUs: 0, durationUs: 10_000_000 };

    expect(ended(track, 3_960_000, 4_000_000)).toBe(false);
    expect(ended(track, 3_000_000, 4_000_000)).toBe(true);
  });
});
