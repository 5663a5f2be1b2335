import { type PictureSize, shownPlace, storedPlace, turnedBox } from '../../../pipeline/index.js';
import type { Shape } from './shape.js';

/**
 * A shape that is laid out in the picture as it is shown, for painting into the picture as it is stored. Its sides must be the same in all rows, as those of
 * level capsules and digits are.
 *
 * @param size Of the picture as it is stored, pixels.
 * @param rotation Degrees clockwise by which it is shown.
 */
export function turnedShape(shape: Shape, size: PictureSize, rotation: number): Shape {
  if (rotation === 0) return shape;
  const middle = (shape.top + shape.bottom) / 2;
  const sides = [shape.left(middle), shape.top, shape.right(middle), shape.bottom] as const;
  const [left, top, right, bottom] = turnedBox(sides, (place) => storedPlace(place, size, rotation));
  return {
    top,
    bottom,
    left: () => left,
    right: () => right,
    coverage: (x, y) => shape.coverage(...shownPlace([x, y], size, rotation)),
  };
}
