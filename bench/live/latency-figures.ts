import { percentile } from '../statistics.js';
import type { SeenStamp, ViewerReport } from './viewer.js';

/** How old pictures were when they could be shown, milliseconds. */
export interface Ages {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** When a measurement began and ended, on the clock of the stamps. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export const isIn = ({ fromMs, toMs }: Span, ms: number): boolean => ms >= fromMs && ms < toMs;

/** Pictures that were seen in a span. */
export function picturesIn(seen: readonly ViewerReport[], span: Span): SeenStamp[] {
  return seen.flatMap(({ pictures }) => pictures.filter(({ seenMs }) => isIn(span, seenMs)));
}

/** Glass to glass: from the moment a picture was taken at to the moment it could be shown at. */
export function agesOf(seen: readonly ViewerReport[], span: Span): Ages {
  return summary(picturesIn(seen, span).map(({ seenMs, takenMs }) => seenMs - takenMs));
}

/** Of it, what the viewer itself took to decode. */
export function decodingAges(seen: readonly ViewerReport[], span: Span): Ages {
  return summary(picturesIn(seen, span).map(({ seenMs, arrivedMs }) => seenMs - arrivedMs));
}

/** The age of what a player of HLS shows that keeps the distance which the playlist asks for. */
export function heldBackAges(seen: readonly ViewerReport[], span: Span): Ages {
  const held = seen.flatMap(({ heldBackMs }) => heldBackMs.filter(({ seenMs }) => isIn(span, seenMs)));
  return summary(held.map(({ ageMs }) => ageMs));
}

/** Pictures of the source that are missing between the first and the last that were seen, and that came twice. */
export function gapsOf(pictures: readonly SeenStamp[]): { readonly missing: number; readonly repeated: number } {
  const numbers = pictures.map(({ picture }) => picture).sort((a, b) => a - b);
  const different = new Set(numbers).size;
  const expected = (numbers.at(-1) ?? 0) - (numbers[0] ?? 1) + 1;
  return { missing: expected - different, repeated: numbers.length - different };
}

/** Pictures a second, by their own times: what came from the first to the last. */
export function rateOf(pictures: readonly SeenStamp[]): number {
  const [first, last] = [pictures[0], pictures.at(-1)];
  if (first === undefined || last === undefined || last.ptsUs <= first.ptsUs) return Number.NaN;
  return ((pictures.length - 1) * 1e6) / (last.ptsUs - first.ptsUs);
}

export function summary(values: readonly number[]): Ages {
  return {
    count: values.length,
    p50: percentile(values, 0.5),
    p95: percentile(values, 0.95),
    max: percentile(values, 1),
  };
}

/** Milliseconds as they stand in a table. */
export const ms = (value: number): string => `${value.toFixed(0)} ms`;
