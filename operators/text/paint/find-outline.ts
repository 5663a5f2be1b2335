import type { Codes } from './code-colors.js';
import { connected, neighbours } from './connected-samples.js';
import { enclosedLetters } from './enclosed-letters.js';
import { grown } from './mask-shape.js';
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
/** Up to here outside the line, in its heights, lies what letters stand on. */
const NEARBY = 0.2;
/** Outlines are looked for so far around letters, samples, and at most so wide, heights of the line. */
const FARTHEST = 6;
const WIDEST = 0.12;
/** Shares of a line that letters may take. */
const SHARES = [0.04, 0.5] as const;

/** What encloses letters is this much of the way from the lightest to the darkest, or the other way round. */
const ENCLOSING = 0.5;

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
  const lumas = samples.planes[0]
    .filter((_, at) => (samples.outside[at] as number) <= 0 && (foreign[at] as number) === 0)
    .sort();
  if (lumas.length === 0) return undefined;
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
  const { count, width, height, outside } = samples;
  const range = Math.abs(ink - outline);
  const letters = new Float32Array(count);
  let inside = 0;
  let taken = 0;
  for (let at = 0; at < count; at++) {
    if ((foreign[at] as number) > 0 || (outside[at] as number) > 0) continue;
    inside++;
    if (Math.abs(samples.luma(at) - ink) > NEAR_INK * range) continue;
    letters[at] = 1;
    taken++;
  }
  if (taken < SHARES[0] * inside || taken > SHARES[1] * inside) return undefined;
  const isOutline = (at: number): boolean => Math.abs(samples.luma(at) - outline) <= NEAR_OUTLINE * range;
  /** Share that is of the outline, of samples that are not yet near, and are within. */
  const shareIn = (within: Float32Array | undefined, near: Float32Array, farthest: number): number => {
    let [all, some] = [0, 0];
    for (let at = 0; at < count; at++) {
      if ((near[at] as number) > 0 || (foreign[at] as number) > 0 || (outside[at] as number) > farthest) continue;
      if (within !== undefined && (within[at] as number) === 0) continue;
      all++;
      if (isOutline(at)) some++;
    }
    return all === 0 ? 0 : some / all;
  };
  const reaches: Float32Array[] = [letters];
  const reach = (steps: number): Float32Array => {
    const reached = reaches[steps] ?? grown(letters, width, height, steps);
    reaches[steps] = reached;
    return reached;
  };
  const ring = (steps: number): number => shareIn(reach(steps), reach(steps - 1), Number.POSITIVE_INFINITY);
  // The very first samples are a mixture of both.
  const share = Math.max(ring(1), ring(2));
  if (share < AROUND) return undefined;
  const beyond = shareIn(undefined, reach(FARTHEST), NEARBY);
  if (share - Math.max(beyond, ring(FARTHEST)) < LESS_BEYOND) return undefined;
  const rings = Array.from({ length: FARTHEST }, (_, i) => ring(i + 1));
  const end = rings.findIndex((each, i) => i > 1 && each < (share + beyond) / 2);
  const steps = end === -1 ? FARTHEST : end;
  dropUnlined(letters, width, isOutline);
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
function dropUnlined(mask: Float32Array, width: number, isLine: (at: number) => boolean): void {
  const seen = new Uint8Array(mask.length);
  for (let start = 0; start < mask.length; start++) {
    if (seen[start] === 1 || mask[start] === 0) continue;
    const piece = connected(start, width, mask.length, (at) => seen[at] === 0 && (mask[at] as number) > 0, seen);
    let [around, lined] = [0, 0];
    for (const at of piece) {
      for (const next of neighbours(at, width, mask.length)) {
        // The sample beside a letter is a mixture of both.
        const far = 2 * next - at;
        const isWithin = neighbours(next, width, mask.length).includes(far);
        if (!isWithin || mask[next] !== 0 || mask[far] !== 0) continue;
        around++;
        if (isLine(far)) lined++;
      }
    }
    if (lined < LINED * around) for (const at of piece) mask[at] = 0;
  }
}

/** Letters as light, or as dark, as what they stand on: only the outline tells them. */
function enclosedBy(samples: PatchSamples, foreign: Float32Array, outline: number, ink: number, lineHeight: number) {
  const range = Math.abs(ink - outline);
  const lines = new Uint8Array(samples.count);
  for (let at = 0; at < samples.count; at++) {
    if ((foreign[at] as number) === 0 && Math.abs(samples.luma(at) - outline) < ENCLOSING * range) lines[at] = 1;
  }
  const found = enclosedLetters(lines, samples.width, samples.height, lineHeight);
  if (found === undefined) return undefined;
  const isPure = (mask: Float32Array, luma: number) => (at: number) =>
    (mask[at] as number) > 0 && Math.abs(samples.luma(at) - luma) < (NEAR_INK / 2) * range;
  return {
    ...found,
    ink: medianWhere(samples, isPure(found.letters, ink)),
    color: medianWhere(samples, isPure(found.both, outline)),
  };
}

function medianWhere(samples: PatchSamples, isThere: (at: number) => boolean): Codes {
  const found: number[] = [];
  for (let at = 0; at < samples.count; at++) if (isThere(at)) found.push(at);
  return medianCodes(samples.planes, found);
}
