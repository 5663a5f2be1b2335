import { describe, expect, it } from 'vitest';
import { ColorJudge } from '../../../operators/colorize/color-judge.js';
import type { ColorEvidence } from '../../../operators/colorize/color-spread.js';

const bright = { brightness: 0.5 };
const colorful: ColorEvidence = { ...bright, chroma: 15, spread: 8 };
const neutral: ColorEvidence = { ...bright, chroma: 0, spread: 0 };
const sepia: ColorEvidence = { ...bright, chroma: 20, spread: 1 };
/** A grey street in a colour film, or a faded print of a black-and-white one. */
const unclear: ColorEvidence = { ...bright, chroma: 3, spread: 1 };

/** Frames until the judge's decision is `wanted`. */
function framesUntil(judge: ColorJudge, wanted: boolean, evidence: ColorEvidence): number {
  for (let frame = 1; frame < 200; frame++) if (judge.judge(evidence, false) === wanted) return frame;
  return Number.POSITIVE_INFINITY;
}

describe('ColorJudge', () => {
  it('decides at once at the start of a shot', () => {
    const judge = new ColorJudge();
    expect(judge.judge(neutral, true)).toBe(false);
    expect(judge.judge(colorful, true)).toBe(true);
    expect(judge.judge(sepia, true)).toBe(false);
  });

  it('takes film that could be either for what came before it, and for black and white at the start', () => {
    const judge = new ColorJudge();
    expect(judge.judge(unclear, true)).toBe(false);
    expect(judge.judge(colorful, true)).toBe(true);
    expect(judge.judge(unclear, true)).toBe(true);
    expect(judge.judge(neutral, true)).toBe(false);
    expect(judge.judge(unclear, true)).toBe(false);
  });

  it('leaves film alone that begins so pale that it may be in colour', () => {
    const pale: ColorEvidence = { ...bright, chroma: 1.1, spread: 0.7 };
    const judge = new ColorJudge();
    expect(judge.judge(pale, true)).toBe(true);
    expect(judge.judge(colorful, false)).toBe(true);
    judge.judge(neutral, true);
    expect(judge.judge(pale, true)).toBe(false);
  });

  it('leaves film alone until something can be judged', () => {
    const judge = new ColorJudge();
    expect(judge.judge(undefined, true)).toBe(true);
    expect(judge.judge({ ...unclear, brightness: 0.1 }, false)).toBe(true);
    expect(judge.judge(unclear, false)).toBe(false);
  });

  it('keeps its mind within a shot through single odd frames', () => {
    const judge = new ColorJudge();
    judge.judge(sepia, true);
    expect(judge.judge(colorful, false)).toBe(false);
    expect(judge.judge(sepia, false)).toBe(false);
  });

  it('changes its mind when a shot turns out to be something else', () => {
    const judge = new ColorJudge();
    judge.judge(neutral, true);
    expect(framesUntil(judge, true, colorful)).toBeLessThan(10);
    expect(framesUntil(judge, false, neutral)).toBeLessThan(10);
  });

  it('does not swing between two opinions about film near the limit', () => {
    const judge = new ColorJudge();
    judge.judge(colorful, true);
    const spreads = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1.7 : 2.3));
    const opinions = spreads.map((spread) => judge.judge({ ...unclear, spread }, false));
    expect(new Set(opinions)).toEqual(new Set([true]));
  });

  it('keeps its decision over frames too dark to judge, cuts included', () => {
    const judge = new ColorJudge();
    judge.judge(neutral, true);
    expect(judge.judge(undefined, true)).toBe(false);
    expect(judge.judge({ ...sepia, brightness: 0.08 }, false)).toBe(false);
  });

  it('believes colours even in dim frames, and a dim frame without any chroma', () => {
    expect(new ColorJudge().judge({ ...colorful, brightness: 0.1 }, true)).toBe(true);
    expect(new ColorJudge().judge({ ...neutral, brightness: 0.1 }, true)).toBe(false);
  });
});
