import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { z } from 'zod';
import { planThreads } from '../../models/session-settings.js';
import type { OperatorDefinition, VideoSample } from '../../pipeline/index.js';
import { type ImageOperatorOptions, imageOperator } from '../image/image-operator.js';
import { readsModels } from '../option-reach.js';
import { parseOptions } from '../options.js';

export const upscaleOptions = z.strictObject({
  model: z
    .string()
    .min(1)
    .optional()
    .describe(
      'id of a model for `upscale` (`vitascope models list --task upscale`), which decides by how much; none ships with the package',
    )
    .meta(readsModels),
});
/** Options of {@link upscale}: those of graphs, the pool and the library. */
export interface UpscaleOptions extends z.input<typeof upscaleOptions>, ImageOperatorOptions {}

/** Frames that may be open downstream where nobody says how many are needed. */
const DOWNSTREAM_SLOTS = 8;

/**
 * Enlarges pictures with a network that restores detail: video → video. Frames that come out are as many times larger as the model says, of the same
 * format, time and sample aspect ratio; for another size put `ffmpeg` with a `scale` filter behind it. Frames that go in are closed.
 *
 * Large pictures are enlarged in pieces that overlap, so that memory does not grow with the picture. The model is loaded with the first frame,
 * and given back at the end.
 *
 * @param slots Output frames that may be open downstream at once. Default 8.
 * @throws VitascopeError `OPTION_INVALID`, `MODEL_NOT_FOUND` at once; the stream fails with `MODEL_INVALID` and with what the inference pool
 * fails with.
 * @see Wang et al., Real-ESRGAN, 2021
 * @example film.video.pipe(upscale({ model: 'realesr-animevideov3' }))
 */
export function upscale(options: UpscaleOptions = {}, slots = DOWNSTREAM_SLOTS): MonoTypeOperatorFunction<VideoSample> {
  const { pool, library, ...rest } = options;
  const { model } = parseOptions('upscale', upscaleOptions, rest);
  return imageOperator({ operator: 'upscale', model, passage: { passage: 'pieces' }, slots, pool, library });
}

export const upscaleDefinition: OperatorDefinition<z.output<typeof upscaleOptions>> = {
  name: 'upscale',
  summary: 'Enlarges pictures with a network that restores detail.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: [],
  provides: [],
  options: upscaleOptions,
  demand: () => ({ holds: planThreads({}).workers + 1, needs: 1 }),
  warmupFrames: () => 0,
  create: (options, { slots }) => {
    const operator = upscale(options, slots);
    return ([video]) => [operator(video as Observable<VideoSample>)];
  },
};
