import { besideLine } from './beside-line.js';
import type { Codes } from './code-colors.js';
import { HoleFiller } from './fill-holes.js';
import { findOutline, type Outline } from './find-outline.js';
import type { LinePatch, PatchGrid } from './line-patch.js';
import { grown, softened } from './mask-shape.js';
import { type CodePlanes, distance, meanCodes, medianCodes, PatchSamples } from './patch-samples.js';

/** Band along the edge of the line in which ground is looked for, in heights of the line: outside and inside. */
const BAND_OUTSIDE = 0.05;
const BAND_INSIDE = 0.1;
/** Ink may stick out of the line by this, in its heights. */
const STICKS_OUT = 0.1;
/** Codes by which ink must differ from its ground; less is grain. */
const LEAST_DIFFERENCE = 14;
/** Of the way from ground to ink: from which on a sample is removed. */
const REMOVED = 0.22;
/** The same, between which a sample goes from ground to ink. */
export const INK_FROM = 0.12;
export const INK_TO = 0.88;
/** Of the samples of ink, the share that is less pure than what says its colour. */
const PUREST = 0.8;
/** How far around ink the picture is replaced: heights of the line, and samples at least. */
const GROWTH = 0.09;
const LEAST_GROWTH = 2.2;
/** Beyond the line there may be other things, such as a wall behind the sign: there only what is this close to the ground says something of it. */
const ALIKE = 40;
/** Distance from ground, as a share of that from ink, up to which a sample is ground. */
const SURELY_GROUND = 0.4;
/** Standard deviation of the ground, codes, from which it counts as restless. */
export const RESTLESS_GROUND = 24;
/** Rounds of the two-means clustering. */
const ROUNDS = 8;
/** Share of the fullest row or column that one must have to belong to the text. */
const LEAST_FULL = 0.012;

/** Left, top, right, bottom. */
export type Bounds = readonly [number, number, number, number];

/** What a line of text is made of. */
export interface Ink {
  /** How much of each luma sample is to be replaced by ground, 0–1. */
  readonly mask: Float32Array;
  /** How much of each luma sample is ink, 0–1. */
  readonly coverage: Float32Array;
  /** Where the ink lies, units of the line. */
  readonly bounds: Bounds;
  readonly color: Codes;
  readonly ground: Codes;
  /** Standard deviation of the ground's luma around letters, codes. */
  readonly unrest: number;
  /** What sets letters off from their ground, where there is such a line around them. */
  readonly outline?: Outline | undefined;
  /** True where ink could be told from ground. */
  readonly isClear: boolean;
  /** Of each luma sample, 1 where something else begins beside the line: a wall behind the sign. Nothing on restless ground, where all may be the ground's. */
  readonly beyond: Float32Array;
  /** How far the same ground goes on before and after the ink, units of the line. */
  readonly room: readonly [before: number, after: number];
}

/**
 * Tells letters from what they stand on, by colour: ground is what prevails along the edge of the line, ink is what differs from the ground around it.
 * Where nothing does, the whole line counts as to be replaced.
 *
 * @param others Of each luma sample, 1 where another line of text lies.
 */
export function findInk(patch: LinePatch, grid: PatchGrid, others: Float32Array): Ink {
  const samples = new PatchSamples(patch, grid);
  const [ground, ink] = twoColors(samples, others);
  const beside = besideLine(samples, ground, grid.lineHeight * grid.density[1]);
  const foreign = others.map((share, at) => Math.max(share, beside[at] as number));
  const outline = findOutline(samples, foreign, grid.density[1], grid.lineHeight);
  if (outline !== undefined) return outlinedInk(samples, grid, foreign, outline, ground);
  const reach = distance(ink, ground);
  if (!(reach >= LEAST_DIFFERENCE)) return unclear(samples, grid, ground);
  const local = groundEverywhere(samples, foreign, ground, ink);
  const coverage = new Float32Array(samples.count);
  const shares = new Float32Array(samples.count);
  const core = new Float32Array(samples.count);
  for (let at = 0; at < samples.count; at++) {
    if ((foreign[at] as number) > 0 || (samples.outside[at] as number) > STICKS_OUT) continue;
    const share = samples.distance(at, codesAt(local, at)) / reach;
    shares[at] = share;
    coverage[at] = Math.min(1, Math.max(0, (share - INK_FROM) / (INK_TO - INK_FROM)));
    core[at] = share > REMOVED ? 1 : 0;
  }
  const bounds = inkBounds(coverage, grid);
  const beyond = new Float32Array(samples.count);
  const wide = grown(core, grid.columns, grid.rows, Math.max(LEAST_GROWTH, GROWTH * grid.lineHeight * grid.density[1]));
  const unrest = unrestAround(samples, wide, foreign);
  if (unrest <= RESTLESS_GROUND) {
    for (let at = 0; at < samples.count; at++) {
      if (
        (beside[at] as number) > 0 ||
        ((samples.outside[at] as number) > BAND_OUTSIDE && samples.distance(at, ground) > ALIKE)
      )
        beyond[at] = 1;
    }
  }
  return {
    mask: softened(wide, grid.columns, grid.rows),
    coverage,
    bounds,
    color: inkColor(samples, shares, core, ink),
    ground: groundUnder(local, core, ground),
    unrest,
    beyond,
    isClear: true,
    room: roomBeside(samples, grid, foreign, ground, bounds),
  };
}

