import { areaOf, quadOverlap, sharedArea } from '../quad-math.js';
import type { TextQuad } from '../texts-meta.js';
import type { FollowedLine } from './followed-line.js';

/** A line that is followed and the place at which a look found it. */
export interface MatchedLine {
  readonly line: FollowedLine;
  readonly quad: TextQuad;
}

/** What a look found, beside what is followed. */
export interface LineMatches {
  /** Found again: the same place, or part of it. */
  readonly matched: readonly MatchedLine[];
  /** Parts of a line that has grown: it takes their place. */
  readonly superseded: readonly FollowedLine[];
  /** Places of text where no line is followed. */
  readonly fresh: readonly TextQuad[];
}

/** Overlap from which a place is that of a line. */
const SAME = 0.4;
/** Share of a place that lies in a line, or of a line that lies in the place, from which networks only cut the text another way. */
const COVERED = 0.7;
/** Share of a place from which the lines in it are all that it says; below it, more of the text has come into view. */
const WHOLE = 0.75;

/**
 * Tells which of the places of a look are lines that are followed: the largest overlaps first. Places inside a line, and those around lines, are what networks
 * make of the same text from one look to the next, and no lines of their own; a place much larger than the lines in it is the largest of them, grown.
 *
 * @param placeOf Where lines were in the picture of the look.
 */
export function matchLines(
  lines: readonly FollowedLine[],
  found: readonly TextQuad[],
  placeOf: (line: FollowedLine) => TextQuad,
): LineMatches {
  const pairs = lines
    .flatMap((line) => found.map((quad) => ({ line, quad, overlap: quadOverlap(placeOf(line), quad) })))
    .filter(({ overlap }) => overlap >= SAME)
    .sort((a, b) => b.overlap - a.overlap);
  const matched = new Map<FollowedLine, TextQuad>();
  const taken = new Set<TextQuad>();
  for (const { line, quad } of pairs) {
    if (matched.has(line) || taken.has(quad)) continue;
    matched.set(line, quad);
    taken.add(quad);
  }
  const fresh: TextQuad[] = [];
  const superseded: FollowedLine[] = [];
  for (const quad of found) {
    if (taken.has(quad)) continue;
    // What could not be read is perhaps no text, and must not hide some that appears in front of it.
    const within = lines.filter((line) => line.id !== undefined && isCovered(placeOf(line), quad));
    if (within.length === 0) {
      fresh.push(quad);
      continue;
    }
    const free = within.filter((line) => !matched.has(line)).sort((a, b) => areaOf(placeOf(b)) - areaOf(placeOf(a)));
    const known = within.reduce((sum, line) => sum + sharedArea(placeOf(line), quad), 0);
    const hasGrown = free.length === within.length && known < WHOLE * areaOf(quad);
    for (const [i, line] of free.entries()) {
      matched.set(line, hasGrown && i === 0 ? quad : placeOf(line));
      if (hasGrown && i > 0) superseded.push(line);
    }
  }
  return { matched: [...matched].map(([line, quad]) => ({ line, quad })), superseded, fresh };
}

function isCovered(a: TextQuad, b: TextQuad): boolean {
  return sharedArea(a, b) >= COVERED * Math.min(areaOf(a), areaOf(b));
}
