import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { Box } from '../picture/crop-stage.js';

/** A place on the body: pixels of the frame, pixel centres at half coordinates, and how sure the network is, 0–1. It may lie outside the frame. */
export type Keypoint = readonly [x: number, y: number, score: number];

/** A person, as a network sees them. */
export interface PersonPose {
  /** 0–1. What it means depends on the family: confidence in the person, or the mean of that in the key points. */
  readonly score: number;
  /** Pixels of the frame, clipped to it: what the detector found, or else what the key points span. */
  readonly box: Box;
  /** 17, in the order of `coco17`. */
  readonly keypoints: readonly Keypoint[];
}

/** Options of {@link PoseEstimator.estimate}. */
export interface EstimateOptions {
  /**
   * Where people are, for models that take a crop of each: they then look for nobody, and there is one result for each box, in that order, whatever
   * the other options say. Other models ignore it.
   */
  readonly boxes?: readonly Box[] | undefined;
  /** Default 20. */
  readonly maxPeople?: number | undefined;
  /** Score below which a person is dropped, 0–1. Default: the model's own. */
  readonly score?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Finds people and how they stand in frames. Disposing it gives the model back, but not a detector that was passed in. */
export interface PoseEstimator extends AsyncDisposable {
  /**
   * The people in a frame, best first, or in the order of `boxes`. The frame stays the caller's, and must stay open until the promise settles.
   *
   * @throws VitascopeError `OPTION_INVALID`; what `LoadedModel.run` throws.
   */
  estimate(frame: VideoFrame, options?: EstimateOptions): Promise<readonly PersonPose[]>;
}

/** How many people there are at most when nobody says. */
export const DEFAULT_MAX_PEOPLE = 20;
