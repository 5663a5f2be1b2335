import { describe, expect, it } from 'vitest';
import { filterFrames } from '../../../pipeline/frames/filter-frames.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import { itKeepsTheFrameOperatorLaws } from '../../helpers/frame-operator-laws.js';
import { collect, expectBalanced, framesFrom } from '../../helpers/frames.js';

describe('filterFrames', () => {
  itKeepsTheFrameOperatorLaws({
    apply: (source) => source.pipe(filterFrames<VideoSample>(({ frame }) => frame.index % 2 === 0)),
    expected: (count) => Array.from({ length: Math.ceil(count / 2) }, (_, i) => 2 * i),
  });

  it('closes what the predicate refuses', () =>
    expectBalanced(async () => {
      expect(await collect(framesFrom(3).pipe(filterFrames<VideoSample>(() => false)))).toEqual({
        indexes: [],
        error: undefined,
      });
    }));

  it('numbers the samples for the predicate', () =>
    expectBalanced(async () => {
      const numbers: number[] = [];
      await collect(framesFrom(3).pipe(filterFrames<VideoSample>((_, index) => numbers.push(index) > 0)));
      expect(numbers).toEqual([0, 1, 2]);
    }));

  it('closes the frame over which the predicate throws, and fails with what it threw', () =>
    expectBalanced(async () => {
      const error = new Error('no opinion');
      const refuse = filterFrames<VideoSample>(({ frame }) => {
        if (frame.index === 1) throw error;
        return true;
      });
      expect(await collect(framesFrom(3).pipe(refuse))).toEqual({ indexes: [0], error });
    }));
});
