import { z } from 'zod';
import type { Place } from './geometry.js';

/** `0.5,0 0.5,1` */
const TEXT = /^-?\d{1,6}(?:\.\d{1,9})?,-?\d{1,6}(?:\.\d{1,9})?(?: -?\d{1,6}(?:\.\d{1,9})?,-?\d{1,6}(?:\.\d{1,9})?)*$/;
/** Pixels; farther outside than any picture is large. */
const FARTHEST = 100_000;

const place = z.tuple([z.number().min(-FARTHEST).max(FARTHEST), z.number().min(-FARTHEST).max(FARTHEST)]);

/** Places of a polygon or a line: a list of `[x, y]`, or, for command lines, a text such as `0.5,0 0.5,1`. */
export const pointsOption = z.union([
  z.array(place).max(64),
  z
    .string()
    .max(1024)
    .regex(TEXT, 'must look like "0.5,0 0.5,1"')
    .transform((text): Place[] => text.split(' ').map(placeOf))
    .pipe(z.array(place).max(64)),
]);

function placeOf(text: string): Place {
  const [x = Number.NaN, y = Number.NaN] = text.split(',').map(Number);
  return [x, y];
}
