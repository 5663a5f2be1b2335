import type { Bounds } from './find-ink.js';

/** How a string lies in its font, for a size of 1. */
export interface TextMeasure {
  readonly width: number;
  /** Above and below the baseline: of the ink of this string. */
  readonly ascent: number;
  readonly descent: number;
}

/** Measures a string in the font that it is to be set in. */
export type Measure = (text: string) => TextMeasure;

/** A line of a {@link SetText}. */
export interface SetLine {
  readonly text: string;
  /** Its left end and its baseline, in the units of the box. */
  readonly x: number;
  readonly baseline: number;
}

/** A text, laid out. */
export interface SetText {
  /** Of the font, in the units of the box. */
  readonly size: number;
  /** Width of letters as a share of what their font has. */
  readonly stretch: number;
  readonly lines: readonly SetLine[];
}

/** Where and how to set a text. */
export interface SettingPlan {
  readonly box: Bounds;
  /** How far lines may reach over the box on either side where they do not fit. */
  readonly room: readonly [before: number, after: number];
  /** Size and stretch to have if there is space. */
  readonly size: number;
  readonly stretch: number;
  /** Of a single line, where there was one. */
  readonly baseline?: number;
  readonly align: 'center' | 'left' | 'right';
  /** Lines at most. */
  readonly mostLines: number;
  /** Share of the height of the box, of which lines may take more than there is. */
  readonly overheight: number;
}

/** Letters are made this much narrower before they are made smaller. */
const MOST_CONDENSED = 0.8;
/** Baselines are this far apart, of the size. */
export const LINE_SPACING = 1.18;
/** Above the first baseline and below the last, of the size: what letters take. */
const ABOVE = 0.74;
const BELOW = 0.22;
/** A line more is worth its trouble when letters become this much larger. */
const WORTH = 1.2;

/** Lays a text out as large as its box allows, up to the size that is wanted. Line breaks in it stay, and are the only ones then; else it goes first over the room beside the box, then in narrower letters, then in more lines or smaller. */
export function setText(text: string, plan: SettingPlan, measure: Measure): SetText {
  if (text.includes('\n')) return setIn(text.split('\n'), plan, measure);
  const words = text.split(/\s+/u).filter((word) => word !== '');
  let best = setIn([words.join(' ')], plan, measure);
  for (let count = 2; count <= Math.min(plan.mostLines, words.length); count++) {
    const next = setIn(brokenInto(words, count, measure), plan, measure);
    if (next.size * next.stretch > WORTH * best.size * best.stretch) best = next;
  }
  return best;
}

function setIn(texts: readonly string[], plan: SettingPlan, measure: Measure): SetText {
  const [left, top, right, bottom] = plan.box;
  const measured = texts.map(measure);
  const widest = Math.max(1e-6, ...measured.map(({ width }) => width));
  const lineCount = texts.length;
  const tallest = (plan.overheight * (bottom - top)) / (ABOVE + BELOW + (lineCount - 1) * LINE_SPACING);
  const wanted = lineCount === 1 ? plan.size : Math.min(plan.size, tallest);
  const available = right - left + plan.room[0] + plan.room[1];
  const fit = available / (widest * wanted * plan.stretch);
  const stretch = plan.stretch * Math.min(1, Math.max(MOST_CONDENSED, fit));
  const size = Math.min(wanted, available / (widest * stretch));
  const first = firstBaseline(plan, size, measured);
  const lines = texts.map((line, i) => ({
    text: line,
    x: placeAlong(plan, (measured[i] as TextMeasure).width * size * stretch),
    baseline: first + i * LINE_SPACING * size,
  }));
  return { size, stretch, lines };
}

/** The line's own baseline where a single one has about its size; else the lines stand in the middle of the box. */
function firstBaseline(
  { box, baseline, size: wanted }: SettingPlan,
  size: number,
  measured: readonly TextMeasure[],
): number {
  const [, top, , bottom] = box;
  const first = measured[0] as TextMeasure;
  const middle = (top + bottom) / 2;
  if (measured.length === 1) {
    const centered = middle + ((first.ascent - first.descent) * size) / 2;
    if (baseline === undefined) return centered;
    const share = Math.min(1, Math.max(0, (size / wanted - 0.7) / 0.3));
    return share * baseline + (1 - share) * centered;
  }
  const height = (ABOVE + BELOW + (measured.length - 1) * LINE_SPACING) * size;
  return middle - height / 2 + ABOVE * size;
}

/** Left end of a line: where alignment wants it, within the box and its room. */
function placeAlong({ box, room, align }: SettingPlan, width: number): number {
  const [left, , right] = box;
  const wanted = align === 'left' ? left : align === 'right' ? right - width : (left + right - width) / 2;
  return Math.max(left - room[0], Math.min(wanted, right + room[1] - width));
}

/** Words in lines of about the same width: the split with the narrowest widest line. */
function brokenInto(words: readonly string[], count: number, measure: Measure): readonly string[] {
  const widths = words.map((word) => measure(word).width);
  const space = measure('n n').width - 2 * measure('n').width;
  let low = Math.max(...widths);
  let high = widths.reduce((sum, width) => sum + width + space, 0);
  for (let round = 0; round < 24; round++) {
    const middle = (low + high) / 2;
    if (filled(words, widths, space, middle).length <= count) high = middle;
    else low = middle;
  }
  return filled(words, widths, space, high);
}

function filled(words: readonly string[], widths: readonly number[], space: number, most: number): readonly string[] {
  const lines: string[] = [];
  let width = Number.POSITIVE_INFINITY;
  for (const [i, word] of words.entries()) {
    const own = widths[i] as number;
    if (width + space + own <= most + 1e-9) {
      lines[lines.length - 1] += ` ${word}`;
      width += space + own;
    } else {
      lines.push(word);
      width = own;
    }
  }
  return lines;
}
