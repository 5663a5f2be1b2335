import type { Codes } from './code-colors.js';
import { grown } from './mask-shape.js';
import { BEYOND, nestedLevels } from './nested-levels.js';
import { medianCodes, type PatchSamples } from './patch-samples.js';

/** Shares of the samples of a line that may be darker, or lighter, than what counts as its darkest and its lightest. */
const EXTREME = 0.03;
/** Least range between both, codes: an outline is there to be seen. */
const LEAST_RANGE = 90;
/** Of the range: how close to an extreme a sample counts as such, of letters and of their outline. */
const NEAR_INK = 0.3;
const NEAR_OUTLINE = 0.3;
/** Share of the samples right around letters that must be of the outline, and how much less of it there must be farther off. */
const AROUND = 0.7;
const LESS_BEYOND = 0.1;
/** The same, of each piece of a letter. */
const LINED = 0.5;
const SIDES = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;
/** Up to here outside the line, in its heights, lies what letters stand on. */
const NEARBY = 0.2;
/** Outlines are looked for so far around letters, samples, and at most so wide, heights of the line. */
const FARTHEST = 6;
const WIDEST = 0.12;
/** Shares of a line that letters may take. */
const SHARES = [0.04, 0.5] as const;

/** What encloses letters is this much of the way from the lightest to the darkest, or the other way round. */
const ENCLOSING = 0.5;
/** Strokes of enclosed letters, and of the line around them, are at most so wide, heights of the line; holes in letters are wider. */
const WIDEST_STROKE = 0.2;
/** Share of the columns with lines that must be close to enclosed letters: holes are in few letters of a text, and strokes in all. */
const ENCLOSED = 0.85;
/** How close, of the height of the line. */
const CLOSE = 0.06;

/** A line round letters that sets them off from a ground of any colour, as subtitles have it. */
export interface Outline {
  /** Of letters, and of the line around them. */
  readonly ink: Codes;
  readonly color: Codes;
  /** Units of the text line. */
  readonly width: number;
  /** Of each luma sample, 1 where letters are, and 1 where letters or outline are. */
  readonly letters: Float32Array;
  readonly both: Float32Array;
}

/**
 * Looks for an outline: light letters with dark around them, or the other way round, where the ground farther off is neither.
 *
 * @param foreign Of each luma sample, 1 where another line of text lies.
 */
export function findOutline(
  samples: PatchSamples,
  foreign: Float32Array,
  unit: number,
  lineHeight: number,
): Outline | undefined {
  const lumas: number[] = [];
  for (let at = 0; at < samples.count; at++) {
    if (samples.outside(at) <= 0 && (foreign[at] as number) === 0) lumas.push(samples.luma(at));
  }
  if (lumas.length === 0) return undefined;
  lumas.sort((a, b) => a - b);
  const low = lumas[Math.floor(EXTREME * lumas.length)] as number;
  const high = lumas[Math.floor((1 - EXTREME) * lumas.length)] as number;
  if (high - low < LEAST_RANGE) return undefined;
  const tried = [outlineOf(samples, foreign, high, low), outlineOf(samples, foreign, low, high)];
  const best =
    tried.reduce((a, b) => ((b?.share ?? 0) > (a?.share ?? 0) ? b : a)) ??
    enclosedBy(samples, foreign, low, high, lineHeight * unit) ??
    enclosedBy(samples, foreign, high, low, lineHeight * unit);
  if (best === undefined) return undefined;
  const width = Math.min(WIDEST * lineHeight, best.steps / unit);
  return { ink: best.ink, color: best.color, width, letters: best.letters, both: best.both };
}

/** Letters of one extreme of luma with an outline of the other. */
function outlineOf(samples: PatchSamples, foreign: Float32Array, ink: number, outline: number) {
  const { count, width, height } = samples;
  const range = Math.abs(ink - outline);
  const letters = new Float32Array(count);
  let inside = 0;
  let taken = 0;
  for (let at = 0; at < count; at++) {
    if ((foreign[at] as number) > 0 || samples.outside(at) > 0) continue;
    inside++;
    if (Math.abs(samples.luma(at) - ink) > NEAR_INK * range) continue;
    letters[at] = 1;
    taken++;
  }
  if (taken < SHARES[0] * inside || taken > SHARES[1] * inside) return undefined;
  const isOutline = (at: number): boolean => Math.abs(samples.luma(at) - outline) <= NEAR_OUTLINE * range;
  const shareIn = (isThere: (at: number) => boolean): number => {
    let [all, some] = [0, 0];
    for (let at = 0; at < count; at++) {
      if ((foreign[at] as number) > 0 || !isThere(at)) continue;
      all++;
      if (isOutline(at)) some++;
    }
    return all === 0 ? 0 : some / all;
  };
  const reaches = Array.from({ length: FARTHEST + 1 }, (_, reach) =>
    reach === 0 ? letters : grown(letters, width, height, reach),
  );
  const ring = (reach: number) => (at: number) =>
    (reaches[reach]?.[at] as number) > 0 && (reaches[reach - 1]?.[at] as number) === 0;
  const beyond = shareIn((at) => (reaches[FARTHEST]?.[at] as number) === 0 && samples.outside(at) <= NEARBY);
  const rings = Array.from({ length: FARTHEST }, (_, i) => shareIn(ring(i + 1)));
  // The very first samples are a mixture of both.
  const share = Math.max(rings[0] as number, rings[1] as number);
  if (share < AROUND || share - Math.max(beyond, rings.at(-1) as number) < LESS_BEYOND) return undefined;
  const end = rings.findIndex((each, i) => i > 1 && each < (share + beyond) / 2);
  const steps = end === -1 ? FARTHEST : end;
  dropUnlined(letters, width, height, isOutline);
  const both = grown(letters, width, height, steps);
  return {
    share: share - beyond,
    steps,
    letters,
    both,
    ink: medianWhere(
      samples,
      (at) => (letters[at] as number) > 0 && Math.abs(samples.luma(at) - ink) < (NEAR_INK / 2) * range,
    ),
    color: medianWhere(
      samples,
      (at) => (both[at] as number) > 0 && Math.abs(samples.luma(at) - outline) < (NEAR_OUTLINE / 2) * range,
    ),
  };
}

