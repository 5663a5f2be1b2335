import { centreOf } from '../../../operators/text/quad-math.js';
import type { TextQuad } from '../../../operators/text/texts-meta.js';
import type { LabelledLine } from './labelled-scenes.js';
import { matchQuads, quadHeight, shareInside } from './quad-matching.js';
import type { ReadLine } from './text-reader.js';
import { comparedWords, wordsRight } from './word-alignment.js';

/** Words that are there, and how many of them were read. */
export interface WordCounts {
  readonly right: number;
  readonly wanted: number;
}

/** A word is of the found line that it lies in by this much. */
const INSIDE = 0.5;

/**
 * Words of labelled lines: one is right where the line that was found for its line (one to one, IoU 0.5) was read with it in its place among the words of the line
 * ({@link wordsRight}). Those of lines that were not found are wrong.
 *
 * @param leastHeight Lines less high are not asked for, pixels.
 */
export function wordsOfLines(read: readonly ReadLine[], lines: readonly LabelledLine[], leastHeight = 0): WordCounts {
  const asked = lines.filter(({ ignored, text }) => !ignored && text !== '');
  const pairs = matchQuads(
    read.map(({ quad }) => quad),
    asked.map(({ quad }) => quad),
  );
  const texts = new Map(pairs.map(({ found, line }) => [line, read[found]?.text ?? '']));
  const counts = asked.flatMap(({ quad, text }, i) => {
    if (quadHeight(quad) < leastHeight) return [];
    const truth = comparedWords(text);
    return { right: wordsRight(truth, comparedWords(texts.get(i) ?? '')), wanted: truth.length };
  });
  return summedWords(counts);
}

/**
 * Words that are labelled one by one: each belongs to the found line that covers most of it, at least half; those of a line, in the order in which they stand along it,
 * are compared with what was read there as above.
 */
export function wordsInLines(read: readonly ReadLine[], words: readonly LabelledLine[]): WordCounts {
  const asked = words.filter(({ ignored, text }) => !ignored && text !== '');
  const owners = asked.map((word) => ownerOf(word, read));
  const counts = read.map((line) => {
    const own = asked.filter((_, i) => owners[i] === line).sort((a, b) => along(line.quad, a) - along(line.quad, b));
    const truth = own.flatMap(({ text }) => comparedWords(text));
    return wordsRight(truth, comparedWords(line.text));
  });
  return {
    right: counts.reduce((sum, count) => sum + count, 0),
    wanted: asked.reduce((sum, { text }) => sum + comparedWords(text).length, 0),
  };
}

/** Counts of all pictures together. */
export function summedWords(counts: readonly WordCounts[]): WordCounts {
  const sum = (pick: (one: WordCounts) => number): number => counts.reduce((total, one) => total + pick(one), 0);
  return { right: sum(({ right }) => right), wanted: sum(({ wanted }) => wanted) };
}

function ownerOf({ quad }: LabelledLine, read: readonly ReadLine[]): ReadLine | undefined {
  const shares = read.map((line) => ({ line, share: shareInside(quad, line.quad) }));
  const best = shares.reduce((a, b) => (b.share > a.share ? b : a), { line: undefined, share: 0 } as {
    line: ReadLine | undefined;
    share: number;
  });
  return best.share >= INSIDE ? best.line : undefined;
}

/** How far along a line the middle of a word is, in no unit. */
function along([a, b]: TextQuad, { quad }: LabelledLine): number {
  const [x, y] = centreOf(quad);
  return (x - a[0]) * (b[0] - a[0]) + (y - a[1]) * (b[1] - a[1]);
}
