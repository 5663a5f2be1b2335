/**
 * How far annotators of COCO differ, for each of `coco17`: standard deviation as part of the person's size, the square root of their area.
 *
 * @see https://cocodataset.org/#keypoints-eval
 */
export const coco17Spread = [
  ...([0.026, 0.025, 0.025, 0.035, 0.035] as const),
  ...([0.079, 0.079, 0.072, 0.072, 0.062, 0.062] as const),
  ...([0.107, 0.107, 0.087, 0.087, 0.089, 0.089] as const),
] as const;

/**
 * What a key point that lies off counts for in object keypoint similarity: 1 in place, towards 0 the farther off.
 *
 * @param squaredDistance square pixels
 * @param area of the person, square pixels
 * @see Lin et al. 2014, Microsoft COCO; the factor of 2 on the spread is that of its evaluation.
 */
export function keypointSimilarity(keypoint: number, squaredDistance: number, area: number): number {
  const variance = (2 * (coco17Spread[keypoint] ?? 0)) ** 2;
  return Math.exp(-squaredDistance / variance / (area + Number.EPSILON) / 2);
}
