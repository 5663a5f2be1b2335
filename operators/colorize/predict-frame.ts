import type { VideoSample } from '../../pipeline/index.js';
import type { ColorModel } from './color-model.js';
import type { ColorMemory, FrameColors } from './frame-colors.js';
import type { FramePlan, FramePlanner } from './frame-planner.js';

/** A frame on its way through the stages, which owns its frame; `work` is missing where the frame is left as it is. */
export interface StagedSample extends VideoSample {
  /** What the operator received: the metrics know it by its identity. */
  readonly received: VideoSample;
  readonly work: ColorWork | undefined;
  /** Milliseconds in models so far. */
  readonly modelMs: number;
}

export interface ColorWork {
  readonly plan: FramePlan;
  /** Held once. */
  readonly colors: FrameColors;
  /** Which of the colours are to be painted. */
  readonly paint: 'predicted' | 'steady';
}

/** First stage: plans a frame and lets the network propose its colours. Several may be under way; plans are made in the order of the calls. */
export function predictFrame(
  planner: FramePlanner,
  model: ColorModel,
  memory: ColorMemory,
): (sample: VideoSample, signal: AbortSignal) => Promise<StagedSample> {
  let predicting = 0;
  return async (received, signal) => {
    const { frame, meta } = received;
    const plan = planner.plan(frame, predicting === 0);
    if (plan === undefined) return { frame, meta, received, work: undefined, modelMs: 0 };
    const colors = memory.take(plan.size);
    predicting += Number(plan.predict);
    let modelMs = 0;
    try {
      modelMs += await model.thumbnail(frame, plan.box, colors, signal);
      if (plan.predict) modelMs += await model.predict(colors, signal);
    } finally {
      predicting -= Number(plan.predict);
    }
    return { frame, meta, received, work: { plan, colors, paint: 'predicted' }, modelMs };
  };
}
