import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { takeFrames } from '../../../pipeline/frames/take-frames.js';
import { itKeepsTheFrameOperatorLaws } from '../../helpers/frame-operator-laws.js';
import { carelessSource, collect, expectBalanced, framesFrom } from '../../helpers/frames.js';

describe('takeFrames', () => {
  itKeepsTheFrameOperatorLaws({
    apply: (source) => source.pipe(takeFrames(5)),
    expected: (count) => Array.from({ length: Math.min(count, 5) }, (_, i) => i),
  });

  it('completes with the last frame it takes, and leaves its source', () =>
    expectBalanced(async () => {
      const source = carelessSource();
      const taken = collect(source.frames.pipe(takeFrames(2)));
      source.emit(0);
      source.emit(1);
      expect(await taken).toEqual({ indexes: [0, 1], error: undefined });
      expect(source.left()).toBe(true);
    }));

  it('takes nothing at all when the count is 0, without subscribing', async () => {
    expect(await collect(NEVER.pipe(takeFrames(0)))).toEqual({ indexes: [], error: undefined });
  });

  it('closes the frame that arrives while its receiver leaves', () =>
    expectBalanced(async () => {
      const { indexes } = await collect(framesFrom(9).pipe(takeFrames(7), takeFrames(2)));
      expect(indexes).toEqual([0, 1]);
    }));

  it.each([-1, 1.5, Number.NaN])('refuses a count of %s', (count) => {
    expect(() => takeFrames(count)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
