import type { VideoFrame } from '../../../pipeline/index.js';
import { mapped, quadOf, quadSize, rectangleToQuad } from '../plane-map.js';
import { boundsOf } from '../quad-math.js';
import type { SeenText, TextQuad } from '../texts-meta.js';
import { blendLine } from './blend-line.js';
import type { Bounds } from './find-ink.js';
import { setText } from './set-text.js';
import { drawSprite, measurer, type Sprite } from './sprite.js';
import { SPRITE_DENSITY, type TextLine } from './text-line.js';

/** A card may take this many lines more than it had, and reach this far over its sides, of its width. */
const MORE_LINES = 4;
const REACH = 0.08;
const OVERHEIGHT = 1.1;

/** Lines of one text begin, or have their middles, this close to each other, and stand this close above each other, heights of a line. */
const ALIGNED = 2;
const LEADING = 2.4;
/** How much higher one may be than another. */
const OTHER_HEIGHT = 1.8;

/** True for lines that are one text, set in one block. A poster with several, or with pictures between them, is none. */
export function areOneText(quads: readonly TextQuad[]): boolean {
  const boxes = quads.map(boundsOf).sort((a, b) => a[1] - b[1]);
  const heights = quads.map((quad) => quadSize(quad).height).sort((a, b) => a - b);
  const [lowest = 0, usual = 0, highest = 0] = [heights[0], heights[heights.length >> 1], heights.at(-1)];
  const spread = (place: (box: Bounds) => number): number => {
    const places = boxes.map(place);
    return Math.max(...places) - Math.min(...places);
  };
  const isAligned =
    Math.min(
      spread(([left]) => left),
      spread(([left, , right]) => (left + right) / 2),
    ) <=
    ALIGNED * usual;
  const isDense = boxes.every((box, i) => i === 0 || middle(box) - middle(boxes[i - 1] as Bounds) <= LEADING * usual);
  return highest <= OTHER_HEIGHT * lowest && isAligned && isDense;
}

/** A line of a card, with what is known of it. */
export interface CardLine {
  readonly seen: SeenText;
  readonly quad: TextQuad;
  readonly line: TextLine;
  /** What it says in the other language, or as it is where it has no translation; empty where the translation needs fewer lines. */
  readonly fresh: string;
}

/** An intertitle: all its lines are taken out together, and its text is set anew as a whole, as words of one language rarely end where those of another do. */
export class TitleCard {
  #text: string | undefined;
  #box: Bounds = [0, 0, 1, 1];
  #sprite: Sprite | undefined;

  /** Paints the card into a frame that is writable and stays the caller's; false, and nothing changed, where no font has its letters. */
  paint(frame: VideoFrame, lines: readonly CardLine[], opacity: number): boolean {
    const text = lines
      .map(({ fresh }) => fresh)
      .filter((fresh) => fresh !== '')
      .join(' ');
    const box = boxOf(lines);
    if (this.#text !== text) {
      this.#text = text;
      this.#box = box;
      this.#sprite = drawn(text, lines, box, frame.width);
    }
    if (this.#sprite === undefined) return false;
    for (const { line, quad, seen } of lines) line.remove(frame, quad, opacity, seen.id);
    // The text keeps its size and moves with the card.
    const [width, height] = [this.#box[2] - this.#box[0], this.#box[3] - this.#box[1]];
    const [x, y] = [(box[0] + box[2] - width) / 2, (box[1] + box[3] - height) / 2];
    const quad: TextQuad = [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ];
    blendLine(frame, rectangleToQuad(width, height, quad), { sprite: this.#sprite, opacity, id: 0 });
    return true;
  }
}

function boxOf(lines: readonly CardLine[]): Bounds {
  return boundsOf(lines.flatMap(({ line, quad }) => quadOf(line.toFrame(quad), line.ink.bounds)));
}

function drawn(text: string, lines: readonly CardLine[], box: Bounds, frameWidth: number): Sprite | undefined {
  const all = lines
    .filter(({ fresh }) => fresh !== '')
    .map(({ line, quad, fresh }) => ({ quad, line, matched: line.lettering(fresh) }));
  const sizes = all.map(({ line, quad, matched }) => pixels(line, quad, matched?.size ?? 0)).sort((a, b) => a - b);
  // The longest line says most about the face.
  const [first] = all.toSorted((a, b) => b.line.grid.lineWidth - a.line.grid.lineWidth);
  const matched = first?.line.lettering(text);
  if (first === undefined || matched === undefined || all.some((one) => one.matched === undefined)) return undefined;
  const { look, stretch } = matched;
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  const room = Math.max(0, Math.min(REACH * width, box[0] - 0.03 * frameWidth, 0.97 * frameWidth - box[2]));
  const plan = {
    ...{
      box: [0, 0, width, height] as const,
      room: [room, room] as const,
      size: sizes[sizes.length >> 1] as number,
      stretch,
    },
    ...{ align: alignmentOf(lines), mostLines: lines.length + MORE_LINES, overheight: OVERHEIGHT },
  };
  const set = setText(text, plan, measurer(look.families, look.weight));
  const margin = 0.5 * set.size;
  const bounds: Bounds = [
    -room - margin,
    -margin - 0.1 * height,
    width + room + margin,
    height + margin + 0.1 * height,
  ];
  return drawSprite(set, look, bounds, SPRITE_DENSITY, first.line.colors);
}

function middle([, top, , bottom]: Bounds): number {
  return (top + bottom) / 2;
}

/** A length in the units of a line, in pixels of the frame. */
function pixels(line: TextLine, quad: TextQuad, length: number): number {
  const map = line.toFrame(quad);
  const [[ax, ay], [bx, by]] = [mapped(map, [0, 0]), mapped(map, [0, length])];
  return Math.hypot(bx - ax, by - ay);
}

/** Left where lines begin at one place but end at several. */
function alignmentOf(lines: readonly CardLine[]): 'center' | 'left' {
  const boxes = lines.map((one) => boxOf([one]));
  const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  const lefts = spread(boxes.map(([left]) => left));
  const middles = spread(boxes.map(([left, , right]) => (left + right) / 2));
  return lines.length > 1 && lefts < 0.5 * middles ? 'left' : 'center';
}
