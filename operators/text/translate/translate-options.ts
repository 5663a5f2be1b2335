import { z } from 'zod';
import { readsFiles, readsModels } from '../../option-reach.js';

const LANGUAGE = /^[a-z]{2,3}$/;
const language = z.string().regex(LANGUAGE, 'must be a language such as en, fr, es, de');

/** Options of `translateText` as graphs write them; see {@link TranslateTextOptions} for what programs may pass besides. */
export const translateTextOptions = z.strictObject({
  to: language
    .default('en')
    .describe('language of the translations, BCP 47: `en`, `fr`, `es`, `de`, or what the model gives'),
  from: language
    .or(z.literal('auto'))
    .default('auto')
    .describe('language of the texts; `auto` tells it text by text, and short ones by their company'),
  model: z
    .string()
    .min(1)
    .optional()
    .describe(
      'id of a model for `translate` (`vitascope models list --task translate`), or path of a folder with a model.json and its files. Default: the ones of the package that translate into `to`',
    )
    .meta(readsModels),
  glossary: z
    .string()
    .min(1)
    .optional()
    .describe(
      'CSV file with your own translations, which come before all others: columns `source`, `target`, and, where wanted, `from` and `to`',
    )
    .meta(readsFiles),
  signs: z.boolean().default(true).describe('whether what stands on signs everywhere is looked up in a list first'),
  minScore: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('0–1: how sure the network must be of a translation; else the text stays as it is'),
  beams: z
    .int()
    .min(1)
    .max(8)
    .optional()
    .describe('translations that are followed at once; 1 is fastest. Default: what suits the model'),
  every: z
    .union([z.literal(1), z.literal('auto')])
    .default(1)
    .describe(
      '`1`: a picture waits until its texts are translated, so that films have translations from the first picture on; `auto`: no picture waits, and translations come when they are ready, as live streams need it',
    ),
});
/** {@link translateTextOptions} with all values. */
export type TranslateTextSettings = z.output<typeof translateTextOptions>;
