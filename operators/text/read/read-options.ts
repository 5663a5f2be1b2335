import { z } from 'zod';
import { readsModels } from '../../option-reach.js';

/** Options of `readText` as graphs write them. */
export const readTextOptions = z.strictObject({
  detector: z
    .string()
    .min(1)
    .default('text-detect-small')
    .describe(
      'id of a model for `text-detect`, which finds text (`vitascope models list --task text-detect`), or path of a folder with a model.json and its files',
    )
    .meta(readsModels),
  reader: z
    .string()
    .min(1)
    .default('text-read-latin')
    .describe(
      'id of a model for `text-read`, which reads lines (`vitascope models list --task text-read`), or path of a folder with a model.json and its files',
    )
    .meta(readsModels),
  every: z
    .union([z.int().min(1).max(250), z.literal('auto')])
    .default(5)
    .describe(
      'frames: look for text on every n-th frame and at cuts, and follow it in between; `auto` looks as often as the machine can, with short rests, and no picture waits for it, as live streams need it',
    ),
  minScore: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('0–1: how sure the reader must be of a line; others are left out'),
  maxLines: z
    .int()
    .min(1)
    .max(200)
    .default(60)
    .describe(
      'how many lines are followed and read at once, the most legible; the work for a picture is bounded by it',
    ),
  longestSide: z
    .int()
    .min(64)
    .max(4096)
    .default(1280)
    .describe('pixels: larger pictures are scaled down to it to find text; letters should be 8 pixels high then'),
  beam: z
    .int()
    .min(1)
    .max(32)
    .optional()
    .describe(
      'beginnings of a line that the reader follows at once; 1 is fastest. Default: what suits the reader, 32 for the embedded one, which then knows what letters follow each other',
    ),
  fadeMs: z
    .number()
    .min(0)
    .max(5000)
    .default(160)
    .describe('ms: how long lines take to come and to go; at cuts they do so at once'),
});
/** {@link readTextOptions} with all values. */
export type ReadTextSettings = z.output<typeof readTextOptions>;