/** Takes pieces out of a mask that have no line around them: lights of the ground, which are as light as letters. */
function dropUnlined(mask: Float32Array, width: number, height: number, isLine: (at: number) => boolean): void {
  const seen = new Uint8Array(mask.length);
  for (let start = 0; start < mask.length; start++) {
    if (seen[start] === 1 || mask[start] === 0) continue;
    const piece = [start];
    seen[start] = 1;
    let [around, lined] = [0, 0];
    for (let i = 0; i < piece.length; i++) {
      const at = piece[i] as number;
      const [x, y] = [at % width, Math.trunc(at / width)];
      for (const [dx, dy] of SIDES) {
        // The sample beside a letter is a mixture of both.
        const [farX, farY] = [x + 2 * dx, y + 2 * dy];
        const isWithin = farX >= 0 && farY >= 0 && farX < width && farY < height;
        const next = at + dy * width + dx;
        const isOut = isWithin && mask[next] === 0;
        if (isOut && mask[farY * width + farX] === 0) {
          around++;
          if (isLine(farY * width + farX)) lined++;
        }
        if (x + dx < 0 || x + dx >= width || mask[next] !== 1 || seen[next] === 1) continue;
        seen[next] = 1;
        piece.push(next);
      }
    }
    if (lined < LINED * around) for (const at of piece) mask[at] = 0;
  }
}

/** Letters as light, or as dark, as what they stand on: only the outline tells them. It goes round all of their strokes, and round their holes. */
function enclosedBy(samples: PatchSamples, foreign: Float32Array, outline: number, ink: number, lineHeight: number) {
  const { count, width, height } = samples;
  const range = Math.abs(ink - outline);
  const lines = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    if ((foreign[at] as number) === 0 && Math.abs(samples.luma(at) - outline) < ENCLOSING * range) lines[at] = 1;
  }
  const levels = nestedLevels(lines, width, height);
  const letters = Float32Array.from(levels, (level) => (level === 2 ? 1 : 0));
  const both = Float32Array.from(levels, (level) => (level >= 1 && level <= 3 ? 1 : 0));
  // Holes of letters are smaller than letters; what two frames enclose is not.
  if (levels.filter((level) => level > 3 && level < BEYOND).length > letters.reduce((sum, value) => sum + value, 0))
    return undefined;
  const strokes = strokeWidths(letters, width);
  const thick = strokeWidths(
    both.map((value, at) => value - (letters[at] as number)),
    width,
  );
  const [stroke = Number.POSITIVE_INFINITY, steps = 0] = [strokes[strokes.length >> 1], thick[thick.length >> 2]];
  if (Math.max(stroke, thick[thick.length >> 1] ?? 0) > WIDEST_STROKE * lineHeight) return undefined;
  if (shareNear(both, letters, width, Math.ceil(CLOSE * lineHeight)) < ENCLOSED) return undefined;
  const isPure = (mask: Float32Array, luma: number) => (at: number) =>
    (mask[at] as number) > 0 && Math.abs(samples.luma(at) - luma) < (NEAR_INK / 2) * range;
  return {
    ...{ share: 1, steps, letters, both },
    ink: medianWhere(samples, isPure(letters, ink)),
    color: medianWhere(samples, isPure(both, outline)),
  };
}

/** The width of strokes at each sample of a mask, ascending: how far it goes on across or down, whichever is less. */
function strokeWidths(mask: Float32Array, width: number): number[] {
  const runs = (step: number, line: number): Float32Array => {
    const lengths = new Float32Array(mask.length);
    const count = mask.length / line;
    for (let i = 0; i < count; i++) {
      const start = step === 1 ? i * line : i;
      for (let j = 0, from = 0; j <= line; j++) {
        if (j < line && (mask[start + j * step] as number) > 0) continue;
        for (let k = from; k < j; k++) lengths[start + k * step] = j - from;
        from = j + 1;
      }
    }
    return lengths;
  };
  const [across, down] = [runs(1, width), runs(width, mask.length / width)];
  const found: number[] = [];
  for (const [at, value] of mask.entries()) {
    if (value > 0) found.push(Math.min(across[at] as number, down[at] as number));
  }
  return found.sort((a, b) => a - b);
}

/** Share of a mask's columns that have something of another mask within `reach`. */
function shareNear(mask: Float32Array, other: Float32Array, width: number, reach: number): number {
  const has = (which: Float32Array): boolean[] => {
    const columns = new Array<boolean>(width).fill(false);
    for (const [at, value] of which.entries()) if (value > 0) columns[at % width] = true;
    return columns;
  };
  const [all, near] = [has(mask), has(other)];
  let [count, found] = [0, 0];
  for (let x = 0; x < width; x++) {
    if (!all[x]) continue;
    count++;
    if (near.slice(Math.max(0, x - reach), x + reach + 1).includes(true)) found++;
  }
  return count === 0 ? 0 : found / count;
}

function medianWhere(samples: PatchSamples, isThere: (at: number) => boolean): Codes {
  const found: Codes[] = [];
  for (let at = 0; at < samples.count; at++) if (isThere(at)) found.push(samples.at(at));
  return found.length === 0 ? [128, 128, 128] : medianCodes(found);
}
