import type { Point, SeenText } from '../texts-meta.js';
import { asksForMore, goesBack } from './function-words.js';

/** Lines that are one text, such as both of a subtitle. */
export interface TextBlock {
  readonly lines: readonly SeenText[];
  /** The text of all lines; words that were parted at the end of a line are whole. */
  readonly text: string;
}

/** A line further away than this, in heights of a line, begins something new. */
const MAX_GAP = 0.9;
/** Lines of one text are about as high. */
const MAX_HEIGHT_RATIO = 1.35;
/** Lines that are a known phrase together may differ more. */
const MAX_PHRASE_RATIO = 1.7;
/** Lines of such a phrase at most. */
const MAX_PHRASE_LINES = 4;
/** Difference of their directions, radians. */
const MAX_TURN = 0.12;

interface Placed {
  readonly line: SeenText;
  readonly centre: Point;
  readonly height: number;
  readonly width: number;
  /** Unit vector from the beginning of the text to its end. */
  readonly along: Point;
}

/**
 * Puts lines together that go on in the next one: it lies right below, is about as high, and begins with a small letter, or the line before ends with a
 * hyphen or a comma, or one of them with a word that is no end or no beginning, such as “of”. On cards, all lines up to the end of a sentence. Other signs above each other stay apart, unless they are a known phrase together.
 *
 * @param isPhrase Of the text of several lines, whether it is known as a whole.
 */
export function blocksOf(
  lines: readonly SeenText[],
  isPhrase: (text: string) => boolean = () => false,
): readonly TextBlock[] {
  const placed = lines.map(placedLine).sort((a, b) => downOf(a) - downOf(b));
  const left = new Set(placed);
  const blocks: TextBlock[] = [];
  for (const first of placed) {
    if (!left.has(first)) continue;
    const block = phraseFrom(first, left, isPhrase) ?? sentenceFrom(first, left);
    for (const part of block) left.delete(part);
    blocks.push({ lines: block.map(({ line }) => line), text: textOf(block) });
  }
  return blocks;
}

/** The most lines from this one down that are a known phrase; nothing where none are. */
function phraseFrom(
  first: Placed,
  left: ReadonlySet<Placed>,
  isPhrase: (text: string) => boolean,
): readonly Placed[] | undefined {
  const below = linesFrom(first, left, MAX_PHRASE_RATIO).slice(0, MAX_PHRASE_LINES);
  for (let count = below.length; count > 1; count--) {
    const block = below.slice(0, count);
    if (isPhrase(textOf(block))) return block;
  }
  return undefined;
}

function sentenceFrom(first: Placed, left: ReadonlySet<Placed>): readonly Placed[] {
  return linesFrom(first, left, MAX_HEIGHT_RATIO, (before, after) => goesOn(before.line, after.line));
}

/** This line, that below it, and so on, each so much like the one before. */
function linesFrom(
  first: Placed,
  left: ReadonlySet<Placed>,
  ratio: number,
  follows: (before: Placed, after: Placed) => boolean = () => true,
): readonly Placed[] {
  const lines = new Set([first]);
  for (const last of lines) {
    for (const other of left) {
      if (lines.has(other) || !isBelow(last, other, ratio) || !follows(last, other)) continue;
      lines.add(other);
      break;
    }
  }
  return [...lines];
}

function textOf(block: readonly Placed[]): string {
  return joinLines(block.map(({ line }) => line.text));
}

/**
 * A translation on as many lines as its source, each about as long as the source's: cut between words.
 *
 * @returns As many texts as there are lines; the last ones are empty where there are fewer words than lines.
 */
export function splitLike(translation: string, lines: readonly string[]): readonly string[] {
  const words = translation.split(/\s+/).filter((word) => word !== '');
  const total = lines.reduce((sum, { length }) => sum + length, 0);
  const split: string[] = [];
  let [at, share] = [0, 0];
  for (const [i, { length }] of lines.entries()) {
    share += length / Math.max(1, total);
    const isLast = i === lines.length - 1;
    const end = isLast ? words.length : cutNear(words, share * translation.length);
    split.push(words.slice(at, Math.max(at, end)).join(' '));
    at = Math.max(at, end);
  }
  return split;
}

/** Number of words before the cut that is nearest to so many letters. */
function cutNear(words: readonly string[], letters: number): number {
  let before = 0;
  for (const [i, word] of words.entries()) {
    if (before + word.length / 2 > letters) return i;
    before += word.length + 1;
  }
  return words.length;
}

function joinLines(texts: readonly string[]): string {
  return texts.reduce((joined, text) => {
    // A hyphen between small letters parts a word; one before a capital joins two.
    if (/\p{Ll}-$/u.test(joined) && /^\p{Ll}/u.test(text)) return joined.slice(0, -1) + text;
    return `${joined} ${text}`;
  });
}

function goesOn(before: SeenText, after: SeenText): boolean {
  const [end, start] = [before.text.trimEnd(), after.text.trimStart()];
  if (/[.!?…:]["'»”)]*$/u.test(end)) return false;
  if (before.isCard === true && after.isCard === true) return true;
  return /[-,]$/u.test(end) || /^\p{Ll}/u.test(start) || asksForMore(end) || goesBack(start);
}

function isBelow(before: Placed, after: Placed, ratio: number): boolean {
  const height = Math.max(before.height, after.height);
  const { along } = before;
  // Most lines are far away: that is told first.
  const offset: Point = [after.centre[0] - before.centre[0], after.centre[1] - before.centre[1]];
  const down = cross(along, offset);
  if (down <= height / 2 || down >= height * (1 + MAX_GAP)) return false;
  const aside = Math.abs(dot(along, offset));
  if (aside >= Math.max(before.width, after.width) / 2 + height) return false;
  if (height > ratio * Math.min(before.height, after.height)) return false;
  return Math.abs(Math.atan2(cross(along, after.along), dot(along, after.along))) <= MAX_TURN;
}

function placedLine(line: SeenText): Placed {
  const [a, b, c, d] = line.quad;
  const centre = mean([a, b, c, d]);
  const [left, right] = [mean([a, d]), mean([b, c])];
  const [top, bottom] = [mean([a, b]), mean([c, d])];
  const width = Math.max(1e-6, distance(left, right));
  return {
    line,
    centre,
    width,
    height: Math.max(1e-6, distance(top, bottom)),
    along: [(right[0] - left[0]) / width, (right[1] - left[1]) / width],
  };
}

/** How far down a line is, seen upright. */
function downOf({ centre, along }: Placed): number {
  return cross(along, centre);
}

function mean(points: readonly Point[]): Point {
  const sum = points.reduce(([x, y], [px, py]) => [x + px, y + py] as const, [0, 0] as Point);
  return [sum[0] / points.length, sum[1] / points.length];
}

function distance([x, y]: Point, [u, v]: Point): number {
  return Math.hypot(u - x, v - y);
}

function dot([x, y]: Point, [u, v]: Point): number {
  return x * u + y * v;
}

function cross([x, y]: Point, [u, v]: Point): number {
  return x * v - y * u;
}
