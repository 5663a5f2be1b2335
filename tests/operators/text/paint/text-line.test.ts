import { describe, expect, it } from 'vitest';
import { typefaces } from '../../../../operators/text/paint/fonts.js';
import { KeptPictures } from '../../../../operators/text/paint/kept-pictures.js';
import { TextLine } from '../../../../operators/text/paint/text-line.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { expectBalanced } from '../../../helpers/frames.js';
import { GROUND, seen, signFrame, signQuad } from './signs.js';

/** A frame in which the word is as visible as it says, 0–1. */
function fadedFrame(index: number, visible: number): VideoFrame {
  const frame = signFrame(index, {}, { grain: 4 });
  const luma = frame.plane(0);
  for (let at = 0; at < luma.length; at++) luma[at] = Math.round(GROUND + visible * ((luma[at] as number) - GROUND));
  return frame;
}

/** Whether a line that was seen while it came is looked at anew when it is there. */
function isLookedAtAnew(visibleFirst: number, opacityFirst: number): boolean {
  const [first, then] = [fadedFrame(0, visibleFirst), fadedFrame(3, 1)];
  try {
    const line = new TextLine(
      first,
      seen({ opacity: opacityFirst }),
      signQuad(),
      [],
      typefaces(undefined),
      new KeptPictures(),
    );
    expect(line.suits(seen({ opacity: opacityFirst }), signQuad(), first)).toBe(true);
    const suits = line.suits(seen(), signQuad(), then);
    expect(line.suits(seen(), signQuad(), then)).toBe(suits);
    return !suits;
  } finally {
    first.close();
    then.close();
  }
}

describe('TextLine', () => {
  it('looks anew at a title that was fainter when it came', () =>
    expectBalanced(async () => {
      for (const visible of [0.4, 0.6, 0.8]) expect(isLookedAtAnew(visible, 0.5)).toBe(true);
    }));

  it('looks once at a sign that was there before it was read', () =>
    expectBalanced(async () => {
      expect(isLookedAtAnew(1, 0.25)).toBe(false);
    }));

  it('looks once at what was there in full, however it looks later', () =>
    expectBalanced(async () => {
      expect(isLookedAtAnew(0.6, 1)).toBe(false);
    }));
});
