import { z } from 'zod';
import { moods } from './mood.js';
import { keyPattern } from './pitch.js';

/** Options of the accompaniment. */
export const accompanyOptions = z.strictObject({
  instrument: z.enum(['piano', 'organ']).default('piano').describe('`piano`, or `organ`: a theatre organ'),
  mood: z
    .enum(['auto', ...moods])
    .default('auto')
    .describe('`auto` follows the picture section by section'),
  key: z
    .string()
    .regex(keyPattern, 'must be auto or like "C", "F# minor", "Bb major"')
    .default('auto')
    .describe(
      '`auto` goes to near keys from section to section; a key stays; a tonic alone leaves major or minor to the mood',
    ),
  tempo: z
    .union([z.literal('auto'), z.number().min(40).max(200)])
    .default('auto')
    .describe('beats a minute, 40–200; it still bends a little towards cuts. `auto` follows mood and motion'),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe('another seed, another piece'),
  lookAheadMs: z
    .number()
    .min(60)
    .max(10_000)
    .default(4000)
    .describe('how far the picture is known ahead of the sound; 120 for live streams. With more, cadences meet cuts'),
});
/** Options of the accompaniment, before defaults. */
export type AccompanyOptions = z.input<typeof accompanyOptions>;
/** Options of the accompaniment, complete. */
export type CompleteAccompanyOptions = z.output<typeof accompanyOptions>;
