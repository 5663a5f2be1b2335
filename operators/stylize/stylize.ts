import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { z } from 'zod';
import { planThreads } from '../../models/session-settings.js';
import type { OperatorDefinition, VideoSample } from '../../pipeline/index.js';
import { type ImageOperatorOptions, imageOperator } from '../image/image-operator.js';
import { readsModels } from '../option-reach.js';
import { parseOptions } from '../options.js';

export const stylizeOptions = z.strictObject({
  model: z
    .string()
    .min(1)
    .optional()
    .describe('id of a model for `stylize` (`vitascope models list --task stylize`); none ships with the package')
    .meta(readsModels),
  strength: z.number().min(0).max(1).default(1).describe('0–1: cross-fade from the original (0) to the painting (1)'),
  detail: z
    .int()
    .min(64)
    .max(2160)
    .default(720)
    .describe(
      'pixels: short side at which a model of free size paints larger pictures; smaller gives larger strokes and takes less time',
    ),
});
/** Options of {@link stylize}: those of graphs, the pool and the library. */
export interface StylizeOptions extends z.input<typeof stylizeOptions>, ImageOperatorOptions {}

/** Frames that may be open downstream where nobody says how many are needed. */
const DOWNSTREAM_SLOTS = 8;

/**
 * Paints every picture in the style of another: video → video. The network sees each picture as a whole, since it normalises over all of it: at the
 * one size that its file has (the picture is stretched to it, unless the model asks for letterboxing, and back), or at its own up to `detail`.
 *
 * Frames keep their time, size and format. They are painted in place where nobody else holds them; else a new frame goes out and the received one is
 * closed. At strength 0 everything passes untouched and no model is needed. The model is loaded with the first frame, and given back at the end.
 *
 * @param slots Frames (made where somebody else holds the received one too) that may be open downstream at once. Default 8.
 * @throws VitascopeError `OPTION_INVALID`, `MODEL_NOT_FOUND` at once; the stream fails with `MODEL_INVALID` and with what the inference pool
 * fails with.
 * @see Johnson, Alahi and Fei-Fei, Perceptual Losses for Real-Time Style Transfer, 2016
 * @example film.video.pipe(stylize({ model: 'style-candy', strength: 0.7 }))
 */
export function stylize(options: StylizeOptions = {}, slots = DOWNSTREAM_SLOTS): MonoTypeOperatorFunction<VideoSample> {
  const { pool, library, ...rest } = options;
  const { model, strength, detail } = parseOptions('stylize', stylizeOptions, rest);
  if (strength === 0) return (source) => source;
  const passage = { passage: 'whole', shortSide: detail } as const;
  return imageOperator({ operator: 'stylize', model, passage, strength, slots, pool, library });
}

export const stylizeDefinition: OperatorDefinition<z.output<typeof stylizeOptions>> = {
  name: 'stylize',
  summary: 'Paints every picture in the style of another.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: [],
  provides: [],
  options: stylizeOptions,
  demand: () => ({ holds: planThreads({}).workers + 1, needs: 1 }),
  warmupFrames: () => 0,
  create: (options, { slots }) => {
    const operator = stylize(options, slots);
    return ([video]) => [operator(video as Observable<VideoSample>)];
  },
};
