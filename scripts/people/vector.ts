/** A place or a direction: x to the right of the picture, y up, z towards the camera; heights of the figure. */
export type Vector = readonly [x: number, y: number, z: number];

export function plus(a: Vector, b: Vector, times = 1): Vector {
  return [a[0] + b[0] * times, a[1] + b[1] * times, a[2] + b[2] * times];
}

export function between(a: Vector, b: Vector, share = 0.5): Vector {
  return plus(a, [b[0] - a[0], b[1] - a[1], b[2] - a[2]], share);
}

/** From 0 to 1 while `value` goes from `from` to `to`, without a jolt at either end. */
export function eased(value: number, from: number, to: number): number {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
}
