import type { PictureSize } from '../../../pipeline/index.js';
import { shownSize, turnToShown } from '../shown-poses.js';
import type { Shape } from './shape.js';

/**
 * A shape that is laid out in the picture as it is shown, for painting into the picture as it is stored. Its sides must be the same in all rows, as those of
 * level capsules and digits are.
 *
 * @param size Of the picture as it is stored, pixels.
 * @param rotation Degrees clockwise by which it is shown.
 */
export function turnedShape(shape: Shape, size: PictureSize, rotation: number): Shape {
  const toShown = turnToShown(size, rotation);
  if (toShown === undefined) return shape;
  const toStored = turnToShown(shownSize(size, rotation), 360 - rotation) ?? toShown;
  const middle = (shape.top + shape.bottom) / 2;
  const [[ax, ay], [bx, by]] = [
    toStored([shape.left(middle), shape.top]),
    toStored([shape.right(middle), shape.bottom]),
  ];
  const [left, right] = [Math.min(ax, bx), Math.max(ax, bx)];
  return {
    top: Math.min(ay, by),
    bottom: Math.max(ay, by),
    left: () => left,
    right: () => right,
    coverage: (x, y) => shape.coverage(...toShown([x, y])),
  };
}
