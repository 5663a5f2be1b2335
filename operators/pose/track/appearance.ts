import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { Box } from '../pose-meta.js';

/** What a person looks like: a vector of length 1 from a re-identification network; the nearer two are to parallel, the more alike. */
export type Appearance = Float32Array;

/** Tells people apart by their looks. The frame stays the caller's, and must stay open until the promise settles. */
export interface AppearanceEmbedder extends AsyncDisposable {
  /** One for each box, in that order. @throws VitascopeError what `LoadedModel.run` throws. */
  embed(frame: VideoFrame, boxes: readonly Box[]): Promise<readonly Appearance[]>;
}

/** Cosine of the angle between two, 0–1; what points away from each other counts as 0. */
export function appearanceSimilarity(a: Appearance, b: Appearance): number {
  const cosine = a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  return Math.min(1, Math.max(0, cosine));
}

/** The mean of what a person looked like, `weight` (0–1) of it from now; of length 1. */
export function mixAppearances(before: Appearance, now: Appearance, weight: number): Appearance {
  const mixed = before.map((value, i) => (1 - weight) * value + weight * (now[i] ?? 0));
  const length = Math.hypot(...mixed);
  return length === 0 ? now : mixed.map((value) => value / length);
}
