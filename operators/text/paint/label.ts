import { type PictureSize, shownPlace, shownSize, storedPlace, type VideoFrame } from '../../../pipeline/index.js';
import { quadOf, rectangleToQuad } from '../plane-map.js';
import { boundsOf } from '../quad-math.js';
import type { Point, TextQuad } from '../texts-meta.js';
import { blendLine } from './blend-line.js';
import type { Rgb } from './contrast.js';
import type { Bounds } from './find-ink.js';
import { BUNDLED_FAMILY, familiesFor } from './fonts.js';
import { LINE_SPACING, type SetText, setText } from './set-text.js';
import { drawSprite, measurer, type Sprite } from './sprite.js';
import { SPRITE_DENSITY, type TextLine } from './text-line.js';

const CAPTION_INK: Rgb = [250, 250, 250];
const CAPTION_PLATE: Rgb = [14, 15, 18];
const CAPTION_OPACITY = 0.78;
/** Size of captions, of the height of the picture as it is shown: between these, else that of the line. */
const CAPTION_SIZES = [1 / 24, 1 / 13] as const;
const CAPTION_WIDTH = 0.7;
const CAPTION_LINES = 3;
/** Space around letters on a plate, of their size. */
const PADDING = [0.45, 0.22] as const;
/** Size of the second language under a line, of the line's own. */
const SECOND_SIZE = 0.92;
/** It may be this much wider than the line. */
const SECOND_WIDTH = 1.5;
const SECOND_OPACITY = 0.94;
const GAP = 0.12;

/** A caption for a line: light letters on a dark plate, in pixels of the picture as it is shown, from its own left upper corner. Nothing where no font has its letters. */
export function captionFor(
  line: TextLine,
  text: string,
  font: string | undefined,
  frame: VideoFrame,
): Sprite | undefined {
  const shown = shownSize(frame, frame.rotation);
  const families = familiesFor(text, font ?? BUNDLED_FAMILY);
  if (families === undefined) return undefined;
  const wanted = line.grid.lineHeight * 0.8;
  const size = Math.min(CAPTION_SIZES[1] * shown.height, Math.max(CAPTION_SIZES[0] * shown.height, wanted));
  const look = { families, weight: 400, ink: CAPTION_INK };
  const width = CAPTION_WIDTH * shown.width;
  const height = CAPTION_LINES * LINE_SPACING * size;
  const box: Bounds = [0, 0, width, height];
  const plan = {
    box,
    room: [0, 0] as const,
    size,
    stretch: 1,
    align: 'center' as const,
    mostLines: CAPTION_LINES,
    overheight: 1,
  };
  const set = setText(text, plan, measurer(families, 400));
  const bounds = plateAround(set, measurer(families, 400));
  const plate = { color: CAPTION_PLATE, opacity: CAPTION_OPACITY, bounds, radius: 0.25 * set.size };
  return drawSprite(set, { ...look, plate }, bounds, SPRITE_DENSITY, line.colors);
}

/** Where captions of one frame lie already, in the picture as it is shown. */
export class CaptionPlaces {
  readonly #taken: Bounds[] = [];

  /** The next free place under a line, or above it where there is none: within the picture wherever it fits. */
  place(sprite: Sprite, quad: TextQuad, size: PictureSize, rotation: number): Bounds {
    const shown = shownSize(size, rotation);
    const [left, top, right, bottom] = boundsOf(quad.map((corner) => shownPlace(corner, size, rotation)));
    const [width, height] = sides(sprite.bounds);
    const x = Math.max(2, Math.min((left + right - width) / 2, shown.width - width - 2));
    const below = this.#freeFrom(x, bottom + 0.15 * height, width, height, 1);
    const y = below + height <= shown.height ? below : this.#freeFrom(x, top - 1.15 * height, width, height, -1);
    const bounds: Bounds = [x, Math.max(0, y), x + width, Math.max(0, y) + height];
    this.#taken.push(bounds);
    return bounds;
  }

