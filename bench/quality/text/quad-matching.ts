import { areaOf, distance, quadOverlap, sharedArea } from '../../../operators/text/quad-math.js';
import type { Point, TextQuad } from '../../../operators/text/texts-meta.js';

/** Two quadrangles are one line where they share this much of what they cover together (IoU). */
export const SAME_LINE = 0.5;
/** What lies this far inside a region that nobody asks for is no mistake. */
const EXCUSED = 0.5;

/** A labelled line: its corners clockwise, pixels. */
export interface LabelledQuad {
  readonly quad: TextQuad;
  /** Neither to be found nor a mistake. */
  readonly ignored: boolean;
}

/** Lines counted in one or several pictures. */
export interface LineCounts {
  /** Found, and there. */
  readonly right: number;
  /** Found, less what nobody asks for. */
  readonly found: number;
  /** There. */
  readonly wanted: number;
}

/** All 0–1. */
export interface LineFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f: number;
}

/** Pairs one to one, those that share most first; numbers are indices. */
export function matchQuads(
  found: readonly TextQuad[],
  lines: readonly TextQuad[],
): readonly { readonly found: number; readonly line: number }[] {
  const pairs = found
    // Boxes of detectors are convex, as what clips must be; drawn round curved text, labels need not be.
    .flatMap((box, f) => lines.map((quad, line) => ({ found: f, line, overlap: quadOverlap(quad, box) })))
    .filter(({ overlap }) => overlap >= SAME_LINE)
    .sort((a, b) => b.overlap - a.overlap);
  const [takenFound, takenLines] = [new Set<number>(), new Set<number>()];
  return pairs.filter(({ found: f, line }) => {
    if (takenFound.has(f) || takenLines.has(line)) return false;
    takenFound.add(f);
    takenLines.add(line);
    return true;
  });
}

/**
 * Counts as `models/training/text/matching.py` does. Lines less high than `leastHeight` pixels are neither asked for nor mistakes, nor are boxes of that size without a
 * line, nor boxes that lie by half in what is ignored.
 */
export function countLines(found: readonly TextQuad[], lines: readonly LabelledQuad[], leastHeight = 0): LineCounts {
  const [asked, others] = [lines.filter(({ ignored }) => !ignored), lines.filter(({ ignored }) => ignored)];
  const isHigh = (quad: TextQuad): boolean => quadHeight(quad) >= leastHeight;
  const isExcused = (box: TextQuad): boolean =>
    !isHigh(box) || others.some(({ quad }) => shareInside(box, quad) > EXCUSED);
  const pairs = matchQuads(
    found,
    asked.map(({ quad }) => quad),
  );
  const taken = new Set(pairs.map((pair) => pair.found));
  const right = pairs.filter(({ line }) => isHigh((asked[line] as LabelledQuad).quad)).length;
  const small = pairs.length - right;
  const excused = found.filter((box, i) => !taken.has(i) && isExcused(box)).length;
  return { right, found: found.length - small - excused, wanted: asked.filter(({ quad }) => isHigh(quad)).length };
}

/** Counts of all pictures together. */
export function summedCounts(counts: readonly LineCounts[]): LineCounts {
  const sum = (pick: (one: LineCounts) => number): number => counts.reduce((total, one) => total + pick(one), 0);
  return { right: sum(({ right }) => right), found: sum(({ found }) => found), wanted: sum(({ wanted }) => wanted) };
}

export function lineFigures({ right, found, wanted }: LineCounts): LineFigures {
  const [precision, recall] = [right / Math.max(1, found), right / Math.max(1, wanted)];
  return { precision, recall, f: (2 * precision * recall) / Math.max(1e-9, precision + recall) };
}

/** Share of a convex quadrangle that lies in another one, 0–1. */
export function shareInside(quad: TextQuad, other: TextQuad): number {
  const area = Math.abs(areaOf(quad));
  return area === 0 ? 0 : sharedArea(other, quad) / area;
}

/** Mean of the two shorter of a quadrangle's opposite sides, pixels: how high a line is, whatever its direction. */
export function quadHeight([a, b, c, d]: TextQuad): number {
  return Math.min(distance(a, b) + distance(c, d), distance(b, c) + distance(d, a)) / 2;
}

/** Corners of a label, begun where they are, clockwise. @throws Error when there are not four. */
export function clockwiseQuad(points: readonly Point[]): TextQuad {
  const [a, b, c, d] = points;
  if (a === undefined || b === undefined || c === undefined || d === undefined || points.length !== 4) {
    throw new Error(`a quadrangle must have four corners, got ${points.length}`);
  }
  return areaOf(points) > 0 ? [a, b, c, d] : [d, c, b, a];
}
