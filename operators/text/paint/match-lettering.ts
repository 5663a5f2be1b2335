import type { CodeColors } from './code-colors.js';
import { contrast, LEAST_CONTRAST, opposite, readableInk } from './contrast.js';
import { INK_FROM, INK_TO, type Ink, RESTLESS_GROUND } from './find-ink.js';
import { familiesFor, type Typeface } from './fonts.js';
import { inkAmount } from './ink-amount.js';
import type { PatchGrid } from './line-patch.js';
import { haveSerifs } from './serif-marks.js';
import type { TextMeasure } from './set-text.js';
import { drawCoverage, type Lettering, measurer } from './sprite.js';

/** How much better than the usual face a special one must resemble what is there. */
const CLEARLY_BETTER = 0.12;
/** Height of a line from which serifs can be seen, pixels. */
const LEAST_FOR_SERIFS = 20;
/** How restless the ground may be then, codes: of boards it is a few. */
const CALM_GROUND = 10;
/** What the wrong kind of face takes from the likeness, where it is known: more than any likeness. */
const WRONG_KIND = 4;
/** Stretch that letters may have, as a share of what their font has. */
const STRETCH = [0.68, 1.35] as const;
/** Size of letters at most, heights of the line. */
const LARGEST = 1.5;
/** Width of outlines, of the size. */
const OUTLINE = 0.07;
const THIN_OUTLINE = 0.035;
/** The same at most, where the old letters have one. */
const WIDEST_OUTLINE = 0.11;
/** Share of their place that letters fill from which they are bold. */
const HEAVY = 0.3;
/** What another amount of ink (its logarithm) takes from the likeness: letters of two faces never lie on each other, so that likeness alone cannot tell weights. */
const OTHER_AMOUNT = 0.5;
/** Softness at most, of the size. */
const SOFTEST = 0.045;
/** Softness that drawing and warping have anyway, samples. */
const OWN_SOFTNESS = 0.75;
/** Change of coverage from one sample to the next that belongs to an edge, and the share of edges that are steeper than what counts. */
const LEAST_SLOPE = 0.1;
const STEEPEST = 0.08;

/** How the old text looks, as far as new text can look like it. */
export interface MatchedLettering {
  readonly look: Lettering;
  /** Of letters, units of the line. */
  readonly size: number;
  readonly stretch: number;
  readonly baseline: number;
}

/**
 * Finds the face, size and width in which the old text resembles what is seen most, and colours that can be read.
 *
 * @param text What was read.
 * @param fresh What is to be written: the face must have its letters. Nothing comes back where no font has them.
 */
export function matchLettering(
  ink: Ink,
  grid: PatchGrid,
  text: string,
  fresh: string,
  faces: readonly Typeface[],
  colors: CodeColors,
): MatchedLettering | undefined {
  const kind = kindOf(ink, grid);
  const softness = softnessOf(ink, grid);
  let best: { readonly matched: MatchedLettering; readonly likeness: number; readonly isOfKind: boolean } | undefined;
  // What is of the kind comes first: what is not need not be drawn then.
  for (const face of faces.toSorted((a, b) => wrongness(a, kind) - wrongness(b, kind))) {
    const families = familiesFor(fresh, face.family, face.style);
    if (families === undefined) continue;
    const own = familiesFor(text, face.family, face.style);
    const isKnown = own !== undefined && own.length === 1;
    const isOfKind = wrongness(face, kind) === 0;
    if (isKnown && !isOfKind && best?.isOfKind === true) continue;
    const fit = fitted(ink, own === undefined ? '' : text, measurer(own ?? families, face.weight)(text));
    const look: Lettering = { families, weight: face.weight, ...colorsOf(ink, fit.size, colors) };
    const blur = Math.min(SOFTEST * fit.size, softness);
    const matched = { look: { ...look, blur }, ...fit };
    const likeness =
      (isKnown ? likenessOf(ink, grid, text, matched) : heaviness(ink, grid, face)) -
      (isKnown && kind !== undefined ? wrongness(face, kind) : face.isSpecial ? CLEARLY_BETTER : 0);
    if (best === undefined || likeness > best.likeness) best = { matched, likeness, isOfKind };
  }
  return best?.matched;
}

/** Whether letters have serifs, where that can be seen: not where an outline or restless ground frays their ends. */
function kindOf(
  { coverage, bounds: [, top, , bottom], isClear, outline, unrest }: Ink,
  grid: PatchGrid,
): Typeface['style'] | undefined {
  if (!isClear || outline !== undefined || unrest > CALM_GROUND || grid.lineHeight < LEAST_FOR_SERIFS) {
    return undefined;
  }
  const { columns, rows, marginY, density } = grid;
  const [first, end] = [top, bottom].map((y) => (y + marginY) * density[1]) as [number, number];
  const hasSerifs = haveSerifs({ values: coverage, columns, rows, top: first, bottom: end });
  return hasSerifs === undefined ? undefined : hasSerifs ? 'serif' : 'sans';
}

