/**
 * The 16 edges along which PoseNet's mid-range displacements lead, from parent to child, in the order of the network's channels. Indices are those
 * of `coco17`.
 */
export const treeEdges: readonly (readonly [parent: number, child: number])[] = [
  ...([
    [0, 1],
    [1, 3],
    [0, 2],
    [2, 4],
  ] as const),
  ...([
    [0, 5],
    [5, 7],
    [7, 9],
    [5, 11],
    [11, 13],
    [13, 15],
  ] as const),
  ...([
    [0, 6],
    [6, 8],
    [8, 10],
    [6, 12],
    [12, 14],
    [14, 16],
  ] as const),
];

/** A step from a key point to a neighbour, and the channel of its displacement along y; that along x lies {@link treeEdges} channels further. */
export interface TreeStep {
  readonly to: number;
  readonly channel: number;
}

/** Steps from each key point. Channels come in four blocks: y and x from parent to child, then y and x from child to parent. */
export const treeSteps: readonly (readonly TreeStep[])[] = Array.from({ length: 17 }, (_, keypoint) =>
  treeEdges.flatMap(([parent, child], edge): TreeStep[] => {
    if (parent === keypoint) return [{ to: child, channel: edge }];
    if (child === keypoint) return [{ to: parent, channel: 2 * treeEdges.length + edge }];
    return [];
  }),
);
