import type { VideoSample } from '../../../pipeline/index.js';
import { LookCadence } from '../../look-cadence.js';
import { HardCut } from '../../shot-change/hard-cut.js';
import { lumaGrid } from '../../shot-change/luma-grid.js';
import type { PoseModel, Sight } from './pose-model.js';

/** A frame on its way through the stages, which owns its frame. */
export interface SeenSample<Meta extends object> extends VideoSample<Meta> {
  /** What the operator received: the metrics know it by its identity. */
  readonly received: VideoSample<Meta>;
  readonly isFirstOfShot: boolean;
  /** Missing where the network did not look. */
  readonly sight: Sight | undefined;
}

/** First stage: decides whether the network looks at a frame, and lets it. Several may be under way; it is decided in the order of the calls. */
export function lookAtPeople<Meta extends object>(
  model: PoseModel,
  every: number | 'auto',
): (sample: VideoSample<Meta>, signal: AbortSignal) => Promise<SeenSample<Meta>> {
  const cuts = new HardCut();
  const cadence = new LookCadence(every);
  let looking = 0;
  return async (received, signal) => {
    const { frame, meta } = received;
    const isFirstOfShot = cuts.isFirst(lumaGrid(frame));
    if (!cadence.looks(frame, looking === 0, isFirstOfShot)) {
      return { frame, meta, received, isFirstOfShot, sight: undefined };
    }
    looking++;
    try {
      return { frame, meta, received, isFirstOfShot, sight: await model.look(frame, signal) };
    } finally {
      looking--;
    }
  };
}
