import { cornersOf, minAreaRectangle } from '../../../models/adapters/text/min-area-rectangle.js';
import { lyingQuad, quadSize } from '../../../models/adapters/text/quad.js';
import { boundsOf, centreOf } from '../quad-math.js';
import type { TextQuad } from '../texts-meta.js';

/** Boxes that may be parts of one column of letters. */
export interface LetterColumn {
  /** Around all of them; text runs down along its first side. */
  readonly quad: TextQuad;
  readonly parts: readonly TextQuad[];
}

/** Columns that are looked for in one picture, at most. */
const MOST_COLUMNS = 6;
/** Single letters are at most so much wider than high, and columns at least so much longer than wide. */
const WIDEST_LETTER = 1.4;
const LEAST_LENGTH = 2.6;
/** The narrowest letter of a column against the widest. */
const NARROWEST = 0.3;
/** How far a letter may stand aside of the one above it: widths of the wider one, and of the distance, for columns that lean. */
const [ASIDE, LEAN] = [0.3, 0.12];
/** Between letters, widths of the wider one; there may be one that was not found. */
const [OVERLAP, GAP] = [0.35, 2.2];
/** Other text this near, widths of a column: then its rows go on there. */
const BESIDE = 0.8;

interface Part {
  readonly quad: TextQuad;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
}

/**
 * Boxes that stand exactly above each other as letters of a column do, of which detectors find some together and some alone. Whether they are letters, only reading tells.
 *
 * @param quads As detectors give them: begun at the left upper corner.
 */
export function letterColumns(quads: readonly TextQuad[]): readonly LetterColumn[] {
  const parts = quads
    .flatMap((quad): Part[] => {
      const [left, top, right, bottom] = boundsOf(quad);
      if (right - left > WIDEST_LETTER * (bottom - top)) return [];
      const width = lyingQuad(quad) === quad ? right - left : quadSize(quad).width;
      return [{ quad, x: centreOf(quad)[0], top, bottom, width }];
    })
    .sort((a, b) => a.top - b.top);
  const taken = new Set<Part>();
  const columns: LetterColumn[] = [];
  for (const part of parts) {
    if (taken.has(part)) continue;
    const chain = [part];
    for (const next of parts) if (!taken.has(next) && isBelow(chain, next)) chain.push(next);
    if (chain.length < 2 || !isColumn(chain, quads)) continue;
    for (const one of chain) taken.add(one);
    columns.push({ quad: around(chain), parts: chain.map(({ quad }) => quad) });
  }
  return columns.slice(0, MOST_COLUMNS);
}

function isBelow(chain: readonly Part[], next: Part): boolean {
  const last = chain.at(-1) as Part;
  const widest = Math.max(next.width, ...chain.map(({ width }) => width));
  const narrowest = Math.min(next.width, ...chain.map(({ width }) => width));
  const gap = next.top - last.bottom;
  const down = (next.top + next.bottom - last.top - last.bottom) / 2;
  return (
    next !== last &&
    narrowest >= NARROWEST * widest &&
    gap >= -OVERLAP * widest &&
    gap <= GAP * widest &&
    Math.abs(next.x - last.x) <= ASIDE * widest + LEAN * Math.abs(down)
  );
}

function isColumn(chain: readonly Part[], quads: readonly TextQuad[]): boolean {
  const [first, last] = [chain[0] as Part, chain.at(-1) as Part];
  const width = Math.max(...chain.map((part) => part.width));
  if (last.bottom - first.top < LEAST_LENGTH * width) return false;
  const own = new Set(chain.map(({ quad }) => quad));
  const beside = quads.filter((quad) => {
    if (own.has(quad)) return false;
    const [left, top, right, bottom] = boundsOf(quad);
    return chain.some(
      (part) =>
        top < part.bottom &&
        bottom > part.top &&
        left < part.x + (0.5 + BESIDE) * width &&
        right > part.x - (0.5 + BESIDE) * width,
    );
  });
  return beside.length < 2;
}

/** The smallest rectangle around letters, begun at its right upper corner. */
function around(chain: readonly Part[]): TextQuad {
  const corners = cornersOf(minAreaRectangle(chain.flatMap(({ quad }) => [...quad])));
  const start = corners.reduce((best, [x, y], i) => {
    const [bestX, bestY] = corners[best] as TextQuad[0];
    return x - y > bestX - bestY ? i : best;
  }, 0);
  return [0, 1, 2, 3].map((step) => corners[(start + step) % 4]) as unknown as TextQuad;
}
