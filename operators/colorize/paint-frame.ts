import { FramePool, type VideoFrame, type VideoSample, withFrame } from '../../pipeline/index.js';
import { reportModelMs } from '../../pipeline/metrics.js';
import type { ColorModel, PaintSettings } from './color-model.js';
import type { StagedSample } from './predict-frame.js';

/** Copies of frames that may be open at once, those downstream included. */
const COPIES = 16;

/**
 * Third stage: writes chroma into the frame itself where nobody else holds it, else into a copy. Several may be under way; frames that are left as
 * they are pass.
 */
export function paintFrame(
  model: ColorModel,
  settings: PaintSettings,
): (sample: StagedSample, signal: AbortSignal) => Promise<VideoSample> {
  const copies = new FramePool({ slots: COPIES, name: 'colorize' });
  return async ({ frame, received, work, modelMs }, signal) => {
    if (work === undefined) return received;
    const { plan, colors, paint } = work;
    const own = await writableFrame(frame, copies, signal);
    let painted = false;
    try {
      const paintMs = await model.paint(own, plan.box, colors, paint, settings, signal);
      reportModelMs(received, modelMs + paintMs);
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