/** Letters with an outline: what they stand on is the outline, and all beyond it is ground, however restless. */
function outlinedInk(
  samples: PatchSamples,
  grid: PatchGrid,
  foreign: Float32Array,
  outline: Outline,
  edge: Codes,
): Ink {
  const { columns, rows, lineHeight, density } = grid;
  const reach = distance(outline.ink, outline.color);
  const coverage = new Float32Array(samples.count);
  // Edges are a mixture of letters and outline; farther off the ground may be as light as letters.
  const near = grown(outline.letters, columns, rows, 1);
  for (let at = 0; at < samples.count; at++) {
    if ((near[at] as number) === 0 || (foreign[at] as number) > 0) continue;
    const share = samples.distance(at, outline.color) / reach;
    coverage[at] = Math.min(1, Math.max(0, (share - INK_FROM) / (INK_TO - INK_FROM)));
  }
  const wide = grown(outline.both, columns, rows, Math.max(LEAST_GROWTH, (GROWTH * lineHeight * density[1]) / 2));
  const bounds = inkBounds(coverage, grid);
  return {
    ...{ mask: softened(wide, columns, rows), coverage, bounds, color: outline.ink, ground: edge, outline },
    ...{ unrest: unrestAround(samples, wide, foreign), beyond: new Float32Array(samples.count), isClear: true },
    room: roomBeside(samples, grid, foreign, edge, bounds),
  };
}

function unclear(samples: PatchSamples, grid: PatchGrid, ground: Codes): Ink {
  const { lineWidth, lineHeight, columns, rows } = grid;
  const mask = samples.outside.map((outside) => (outside <= 0 ? 1 : 0));
  const bounds = [0.04 * lineHeight, 0.12 * lineHeight, lineWidth - 0.04 * lineHeight, 0.88 * lineHeight] as const;
  return {
    mask: softened(mask, columns, rows),
    coverage: mask,
    bounds,
    color: ground,
    ground,
    unrest: 0,
    isClear: false,
    beyond: new Float32Array(samples.count),
    room: [0, 0],
  };
}

/** Ground and ink: means of two clusters of the samples of the line, begun at the edge and at what is farthest from it. */
function twoColors(samples: PatchSamples, foreign: Float32Array): readonly [ground: Codes, ink: Codes] {
  const inside: number[] = [];
  const band: number[] = [];
  for (let at = 0; at < samples.count; at++) {
    if ((foreign[at] as number) > 0) continue;
    const outside = samples.outside[at] as number;
    if (outside <= 0) inside.push(at);
    if (outside <= BAND_OUTSIDE && outside >= -BAND_INSIDE) band.push(at);
  }
  let ground = medianCodes(samples.planes, band);
  let ink = meanCodes(samples.planes, farthestFrom(ground, samples, inside), ground);
  for (let round = 0; round < ROUNDS; round++) {
    const onGround: number[] = [];
    const onInk: number[] = [];
    for (const at of inside) (samples.distance(at, ground) <= samples.distance(at, ink) ? onGround : onInk).push(at);
    ground = meanCodes(samples.planes, onGround, ground);
    ink = meanCodes(samples.planes, onInk, ink);
  }
  return [ground, ink];
}

/** The sixteenth of some samples that is farthest from a colour. */
function farthestFrom(color: Codes, samples: PatchSamples, among: readonly number[]): readonly number[] {
  const far = new Float64Array(among.length);
  for (let i = 0; i < far.length; i++) far[i] = samples.distance(among[i] as number, color);
  const least = far.toSorted()[far.length - Math.max(1, far.length >> 4)] ?? 0;
  return among.filter((_, i) => (far[i] as number) >= least);
}

