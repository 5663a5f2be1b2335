import type { Point } from './paint.js';
import type { Vector } from './vector.js';

/** The camera looks down a little, radians, so that who is nearer stands lower. */
const TILT = 0.1;

/** Where a figure stands in the picture, and how large it is. */
export interface View {
  /** Pixels: the ground below the figure. */
  readonly feet: Point;
  /** Pixels: of the figure upright. */
  readonly height: number;
}

/** Where a place of the figure is in the picture. */
export function seen({ feet, height }: View, [x, y, z]: Vector): Point {
  return [feet[0] + x * height, feet[1] - (y * Math.cos(TILT) - z * Math.sin(TILT)) * height];
}
