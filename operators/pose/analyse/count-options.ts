import { z } from 'zod';
import { areaOf, type Place } from './geometry.js';
import { pointsOption } from './points-option.js';

/** More would be more series than one should ask Prometheus to keep. */
const MAX_PLACES = 32;
/** The zone that is the whole picture; no other has its name. */
export const EVERYWHERE = 'all';

const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/,
    'names have 1 to 32 letters, digits, "-" and "_", the first a letter or a digit',
  );

const named = (what: string) =>
  z
    .record(name, pointsOption)
    .default({})
    .refine((all) => Object.keys(all).length <= MAX_PLACES, `at most ${MAX_PLACES} ${what} are counted`);

/** Options of {@link countPeople}. */
export const countOptions = z
  .strictObject({
    zones: named('zones').describe(
      'polygons by name, each with three places or more: `{ door: [[0, 0.5], [0.3, 0.5], [0.3, 1], [0, 1]] }`, or as text `0,0.5 0.3,0.5 0.3,1 0,1`; at most 32',
    ),
    lines: named('lines').describe(
      'lines by name, from one place to another: `{ entrance: [[0.5, 1], [0.5, 0]] }`, or as text `0.5,1 0.5,0`; at most 32. Who crosses one from its left to its right, looking from the first place to the second, goes `in`',
    ),
    unit: z
      .enum(['share', 'pixels'])
      .default('share')
      .describe(
        'what places are given in: `share` is 0–1 of width and height of the picture as viewers see it, from the left upper corner; `pixels` are those of the picture in which people were found',
      ),
    deadBand: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe(
        'heights of the person, 0–1: how far beyond a line they must come to have crossed it, and how far out of a zone to have left it',
      ),
    minScore: z
      .number()
      .min(0)
      .max(1)
      .default(0.3)
      .describe('0–1: how sure the network must be of a person who has not been counted before'),
    minKeypointScore: z
      .number()
      .min(0)
      .max(1)
      .default(0.3)
      .describe(
        '0–1: how sure both ankles must be to be where the person stands; else that is on the lower edge of the box, below the hips where those are as sure',
      ),
    forgetMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(5000)
      .describe('milliseconds for which it is remembered where somebody was who is not seen any more'),
  })
  .superRefine(({ zones, lines, unit }, context) => {
    const wrong = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    for (const [zone, places] of Object.entries(zones)) {
      if (zone === EVERYWHERE) wrong(['zones', zone], `"${EVERYWHERE}" is the whole picture; choose another name`);
      if (!(areaOf(places) > 0)) wrong(['zones', zone], 'must have three places or more, and an area');
      if (unit === 'share' && !places.every(isShare)) wrong(['zones', zone], outside);
    }
    for (const [line, places] of Object.entries(lines)) {
      const [a, b] = places;
      if (a === undefined || b === undefined || places.length !== 2 || (a[0] === b[0] && a[1] === b[1]))
        wrong(['lines', line], 'must have two different places');
      if (unit === 'share' && !places.every(isShare)) wrong(['lines', line], outside);
    }
  });

/** {@link countOptions} before defaults. */
export type CountPeopleOptions = z.input<typeof countOptions>;
/** {@link countOptions} with all values. */
export type CountSettings = z.output<typeof countOptions>;

const outside = 'must lie within 0–1; set unit to "pixels" for pixels';
const isShare = (place: Place): boolean => place.every((value) => value >= 0 && value <= 1);