/** The ground at each sample, under letters as well. */
function groundEverywhere(samples: PatchSamples, foreign: Float32Array, ground: Codes, ink: Codes): CodePlanes {
  const { count, width, height, outside } = samples;
  const doubtful = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    const far = samples.distance(at, ground);
    const isGround =
      far < SURELY_GROUND * samples.distance(at, ink) && ((outside[at] as number) <= BAND_OUTSIDE || far < ALIKE);
    doubtful[at] = isGround && (foreign[at] as number) === 0 ? 0 : 1;
  }
  // Letters tinge what is close to them.
  const unknown = grown(doubtful, width, height, LEAST_GROWTH);
  const isAnyKnown = unknown.includes(0);
  const filler = new HoleFiller(unknown, width, height);
  const everywhere = (i: 0 | 1 | 2): Float32Array => {
    if (!isAnyKnown) return new Float32Array(count).fill(ground[i]);
    const plane = samples.planes[i].slice();
    filler.fill(plane);
    return plane;
  };
  return [everywhere(0), everywhere(1), everywhere(2)];
}

function codesAt([luma, cb, cr]: CodePlanes, at: number): Codes {
  return [luma[at] as number, cb[at] as number, cr[at] as number];
}

/** Mean of what differs most from its ground: edges are mixed with it, and narrow strokes are all edge. */
function inkColor(samples: PatchSamples, shares: Float32Array, core: Float32Array, ink: Codes): Codes {
  const most = shares.filter((_, at) => (core[at] as number) > 0).sort();
  const least = most[Math.floor(PUREST * most.length)] ?? 0;
  const full: number[] = [];
  for (let at = 0; at < shares.length; at++) {
    if ((core[at] as number) > 0 && (shares[at] as number) >= least) full.push(at);
  }
  return meanCodes(samples.planes, full, ink);
}

function groundUnder(local: CodePlanes, core: Float32Array, ground: Codes): Codes {
  const under: number[] = [];
  for (let at = 0; at < core.length; at++) if ((core[at] as number) > 0) under.push(at);
  return meanCodes(local, under, ground);
}

/** How much the picture varies around letters, within the line: what lies beside it does not count. */
function unrestAround(samples: PatchSamples, wide: Float32Array, foreign: Float32Array): number {
  const values: number[] = [];
  for (let at = 0; at < samples.count; at++) {
    if ((wide[at] as number) === 0 && (foreign[at] as number) === 0 && (samples.outside[at] as number) <= 0)
      values.push(samples.luma(at));
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length));
}

/** Rows and columns that hold ink, in units of the line. */
function inkBounds(coverage: Float32Array, grid: PatchGrid): Bounds {
  const { columns, rows, density, marginX, marginY, lineWidth, lineHeight } = grid;
  const byColumn = new Float32Array(columns);
  const byRow = new Float32Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const share = coverage[at] as number;
      byRow[row] = (byRow[row] as number) + share;
      byColumn[column] = (byColumn[column] as number) + share;
    }
  }
  const [left, right] = extent(byColumn, 8 * LEAST_FULL).map((at) => at / density[0] - marginX) as [number, number];
  const [top, bottom] = extent(byRow, LEAST_FULL).map((at) => at / density[1] - marginY) as [number, number];
  if (bottom - top < 0.35 * lineHeight || right - left < 0.35 * lineWidth)
    return [0, 0.1 * lineHeight, lineWidth, 0.9 * lineHeight];
  return [left, top, right, bottom];
}

/** First place, and place after the last, that is fuller than a share of the fullest. */
function extent(sums: Float32Array, share: number): readonly [number, number] {
  const least = share * sums.reduce((most, sum) => Math.max(most, sum), 0);
  const first = sums.findIndex((sum) => sum > least);
  return [Math.max(0, first), sums.findLastIndex((sum) => sum > least) + 1];
}

/** Columns beside the ink, from it outwards, that hold nothing but ground over the height of the ink. */
function roomBeside(
  samples: PatchSamples,
  { columns, density, marginX, marginY }: PatchGrid,
  foreign: Float32Array,
  ground: Codes,
  [left, top, right, bottom]: Bounds,
): readonly [before: number, after: number] {
  const [from, to] = [top, bottom].map((y) => Math.round((y + marginY) * density[1])) as [number, number];
  const isFree = (column: number): boolean => {
    for (let row = Math.max(0, from); row < Math.min(samples.height, to); row++) {
      const at = row * columns + column;
      if ((foreign[at] as number) > 0 || samples.distance(at, ground) > ALIKE) return false;
    }
    return true;
  };
  // Letters are soft: the first columns beside them are not ground yet.
  const soft = 2;
  let before = Math.round((left + marginX) * density[0]) - soft;
  const start = before;
  while (before > 0 && isFree(before - 1)) before--;
  let after = Math.round((right + marginX) * density[0]) + soft;
  const end = after;
  while (after < columns && isFree(after)) after++;
  // What ends in a border keeps clear of it.
  const clear = (count: number, touchesEnd: boolean): number =>
    Math.max(0, count * (touchesEnd ? 0.9 : 0.7)) / density[0];
  return [clear(start - before, before === 0), clear(after - end, after === columns)];
}
