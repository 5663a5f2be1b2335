import { z } from 'zod';
import { readsFiles } from '../../option-reach.js';
import { mixModes } from '../mix/existing-sound.js';

/** Options of `foley` that say what becomes of what is seen. */
export const foleySoundShape = {
  bank: z
    .string()
    .min(1)
    .optional()
    .describe('folder of sounds of your own with their sounds.json; where their tags fit they come before ours')
    .meta(readsFiles),
  when: z
    .enum(['silent', 'always', 'replace', 'never'])
    .default('silent')
    .describe(
      '`silent` makes sound where the film has none, or a silent track; `always` beside its sound; `replace` instead of it; `never` not at all',
    ),
  mix: z
    .enum(mixModes)
    .default('keep')
    .describe(
      'the sound that is there: `keep` leaves it, `duck` lowers it while made sound is heard, `replace` leaves it out',
    ),
  ambience: z
    .union([z.literal('off'), z.number().min(-60).max(12)])
    .default(-18)
    .describe(
      'dB, −60…12: how loud places are beside single sounds; with 0 as loud as a firm knock on wood. `off`: no places',
    ),
  seed: z.int().min(0).max(4_294_967_295).default(1).describe('another seed, other things and other steps'),
};

/** Schema of {@link FoleySoundOptions} by themselves. */
export const foleySoundOptions = z.strictObject(foleySoundShape);
/** Options that concern sound, complete. */
export type FoleySoundOptions = z.output<typeof foleySoundOptions>;
