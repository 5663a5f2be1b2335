import { describe, expect, it } from 'vitest';
import { KeptPictures } from '../../../../operators/text/paint/kept-pictures.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';
import type { FrameProperties } from '../../../../pipeline/video-frame.js';
import { expectBalanced, testFrame } from '../../../helpers/frames.js';

/** Frames between two that are kept. */
const STEP = 10;

function box(left: number, top: number, width = 20, height = 8): TextQuad {
  return [
    [left, top],
    [left + width, top],
    [left + width, top + height],
    [left, top + height],
  ];
}

/** Shows a picture with dark and light halves; their place makes the shot. */
function show(
  kept: KeptPictures,
  index: number,
  quads: readonly TextQuad[] = [],
  shotNumber = 0,
  changes: Partial<FrameProperties> = {},
) {
  const frame = testFrame(index, { width: 64, height: 36, ...changes });
  const luma = frame.plane(0);
  for (let at = 0; at < luma.length; at++)
    luma[at] = at % frame.width < frame.width / 2 === (shotNumber === 0) ? 60 : 180 - 80 * shotNumber;
  luma[0] = index;
  kept.see(frame, quads);
  frame.close();
}

const firsts = (kept: KeptPictures) => kept.pictures.map((picture) => picture.plane(0)[0]);

describe('KeptPictures', () => {
  it('keeps copies of the last four pictures, 0.4 s apart, and closes or holds no frame', () =>
    expectBalanced(async () => {
      const kept = new KeptPictures();
      for (let index = 0; index <= 6 * STEP; index++) show(kept, index);
      expect(firsts(kept)).toEqual([6, 5, 4, 3].map((n) => n * STEP));
      expect(kept.pictures[0]?.plane(1)).toHaveLength(32 * 18);
    }));

  it('keeps those from before a text while the text stands, however long', () =>
    expectBalanced(async () => {
      const kept = new KeptPictures();
      for (let index = 0; index < 100; index++) show(kept, index, index < 25 ? [] : [box(10, 20)]);
      expect(firsts(kept)).toEqual([20, 10, 0]);
    }));

  it('keeps what shows other places: a title that moves, a subtitle that is gone while a sign stays', () =>
    expectBalanced(async () => {
      const moving = new KeptPictures();
      for (let index = 0; index <= 2 * STEP; index += STEP) show(moving, index, [box(10, 28 - index)]);
      expect(firsts(moving)).toEqual([20, 10, 0]);
      const sign = box(40, 2);
      const besides = new KeptPictures();
      for (let index = 0; index <= 4 * STEP; index += STEP)
        show(besides, index, index === 2 * STEP ? [sign, box(5, 25)] : [sign]);
      expect(firsts(besides)).toEqual([40, 30, 10, 0]);
    }));

  it('forgets at a cut, with another size or format, and where time goes back', () =>
    expectBalanced(async () => {
      const kept = new KeptPictures();
      show(kept, 0);
      show(kept, STEP, [], 1);
      expect(firsts(kept)).toEqual([STEP]);
      show(kept, 2 * STEP, [], 1, { width: 96 });
      expect(firsts(kept)).toEqual([2 * STEP]);
      show(kept, 3 * STEP, [], 1, { width: 96, pixelFormat: 'yuv422p' });
      expect(firsts(kept)).toEqual([3 * STEP]);
      show(kept, 5, [], 1, { width: 96, pixelFormat: 'yuv422p' });
      expect(firsts(kept)).toEqual([5]);
    }));

  it('takes 32 MiB at most, or a single picture', () =>
    expectBalanced(async () => {
      const bytesOf = (kept: KeptPictures): number =>
        kept.pictures.reduce((sum, { planes }) => sum + planes.reduce((all, { byteLength }) => all + byteLength, 0), 0);
      for (const [width, height, count] of [
        [1920, 1080, 4],
        [3840, 2160, 2],
        [7680, 4320, 1],
      ] as const) {
        const kept = new KeptPictures();
        for (let n = 0; n < 5; n++) {
          const frame = testFrame(n * STEP, { width, height });
          frame.plane(0).fill(100);
          kept.see(frame, []);
          frame.close();
        }
        expect(kept.pictures).toHaveLength(count);
        if (count > 1) expect(bytesOf(kept)).toBeLessThanOrEqual(32 * 2 ** 20);
      }
    }));
});
