/** Names of the 17 key points of COCO, in the order that networks give them; left and right are the person's own. */
export const coco17 = [
  ...['nose', 'left eye', 'right eye', 'left ear', 'right ear'],
  ...['left shoulder', 'right shoulder', 'left elbow', 'right elbow', 'left wrist', 'right wrist'],
  ...['left hip', 'right hip', 'left knee', 'right knee', 'left ankle', 'right ankle'],
] as const;

/** Pairs of key points that a drawing joins. */
export const coco17Bones: readonly (readonly [from: number, to: number])[] = [
  ...([
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 4],
  ] as const),
  ...([
    [5, 6],
    [5, 7],
    [7, 9],
    [6, 8],
    [8, 10],
  ] as const),
  ...([
    [5, 11],
    [6, 12],
    [11, 12],
  ] as const),
  ...([
    [11, 13],
    [13, 15],
    [12, 14],
    [14, 16],
  ] as const),
];
