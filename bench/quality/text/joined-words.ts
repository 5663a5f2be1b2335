import { cornersOf, minAreaRectangle } from '../../../models/adapters/text/min-area-rectangle.js';
import { distance, lineHeight } from '../../../operators/text/quad-math.js';
import type { Point } from '../../../operators/text/texts-meta.js';
import type { LabelledLine } from './labelled-scenes.js';

/** Limits of words of one line, heights of the lower one: how far apart they are, how much they may overlap, and how far one may be above the other. */
const MOST_GAP = 0.8;
const MOST_OVERLAP = 0.3;
const MOST_ASIDE = 0.4;
/** How many times as high one word of a line may be as another. */
const MOST_TALLER = 1.6;

/** Words that stand next to each other as lines, as `models/training/text/real.py` joins them; ignored ones stay as they are, behind them. */
export function joinedWords(words: readonly LabelledLine[]): readonly LabelledLine[] {
  const asked = words.filter(({ ignored }) => !ignored);
  const groups = new Map(asked.map((word) => [word, new Set([word])]));
  for (const first of asked) {
    for (const second of asked) {
      if (first === second || !follows(first, second)) continue;
      const together = new Set([...(groups.get(first) ?? []), ...(groups.get(second) ?? [])]);
      for (const word of together) groups.set(word, together);
    }
  }
  return [...[...new Set(groups.values())].map(lineOf), ...words.filter(({ ignored }) => ignored)];
}

function lineOf(group: ReadonlySet<LabelledLine>): LabelledLine {
  const words = [...group];
  const [only] = words;
  if (only !== undefined && words.length === 1) return only;
  const quad = cornersOf(minAreaRectangle(words.flatMap(({ quad }) => quad)));
  return { quad, ignored: false, text: words.map(({ text }) => text).join(' ') };
}

/** Whether the second word stands right of the first, in its direction and about as high. */
function follows({ quad: first }: LabelledLine, { quad: second }: LabelledLine): boolean {
  const long = Math.max(1e-6, distance(first[0], first[1]));
  const [u, v] = [(first[1][0] - first[0][0]) / long, (first[1][1] - first[0][1]) / long];
  const [end, start] = [middleOf(first[1], first[2]), middleOf(second[0], second[3])];
  const [x, y] = [start[0] - end[0], start[1] - end[1]];
  const [forward, aside] = [x * u + y * v, Math.abs(x * v - y * u)];
  const heights = [lineHeight(first), lineHeight(second)];
  const [least, most] = [Math.min(...heights), Math.max(...heights)];
  const isNear = forward > -MOST_OVERLAP * least && forward < MOST_GAP * least;
  return isNear && aside < MOST_ASIDE * least && most < MOST_TALLER * least;
}

function middleOf([ax, ay]: Point, [bx, by]: Point): Point {
  return [(ax + bx) / 2, (ay + by) / 2];
}
