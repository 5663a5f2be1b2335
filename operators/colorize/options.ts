import { z } from 'zod';
import { readsModels } from '../option-reach.js';

/** Options of `colorize` as graphs write them; see {@link ColorizeOptions} for what programs may pass besides. */
export const colorizeOptions = z.strictObject({
  strength: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('0–1: cross-fade from the original chroma (0) to the new colours (1)'),
  saturation: z
    .number()
    .min(0)
    .max(3)
    .optional()
    .describe('0–3: multiplies the colours of the network. Default: 1.4 for `colorize-small`, 1 for others'),
  temporal: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe(
      '0–1: share of the colours carried over from the frame before, along the motion; 0 colours each by itself',
    ),
  every: z
    .union([z.int().min(1).max(250), z.literal('auto')])
    .default(1)
    .describe(
      'frames: run the network on every n-th frame and at cuts, and carry colours along the motion in between; `auto` runs it as often as the machine can while no pictures queue up, as live streams need it',
    ),
  when: z
    .enum(['monochrome', 'always'])
    .default('monochrome')
    .describe('`monochrome` leaves shots alone that are in colour already; `always` replaces all colours'),
  detail: z
    .int()
    .min(64)
    .max(1024)
    .optional()
    .describe(
      'pixels: size at which the network sees the picture; time grows with its square. Default: 96 for `colorize-small`, which takes 64–256; for others the size they were made for',
    ),
  model: z
    .string()
    .min(1)
    .default('colorize-small')
    .describe(
      'id of a model for `colorize` (`vitascope models list --task colorize`), or path of a folder with a model.json',
    )
    .meta(readsModels),
});
