import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Box } from '../../../models/adapters/picture/crop-stage.js';

const stretch = z.strictObject({ fromS: z.number(), toS: z.number() });
const films = z.array(
  z.strictObject({
    film: z.string(),
    about: z.string(),
    others: z.boolean(),
    people: z.array(
      stretch.extend({ name: z.string(), region: z.tuple([z.number(), z.number(), z.number(), z.number()]) }),
    ),
    empty: z.array(stretch),
    standing: z.array(stretch),
    moving: z.array(stretch),
  }),
);

/** A part of a film: seconds after its first picture, `toS` no longer belongs to it. */
export interface Stretch {
  readonly fromS: number;
  readonly toS: number;
}

/** Somebody who is in view, at least from the waist up, and the part of the picture in which the middle of their box lies all the while. */
export interface NamedPerson extends Stretch {
  readonly name: string;
  /** Pixels of the film. Regions of people who are in view at the same time do not overlap. */
  readonly region: Box;
}

/** What was seen in a film by eye. */
export interface FilmLabels {
  readonly film: string;
  readonly about: string;
  /** Whether more people are in view than those named. */
  readonly others: boolean;
  readonly people: readonly NamedPerson[];
  /** Nobody is in view. */
  readonly empty: readonly Stretch[];
  /** Those named stand, and hardly move. */
  readonly standing: readonly Stretch[];
  /** Arms or legs of those named swing. */
  readonly moving: readonly Stretch[];
}

/** The labels that were made by hand for the films of ../shared. */
export function readFilmLabels(): readonly FilmLabels[] {
  return films.parse(JSON.parse(readFileSync(new URL('stretches.json', import.meta.url), 'utf8')));
}

/** Whether a time lies in a stretch. */
export function isWithin({ fromS, toS }: Stretch, seconds: number): boolean {
  return seconds >= fromS && seconds < toS;
}
