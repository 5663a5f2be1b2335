import type { Box } from '../../models/adapters/picture/crop-stage.js';
import type { Keypoint } from '../../models/adapters/pose/pose-estimator.js';

export type { Box, Keypoint };

/** A person in a frame, with the identity that they keep over time. Plain JSON. */
export interface TrackedPose {
  /** Of the person, for as long as they stay in view: an integer of at least 1, never given to another person of the stream. */
  readonly id: number;
  /** How sure the network is of the person, 0–1; less the longer ago it looked. */
  readonly score: number;
  /** `[x1, y1, x2, y2]`, pixels of the frame. May reach outside the frame where it is predicted. */
  readonly box: Box;
  /** 17, in the order of `coco17`: pixels of the frame, pixel centres at half coordinates; scores 0–1. May lie outside the frame. */
  readonly keypoints: readonly Keypoint[];
  /** How long before this frame the network last saw the person, milliseconds. Left out, or 0: in this frame. */
  readonly ageMs?: number;
}

/** What pose operators attach to a frame. */
export interface PoseMeta {
  /** Best first. */
  readonly poses: readonly TrackedPose[];
}
