import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { Box } from '../picture/crop-stage.js';

/** A thing that was found in a picture. */
export interface Detection {
  /** `[x1, y1, x2, y2]`, pixels of the frame, clipped to it. */
  readonly box: Box;
  /** 0–1. */
  readonly score: number;
  /** Index of its class in {@link Detector.labels}. */
  readonly label: number;
  readonly name: string;
}

/** Options of {@link Detector.detect}. */
export interface DetectOptions {
  /** Score below which a detection is dropped, 0–1. Default: the model's own. */
  readonly score?: number | undefined;
  /** IoU, 0–1, above which of two boxes of one class the weaker one is dropped. Default: the model's own; models that have done it ignore it. */
  readonly nms?: number | undefined;
  /** Default 100. */
  readonly maxResults?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Finds things of known classes in frames. Disposing it gives the model back. */
export interface Detector extends AsyncDisposable {
  /** Names of the classes. */
  readonly labels: readonly string[];
  /**
   * What is in a frame, best first. The frame stays the caller's, and must stay open until the promise settles.
   *
   * @throws VitascopeError `OPTION_INVALID`; what `LoadedModel.run` throws.
   */
  detect(frame: VideoFrame, options?: DetectOptions): Promise<readonly Detection[]>;
}
