import type { Keypoint, TrackedPose } from '../../../../operators/pose/pose-meta.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';

/** Seventeen points of a person who faces the viewer with arms held out, in a unit square; their left is at the right. */
const places: readonly (readonly [number, number])[] = [
  ...([
    [0.5, 0.1],
    [0.54, 0.07],
    [0.46, 0.07],
    [0.58, 0.09],
    [0.42, 0.09],
  ] as const),
  ...([
    [0.65, 0.25],
    [0.35, 0.25],
    [0.82, 0.25],
    [0.18, 0.25],
    [1, 0.25],
    [0, 0.25],
  ] as const),
  ...([
    [0.6, 0.55],
    [0.4, 0.55],
    [0.6, 0.78],
    [0.4, 0.78],
    [0.6, 1],
    [0.4, 1],
  ] as const),
];

/** A person who fills a square, all points equally sure. */
export function personIn(
  [x, y, side]: readonly [x: number, y: number, side: number],
  changes: Partial<TrackedPose> & { readonly pointScore?: number } = {},
): TrackedPose {
  const { pointScore = 0.9, ...rest } = changes;
  const keypoints = places.map(([u, v]): Keypoint => [x + u * side, y + v * side, pointScore]);
  return { id: 1, score: 0.9, box: [x, y, x + side, y + side], keypoints, ...rest };
}

/** The sample of a plane at a pixel of the picture. */
export function codeAt(frame: VideoFrame, plane: 0 | 1 | 2, x: number, y: number): number {
  const { width, height } = frame.planes[plane];
  const column = Math.floor((x * width) / frame.width);
  const row = Math.floor((y * height) / frame.height);
  return frame.plane(plane)[row * width + column] ?? -1;
}
