/** How far annotators of COCO differ, by kind of key point, relative to the size of the person. */
const spread = [
  ...[0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072],
  ...[0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089],
];

/** A labelled person: `keypoints` are x, y, visibility, of which 0 means "not labelled"; `area` square pixels. */
export interface LabelledPerson {
  readonly keypoints: readonly number[];
  readonly area: number;
}

/**
 * Object keypoint similarity: 1 where every labelled key point is in place, towards 0 the farther off they are.
 *
 * @see https://cocodataset.org/#keypoints-eval
 */
export function objectKeypointSimilarity(
  { keypoints, area }: LabelledPerson,
  found: readonly (readonly [x: number, y: number, score: number])[],
): number {
  const values = spread.flatMap((sigma, i) => {
    const [x = 0, y = 0, visibility = 0] = keypoints.slice(3 * i, 3 * i + 3);
    const [atX = 0, atY = 0] = found[i] ?? [];
    return visibility === 0 ? [] : Math.exp(-((x - atX) ** 2 + (y - atY) ** 2) / (2 * area * (2 * sigma) ** 2));
  });
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
