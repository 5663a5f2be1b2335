import type { Observable } from 'rxjs';
import { z } from 'zod';
import { type OperatorDefinition, transformFrames, type VideoSample, zipFrames } from '../../pipeline/index.js';
import { FrameFilter } from '../../streams/libav/frame-filter.js';
import { parseOptions } from '../options.js';

export const sideBySideOptions = z.strictObject({
  direction: z
    .enum(['horizontal', 'vertical'])
    .default('horizontal')
    .describe('`horizontal` puts the second picture to the right of the first, `vertical` below it'),
});
/** Options of {@link sideBySide}, before defaults. */
export type SideBySideOptions = z.input<typeof sideBySideOptions>;

/**
 * Joins two streams into one whose pictures stand beside each other (FFmpeg's hstack or vstack), paired by time. Both must have the
 * same height (width, when vertical). Frames that go in are closed, those without a partner too.
 *
 * @param slots Output frames that may be open at once. Default 8.
 * @throws VitascopeError `OPTION_INVALID` at once; the stream fails with `FILTER_INVALID` when the sizes do not fit.
 * @example sideBySide(before, before.pipe(colorize()))
 */
export function sideBySide(
  first: Observable<VideoSample>,
  second: Observable<VideoSample>,
  options: SideBySideOptions = {},
  slots?: number,
): Observable<VideoSample> {
  const { direction } = parseOptions('side-by-side', sideBySideOptions, options);
  const chain = `[in0][in1]${direction === 'horizontal' ? 'hstack' : 'vstack'}[out]`;
  return zipFrames([first, second]).pipe(
    transformFrames<readonly VideoSample[], VideoSample>(
      () => new FrameFilter({ chain, slots }),
      (pair) => {
        for (const { frame } of pair) frame.close();
      },
    ),
  );
}

export const sideBySideDefinition: OperatorDefinition<z.output<typeof sideBySideOptions>> = {
  name: 'side-by-side',
  summary: 'Puts two pictures of the same time beside each other.',
  inputs: { left: 'video', right: 'video' },
  outputs: { video: 'video' },
  requires: [],
  provides: [],
  options: sideBySideOptions,
  demand: () => ({ holds: 1, needs: 1 }),
  warmupFrames: () => 0,
  create:
    (options, { slots }) =>
    ([left, right]) => [sideBySide(left as Observable<VideoSample>, right as Observable<VideoSample>, options, slots)],
};