function wrongness(face: Typeface, kind: Typeface['style'] | undefined): number {
  return kind === undefined || face.style === kind ? 0 : WRONG_KIND;
}

/** Size, stretch and baseline with which a string fills the ink. */
function fitted({ bounds: [left, top, right, bottom] }: Ink, text: string, { width, ascent, descent }: TextMeasure) {
  const height = bottom - top;
  const isMeasured = text !== '' && width > 0 && ascent + descent > 0.05;
  if (!isMeasured) return { size: height, stretch: 1, baseline: bottom - 0.2 * height };
  const size = Math.min(LARGEST * height, height / (ascent + descent));
  const stretch = Math.min(STRETCH[1], Math.max(STRETCH[0], (right - left) / (width * size)));
  return { size, stretch, baseline: top + (ascent / (ascent + descent)) * height };
}

function colorsOf(ink: Ink, size: number, colors: CodeColors): Pick<Lettering, 'ink' | 'outline'> {
  if (ink.outline !== undefined) {
    const around = colors.rgb(ink.outline.color);
    const width = Math.min(WIDEST_OUTLINE, Math.max(THIN_OUTLINE, ink.outline.width / size)) * size;
    return { ink: readableInk(colors.rgb(ink.color), around), outline: { color: around, width } };
  }
  const ground = colors.rgb(ink.ground);
  const color = readableInk(ink.isClear ? colors.rgb(ink.color) : opposite(ground), ground);
  const needsOutline = ink.unrest > RESTLESS_GROUND || contrast(color, ground) < LEAST_CONTRAST;
  return needsOutline
    ? {
        ink: color,
        outline: { color: opposite(color), width: (ink.unrest > RESTLESS_GROUND ? OUTLINE : THIN_OUTLINE) * size },
      }
    : { ink: color };
}

/** Correlation of the old text, set like this, with what is seen of it, −1–1; less where it has another amount of ink. */
function likenessOf(ink: Ink, grid: PatchGrid, text: string, { look, ...fit }: MatchedLettering): number {
  if (!ink.isClear) return 0;
  const set = { size: fit.size, stretch: fit.stretch, lines: [{ text, x: ink.bounds[0], baseline: fit.baseline }] };
  const { outline: _, ...plain } = look;
  const drawn = drawCoverage(set, plain, grid.bounds, grid.columns, grid.rows);
  // Within an outline letters have their full colour somewhere, and count as what they cover.
  const amount =
    ink.outline === undefined ? inkAmount(drawn, grid.columns, grid.rows, [INK_FROM, INK_TO]) : sumOf(drawn);
  const more = Math.log(amount / sumOf(ink.coverage));
  return correlation(drawn, ink.coverage) - (Number.isFinite(more) ? OTHER_AMOUNT * Math.abs(more) : 0);
}

/** How well a weight suits letters of another script, by how much of their place is ink. */
function heaviness(
  { coverage, bounds: [left, top, right, bottom] }: Ink,
  { density }: PatchGrid,
  { weight }: Typeface,
): number {
  const area = Math.max(1, (right - left) * (bottom - top) * density[0] * density[1]);
  const share = sumOf(coverage) / area;
  return share > HEAVY === weight > 400 ? 1 : 0;
}

function sumOf(values: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] as number;
  return sum;
}

function correlation(a: Float32Array, b: Float32Array): number {
  const [meanA, meanB] = [sumOf(a) / a.length, sumOf(b) / b.length];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const x = (a[at] as number) - meanA;
    const y = (b[at] as number) - meanB;
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return squaresA * squaresB === 0 ? 0 : both / Math.sqrt(squaresA * squaresB);
}

/** How soft the edges of the letters are: by how steep the steepest of them are, units of the line. */
function softnessOf({ coverage, isClear }: Ink, grid: PatchGrid): number {
  if (!isClear) return 0;
  const slopes = new Float64Array(coverage.length);
  let count = 0;
  for (let at = 1; at < coverage.length - 1; at++) {
    const slope = Math.abs((coverage[at + 1] as number) - (coverage[at - 1] as number)) / 2;
    if (slope > LEAST_SLOPE) slopes[count++] = slope;
  }
  if (count === 0) return 0;
  const steep = slopes.subarray(0, count).sort()[count - 1 - Math.floor(count * STEEPEST)] as number;
  // An edge that is softened with standard deviation s is 1/(s·√2π) steep.
  const deviation = 0.4 / steep;
  const added = Math.sqrt(Math.max(0, deviation ** 2 - OWN_SOFTNESS ** 2));
  return added / grid.density[1];
}
