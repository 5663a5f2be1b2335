import { z } from 'zod';

/** Options of {@link PoseTracker}. */
export const trackOptions = z.strictObject({
  minHits: z
    .int()
    .min(1)
    .max(30)
    .default(2)
    .describe(
      'looks in a row at which somebody is found before they count; people of the first picture of a shot count at once',
    ),
  maxAgeMs: z
    .number()
    .min(0)
    .max(60_000)
    .default(1000)
    .describe('milliseconds for which somebody may be hidden and keep their id'),
  minSimilarity: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe(
      '0–1: how like somebody seen before a person must be to be them; mean of overlap of boxes and likeness of poses',
    ),
  minScore: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('0–1: how sure the network must be of a person whom it has not seen before'),
  maxTracks: z.int().min(1).max(1000).default(100).describe('how many people are followed at most'),
  appearanceWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.4)
    .describe('0–1: what looks count for, against box and pose, where they are known'),
});

/** {@link trackOptions} before defaults. */
export type TrackOptions = z.input<typeof trackOptions>;
/** {@link trackOptions} with all values. */
export type TrackSettings = z.output<typeof trackOptions>;
