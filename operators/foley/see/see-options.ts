import { z } from 'zod';
import { readsModels } from '../../option-reach.js';
import { foleySoundShape } from '../track/foley-sound-options.js';

/** Options of `foley` as graphs write them; see {@link FoleyOptions} for what programs may pass besides. */
export const foleyOptions = z.strictObject({
  sensitivity: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('0–1: how readily an impact is believed; more finds more, and more that is none'),
  model: z
    .string()
    .min(1)
    .default('foley-small')
    .describe(
      'id of a model for `foley` (`vitascope models list --task foley`), or path of a folder with a model.json and its files',
    )
    .meta(readsModels),
  ...foleySoundShape,
});
/** {@link foleyOptions} with all values. */
export type FoleySettings = z.output<typeof foleyOptions>;
