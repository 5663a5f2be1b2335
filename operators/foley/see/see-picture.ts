import type { StepPicture } from '../../../models/adapters/foley/step-picture.js';
import type { VideoSample } from '../../../pipeline/index.js';
import { HardCut } from '../../shot-change/hard-cut.js';
import { lumaGrid } from '../../shot-change/luma-grid.js';
import type { FoleyModel } from './foley-model.js';
import { StepGrid } from './step-grid.js';

/** A frame on its way through the stages, which owns its frame. */
export interface SeenSample<Meta extends object> extends VideoSample<Meta> {
  /** What the operator received: the metrics know it by its identity. */
  readonly received: VideoSample<Meta>;
  readonly isFirstOfShot: boolean;
  /** The first step at which it may be on the screen. */
  readonly firstStep: number;
  /** Missing where no step was expected while the frame is on the screen. */
  readonly picture: StepPicture | undefined;
  /** Milliseconds in models so far. */
  readonly modelMs: number;
}

/** First stage: makes frames as small as the network sees them. Several may be under way; cuts are looked for in the order of the calls. */
export function seePicture<Meta extends object>(
  model: FoleyModel,
): (sample: VideoSample<Meta>, signal: AbortSignal) => Promise<SeenSample<Meta>> {
  const cuts = new HardCut();
  return async (received, signal) => {
    const { frame, meta } = received;
    const isFirstOfShot = cuts.isFirst(lumaGrid(frame));
    const { step } = await model.networks();
    signal.throwIfAborted();
    const grid = new StepGrid(step.parameters.stepsPerSecond);
    const firstStep = grid.firstOf(frame.ptsUs);
    const seen = { frame, meta, received, isFirstOfShot, firstStep };
    const isShown = frame.durationUs === 0 || grid.firstOf(frame.ptsUs + frame.durationUs) > firstStep;
    if (!isShown) return { ...seen, picture: undefined, modelMs: 0 };
    const { result: picture, modelMs } = await model.clock.measure(() => step.see(frame, signal));
    return { ...seen, picture, modelMs };
  };
}