  #freeFrom(x: number, from: number, width: number, height: number, direction: 1 | -1): number {
    let y = from;
    for (const _ of this.#taken) {
      const hit = this.#taken.find(([l, t, r, b]) => l < x + width && r > x && t < y + height && b > y);
      if (hit === undefined) break;
      y = direction > 0 ? hit[3] + 2 : hit[1] - height - 2;
    }
    return y;
  }
}

/** Paints a caption at its place in the picture as it is shown. @param frame Writable; stays the caller's. */
export function paintCaption(
  frame: VideoFrame,
  sprite: Sprite,
  [x1, y1, x2, y2]: Bounds,
  opacity: number,
  id: number,
): void {
  const stored = (x: number, y: number): Point => storedPlace([x, y], frame, frame.rotation);
  const quad: TextQuad = [stored(x1, y1), stored(x2, y1), stored(x2, y2), stored(x1, y2)];
  const [width, height] = sides(sprite.bounds);
  const shifted = { ...sprite, bounds: [0, 0, width, height] as const };
  blendLine(frame, rectangleToQuad(width, height, quad), { sprite: shifted, opacity, id });
}

/** The second language of a line: in its colours and its plane, on a plate right under it, or above where the picture ends or something else is written. Nothing where neither place is free, or no font has its letters. */
export function secondLineFor(line: TextLine, text: string, quad: TextQuad, frame: PictureSize): Sprite | undefined {
  const matched = line.lettering(text);
  if (matched === undefined) return undefined;
  const { grid, ink, colors } = line;
  const { look, stretch } = matched;
  const size = SECOND_SIZE * Math.min(matched.size, grid.lineHeight);
  const [left, , right] = ink.bounds;
  const measure = measurer(look.families, look.weight);
  const height = (1 + 2 * PADDING[1]) * size;
  const extra = ((SECOND_WIDTH - 1) / 2) * (right - left);
  const at = (top: number): SetText =>
    setText(
      text,
      {
        ...{
          box: [left, top + PADDING[1] * size, right, top + height - PADDING[1] * size] as const,
          room: [extra, extra] as const,
        },
        ...{ size, stretch, align: 'center' as const, mostLines: 2, overheight: 1.9 },
      },
      measure,
    );
  const under = grid.lineHeight * (1 + GAP);
  const over = -grid.lineHeight * GAP - height;
  const toFrame = line.toFrame(quad);
  const top = [under, over].find((start) => {
    const place: Bounds = [left, start, right, start + height];
    const corners = quadOf(toFrame, place);
    return line.isFree(place) && corners.every(([x, y]) => x > 0 && y > 0 && x < frame.width && y < frame.height);
  });
  if (top === undefined) return undefined;
  const set = at(top);
  const bounds = plateAround(set, measure);
  const ground = colors.rgb(ink.ground);
  const { outline: _, blur: __, ...plain } = look;
  const plate = { color: ground, opacity: SECOND_OPACITY, bounds, radius: 0.15 * set.size };
  return drawSprite(set, { ...plain, plate }, bounds, SPRITE_DENSITY, colors);
}

function plateAround(set: SetText, measure: (text: string) => { readonly width: number }): Bounds {
  const ends = set.lines.map(({ text, x }) => x + measure(text).width * set.size * set.stretch);
  const left = Math.min(...set.lines.map(({ x }) => x)) - PADDING[0] * set.size;
  const right = Math.max(...ends) + PADDING[0] * set.size;
  const top = (set.lines[0]?.baseline ?? 0) - (0.74 + PADDING[1]) * set.size;
  const bottom = (set.lines.at(-1)?.baseline ?? 0) + (0.22 + PADDING[1]) * set.size;
  return [left, top, right, bottom];
}

function sides([left, top, right, bottom]: Bounds): readonly [width: number, height: number] {
  return [right - left, bottom - top];
}
