import type { LineReader, LineReadOptions } from '../../../models/adapters/text/line-reader.js';
import { quadSize } from '../../../models/adapters/text/quad.js';
import { type FramePool, VideoFrame } from '../../../pipeline/index.js';
import type { Point, TextQuad } from '../texts-meta.js';
import { type LetterCut, letterCuts } from './letter-cells.js';
import { type LumaPatch, lumaPatch } from './luma-patch.js';
import { layBeside } from './stacked-line.js';

/** What a column of letters says. */
export interface StackedReading {
  /** Around all of its letters; text runs down along its first side. */
  readonly quad: TextQuad;
  readonly text: string;
  /** 0–1. */
  readonly score: number;
}

/** Columns of values that a column of letters is made into: its letters are about as high then. */
const COLUMNS = 40;
/** Longest column, widths of it. */
const LONGEST = 30;
/** How much is looked at above and below a column, widths of it: two letters. */
const BEYOND = 3;
/** A cell is longer than its letter; of a column, by which one must reach beyond it to have a letter there. */
const SLACK = 0.04;
/** Shortest: three letters. */
const SHORTEST = 2;
/** Columns that are read at once, at most; those beyond are none. */
const MOST_COLUMNS = 8;
/** Rows between lines in the picture that is made of them. */
const BETWEEN = 8;
const LEAST_LETTERS = 3;
/** How much worse a reading with letters beyond the column may be than the one without. */
const MORE = 0.03;
/** Marks that readers add at the ends of short lines. */
const OUTER_MARKS = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/** A way to read one of the columns: its letters beside each other. */
interface Candidate {
  readonly column: number;
  readonly cut: LetterCut;
  readonly quad: TextQuad;
  readonly line: LumaPatch;
  readonly top: number;
}

/**
 * Reads letters that stand upright one below the other: cuts the column between them, lays them beside each other and has that read as a line. Where the cut is not
 * clear, several are read, and the best counts.
 *
 * @param frame Borrowed.
 * @param quads Columns; text runs down along their first sides.
 * @param pool Has a slot for the picture of the lines, sooner or later.
 * @returns for each column what it says, or nothing where it is none.
 * @throws what the reader throws.
 */
export async function readStacked(
  frame: VideoFrame,
  quads: readonly TextQuad[],
  reader: LineReader,
  options: LineReadOptions,
  pool: FramePool,
): Promise<readonly (StackedReading | undefined)[]> {
  const candidates = candidatesOf(frame, quads);
  if (candidates.length === 0) return quads.map(() => undefined);
  const page = await pageOf(candidates, frame, pool, options.signal);
  try {
    const places = candidates.map(({ line, top }) => levelQuad(0, top, line.columns, line.rows));
    const read = await reader.read(page, places, options);
    return quads.map((_, column) => {
      const readings = candidates.flatMap((candidate, i) =>
        candidate.column === column ? readingOf(read[i], candidate) : [],
      );
      return readings.sort((a, b) => b.value - a.value).map(({ quad, text, score }) => ({ quad, text, score }))[0];
    });
  } finally {
    page.close();
  }
}

function candidatesOf(frame: VideoFrame, quads: readonly TextQuad[]): readonly Candidate[] {
  let top = 0;
  return quads.slice(0, MOST_COLUMNS).flatMap((quad, column) => {
    const { width, height } = quadSize(quad);
    if (width < SHORTEST * height || width > LONGEST * height) return [];
    const rows = Math.round((COLUMNS * width) / height);
    const beyond = BEYOND * COLUMNS;
    const [a, b, c, d] = reaching(quad, -beyond / rows, 1 + beyond / rows);
    const patch = lumaPatch(frame, [d, a, b, c], COLUMNS, rows + 2 * beyond);
    return letterCuts(patch, [beyond, beyond + rows]).map((cut): Candidate => {
      const line = layBeside(patch, cut);
      const from = Math.min(0, (cut.top - beyond) / rows + SLACK);
      const until = Math.max(1, (cut.top + cut.cells.length * cut.pitch - beyond) / rows - SLACK);
      const whole = from === 0 && until === 1 ? quad : reaching(quad, from, until);
      const candidate = { column, cut, quad: whole, line, top };
      top += line.rows + BETWEEN;
      return candidate;
    });
  });
}

/** A part of a column, or more than it, along its first side: 0 is where it begins, 1 where it ends. */
function reaching([a, b, c, d]: TextQuad, from: number, until: number): TextQuad {
  const between = ([x, y]: Point, [u, v]: Point, share: number): Point => [x + share * (u - x), y + share * (v - y)];
  return [between(a, b, from), between(a, b, until), between(d, c, until), between(d, c, from)];
}

/** A picture with these lines one below the other; the caller's. */
async function pageOf(
  lines: readonly Candidate[],
  { ptsUs, durationUs, index, fieldOrder, color }: VideoFrame,
  pool: FramePool,
  signal: AbortSignal | undefined,
): Promise<VideoFrame> {
  const width = evenUp(Math.max(...lines.map(({ line }) => line.columns)));
  const height = evenUp(Math.max(...lines.map(({ top, line }) => top + line.rows)));
  const properties = {
    ...({ pixelFormat: 'yuv420p', width, height, sampleAspectRatio: { num: 1, den: 1 }, color } as const),
    ...{ ptsUs, durationUs, index, fieldOrder },
  };
  const page = await VideoFrame.create(pool, properties, signal);
  for (const plane of [1, 2] as const) page.plane(plane).fill(128);
  const luma = page.plane(0).fill(0);
  for (const { line, top } of lines) {
    for (let row = 0; row < line.rows; row++) {
      const values = line.values.subarray(row * line.columns, (row + 1) * line.columns);
      const at = (top + row) * width;
      luma.fill(Math.round(values.at(-1) ?? 0), at, at + width);
      luma.set(values.map(Math.round), at);
    }
  }
  return page;
}

/** What was read, less for each letter too few or too many; with letters beyond the column it is worth more, as it is more. */
function readingOf(read: Omit<StackedReading, 'quad'> | undefined, { cut, quad }: Candidate) {
  if (read === undefined) return [];
  const marked = read.text.replace(OUTER_MARKS, '');
  // Readers see spaces where letters are narrow.
  const text = cut.cells.includes(undefined) ? marked : marked.replace(/\s+/g, '');
  const [count, letters] = [[...text].length, cut.cells.length];
  if (count < LEAST_LETTERS) return [];
  const score = (read.score * Math.min(count, letters)) / Math.max(count, letters);
  return [{ quad, text, score, value: score + (cut.beyond > 0 ? MORE : 0) }];
}

function levelQuad(left: number, top: number, width: number, height: number): TextQuad {
  return [
    [left, top],
    [left + width, top],
    [left + width, top + height],
    [left, top + height],
  ];
}

function evenUp(size: number): number {
  return size + (size % 2);
}
