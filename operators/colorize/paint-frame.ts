import { type FramePool, type VideoFrame, type VideoSample, withFrame } from '../../pipeline/index.js';
import { reportCadence, reportModelMs } from '../../pipeline/metrics.js';
import type { ColorModel, PaintSettings } from './color-model.js';
import type { StagedSample } from './predict-frame.js';

/**
 * Third stage: writes chroma into the frame itself where nobody else holds it, else into a copy. Several may be under way; frames that are left as
 * they are pass.
 *
 * @param copies Where the copies come from: slots for those under way and those downstream.
 */
export function paintFrame(
  model: ColorModel,
  settings: PaintSettings,
  copies: FramePool,
): (sample: StagedSample, signal: AbortSignal) => Promise<VideoSample> {
  return async ({ frame, received, work, modelMs }, signal) => {
    if (work === undefined) return received;
    const { plan, colors, paint } = work;
    const own = await writableFrame(frame, copies, signal);
    let painted = false;
    try {
      const paintMs = await model.paint(own, plan.box, colors, paint, settings, signal);
      reportModelMs(received, modelMs + paintMs);
      reportCadence(received, plan.predict);
      painted = true;
    } finally {
      colors.release();
      if (!painted && own !== frame) own.close();
    }
    if (own !== frame) frame.close();
    return withFrame(received, own);
  };
}

async function writableFrame(frame: VideoFrame, copies: FramePool, signal: AbortSignal): Promise<VideoFrame> {
  return frame.writable ? frame : await frame.copy(copies, {}, signal);
}
