import type { Ink } from './find-ink.js';
import type { LinePatch } from './line-patch.js';
import { distance } from './patch-samples.js';

/** Difference of ink and ground that may change while a line comes: share of it, and codes. */
const SAME_CONTRAST = 0.08;
const LEAST_CHANGE = 4;

/** Mean luma, Cb and Cr of ink, less those of its ground; codes. */
export type InkContrast = readonly [number, number, number];

/** How what is ink differs from its ground in a patch of the line; not finite where there is nothing of one of them. */
export function contrastOf(patch: LinePatch, { coverage, mask, beyond }: Ink): InkContrast {
  const [{ width, height }, { width: chromaWidth }] = patch;
  const [ink, ground] = [new Float64Array(3), new Float64Array(3)];
  let [inkWeight, groundWeight] = [0, 0];
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const onInk = coverage[at] as number;
      const onGround = mask[at] === 0 && beyond[at] === 0 ? 1 : 0;
      if (onInk === 0 && onGround === 0) continue;
      inkWeight += onInk;
      groundWeight += onGround;
      const chroma = (row >> 1) * chromaWidth + (column >> 1);
      for (let plane = 0; plane < 3; plane++) {
        const value = patch[plane]?.values[plane === 0 ? at : chroma] as number;
        ink[plane] = (ink[plane] as number) + onInk * value;
        ground[plane] = (ground[plane] as number) + onGround * value;
      }
    }
  }
  const difference = (plane: 0 | 1 | 2): number =>
    (ink[plane] as number) / inkWeight - (ground[plane] as number) / groundWeight;
  return [difference(0), difference(1), difference(2)];
}

/** True where a line looks the same, but for grain. @param a Of what was seen first. */
export function areAlike(a: InkContrast, b: InkContrast): boolean {
  return distance(a, b) <= Math.max(LEAST_CHANGE, SAME_CONTRAST * Math.hypot(...a));
}
