import { describe, expect, it } from 'vitest';
import { ColorJudge } from '../../../operators/colorize/color-judge.js';

const spread = (value: number, brightness = 0.5) => ({ spread: value, neutral: value === 0, brightness });

/** Frames until the judge's decision is `wanted`. */
function framesUntil(judge: ColorJudge, wanted: boolean, value: number): number {
  for (let frame = 1; frame < 200; frame++) if (judge.judge(spread(value), false) === wanted) return frame;
  return Number.POSITIVE_INFINITY;
}

describe('ColorJudge', () => {
  it('decides at once at the start of a shot', () => {
    const judge = new ColorJudge();
    expect(judge.judge(spread(0), true)).toBe(false);
    expect(judge.judge(spread(9), true)).toBe(true);
    expect(judge.judge(spread(1.2), true)).toBe(false);
  });

  it('leaves film alone until something can be judged', () => {
    const judge = new ColorJudge();
    expect(judge.judge(undefined, true)).toBe(true);
    expect(judge.judge(spread(1, 0.1), false)).toBe(true);
    expect(judge.judge(spread(1, 0.3), false)).toBe(false);
  });

  it('keeps its mind within a shot through single odd frames', () => {
    const judge = new ColorJudge();
    judge.judge(spread(1), true);
    expect(judge.judge(spread(6), false)).toBe(false);
    expect(judge.judge(spread(1), false)).toBe(false);
  });

  it('changes its mind when a shot turns out to be something else', () => {
    const judge = new ColorJudge();
    judge.judge(spread(1), true);
    expect(framesUntil(judge, true, 8)).toBeLessThan(8);
    expect(framesUntil(judge, false, 0.5)).toBeLessThan(20);
  });

  it('does not swing between two opinions about film near the limit', () => {
    const judge = new ColorJudge();
    judge.judge(spread(2.2), true);
    const opinions = Array.from({ length: 100 }, (_, i) => judge.judge(spread(i % 2 === 0 ? 1.8 : 2.6), false));
    expect(new Set(opinions)).toEqual(new Set([true]));
  });

  it('keeps its decision over frames too dark to judge, cuts included', () => {
    const judge = new ColorJudge();
    judge.judge(spread(0), true);
    expect(judge.judge(undefined, true)).toBe(false);
    expect(judge.judge(spread(1.5, 0.08), false)).toBe(false);
  });

  it('believes colours even in dim frames, and a dim frame without any chroma', () => {
    expect(new ColorJudge().judge(spread(4, 0.1), true)).toBe(true);
    expect(new ColorJudge().judge(spread(0, 0.1), true)).toBe(false);
  });
});
