import type { VideoSample } from '../../../pipeline/index.js';
import { LookCadence } from '../../look-cadence.js';
import { HardCut } from '../../shot-change/hard-cut.js';
import { type LumaGrid, lumaGrid } from '../../shot-change/luma-grid.js';
import type { TextQuad } from '../texts-meta.js';
import type { TextModel, Timed } from './text-model.js';

/** A frame on its way through the stages, which owns its frame. */
export interface SeenSample<Meta extends object> extends VideoSample<Meta> {
  /** What the operator received: the metrics know it by its identity. */
  readonly received: VideoSample<Meta>;
  readonly isFirstOfShot: boolean;
  readonly grid: LumaGrid;
  /** Places of text; missing where the network did not look. */
  readonly found: Timed<readonly TextQuad[]> | undefined;
}

/**
 * First stage: knows cuts, and finds text in every n-th frame, several at once; it is decided in the order of the calls. With `auto` the second stage does, which
 * knows when it is done with a look.
 */
export function lookForText<Meta extends object>(
  model: TextModel,
  every: number | 'auto',
): (sample: VideoSample<Meta>, signal: AbortSignal) => Promise<SeenSample<Meta>> {
  const cuts = new HardCut();
  const cadence = every === 'auto' ? undefined : new LookCadence(every);
  return async (received, signal) => {
    const { frame, meta } = received;
    const grid = lumaGrid(frame);
    const isFirstOfShot = cuts.isFirst(grid);
    const looks = cadence?.looks(frame, true, isFirstOfShot) ?? false;
    return { frame, meta, received, isFirstOfShot, grid, found: looks ? await model.detect(frame, signal) : undefined };
  };
}
