import type { LatencyHistogram, LatencySnapshot } from '../pipeline/index.js';
import type { RunnerMetrics } from '../pipeline/runner.js';
import type { LiveInputMetrics } from '../streams/live/live-types.js';
import type { FanOutMetrics } from '../streams/live/outputs/fan-out.js';
import type { LiveSoundMetrics } from './live-sound/live-sound.js';
import type { RenditionOutputsMetrics } from './rendition-outputs.js';

/** One rendition: what was encoded and sent so far. Plain JSON. */
export interface LiveRenditionMetrics extends RenditionOutputsMetrics {
  /** Pictures that its encoder made; 0 where packets are copied. */
  readonly framesEncoded: number;
  /** Pictures that wait for its encoder, or are in it. */
  readonly queued: number;
}

/** An output, and which rendition it gets. Plain JSON. */
export interface LiveOutputOfRendition extends FanOutMetrics {
  readonly rendition: string;
}

/** What a live stream has done so far. Plain JSON. */
export interface LiveStreamMetrics {
  readonly input: LiveInputMetrics;
  /** Nothing where there is no video, or it is copied. */
  readonly runner: RunnerMetrics | null;
  readonly renditions: readonly LiveRenditionMetrics[];
  /** Those of all renditions. */
  readonly outputs: readonly LiveOutputOfRendition[];
  /** From a picture's leaving the decoder to its packet of the first rendition, milliseconds, over the last 256 pictures. */
  readonly latencyMs: LatencySnapshot | null;
  /** The same of all pictures. */
  readonly latencyHistogram: LatencyHistogram | null;
  /** Models that this process's default inference pool has loaded, and who computes them: `cpu`, `cuda`, … */
  readonly models: readonly { readonly model: string; readonly provider: string }[];
  /** Nothing where no sound is made. */
  readonly sound?: LiveSoundMetrics | undefined;
  /** How it goes, in sentences a person understands; empty when there is nothing to say. */
  readonly words: readonly string[];
}
