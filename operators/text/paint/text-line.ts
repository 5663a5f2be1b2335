import type { PictureSize, VideoFrame } from '../../../pipeline/index.js';
import { inverse, mapped, type PlaneMap, quadSize, rectangleToQuad } from '../plane-map.js';
import { boundsOf } from '../quad-math.js';
import type { SeenText, TextQuad } from '../texts-meta.js';
import { blendLine } from './blend-line.js';
import { CodeColors } from './code-colors.js';
import { type Bounds, findInk, type Ink } from './find-ink.js';
import type { Typeface } from './fonts.js';
import { foreignLines } from './foreign-lines.js';
import { GroundPlate } from './ground-plate.js';
import { areAlike, contrastOf, type InkContrast } from './ink-contrast.js';
import type { KeptPictures } from './kept-pictures.js';
import { emptyPatch, PatchGrid, readPatch } from './line-patch.js';
import { type MatchedLettering, matchLettering } from './match-lettering.js';
import { setText } from './set-text.js';
import { drawSprite, measurer, type Sprite } from './sprite.js';

/** Samples of a sprite for a pixel of the frame: enough to be warped without becoming soft. */
export const SPRITE_DENSITY = 1.5;
/** Growing or shrinking by this, a line is looked at and drawn anew. */
const OTHER_SIZE = 1.4;
/** Share of a line that must have come into the picture for it to be looked at anew. */
const MORE_INSIDE = 0.2;
/** Pixels that a line of several needs at least. */
const LEAST_LINE = 9;
const MOST_LINES = 3;
/** How much more height than the old line several lines may take. */
const OVERHEIGHT = 1.15;

/** One line of text in a stream: what it looks like and stands on, and what it is replaced by. */
export class TextLine {
  readonly grid: PatchGrid;
  readonly ink: Ink;
  readonly #text: string;
  readonly #colors: CodeColors;
  readonly #faces: readonly Typeface[];
  readonly #plate: GroundPlate;
  readonly #foreign: Float32Array;
  readonly #align: 'center' | 'left' | 'right';
  /** Opacity with which it was looked at; 1 as well once it has proved to look the same since. */
  #seenAt: number;
  /** How its ink differed from its ground then. */
  readonly #contrast: InkContrast;
  /** Share of it that was in the picture then. */
  readonly #inside: number;
  #sprite: { readonly text: string; readonly sprite: Sprite | undefined } | undefined;
  #lettering: { readonly text: string; readonly matched: MatchedLettering | undefined } | undefined;

  /** @param frame In which it is seen; stays the caller's. @param others Quads of all other lines in it. @param kept Pictures of the same stream. */
  constructor(
    frame: VideoFrame,
    seen: SeenText,
    quad: TextQuad,
    others: readonly TextQuad[],
    faces: readonly Typeface[],
    kept: KeptPictures,
  ) {
    const { width, height } = quadSize(quad);
    this.grid = new PatchGrid(width, height);
    this.#text = seen.text;
    this.#seenAt = seen.opacity;
    this.#inside = insideShare(quad, frame);
    this.#colors = new CodeColors(frame);
    this.#faces = faces;
    const toFrame = this.toFrame(quad);
    const patch = emptyPatch(this.grid);
    readPatch(frame, this.grid, toFrame, patch);
    this.#foreign = foreignLines(this.grid, toFrame, others);
    this.ink = findInk(patch, this.grid, this.#foreign);
    this.#contrast = contrastOf(patch, this.ink);
    this.#plate = new GroundPlate(
      this.grid,
      this.ink.mask,
      this.#foreign.map((share, at) => Math.max(share, this.ink.beyond[at] as number)),
      kept,
    );
    this.#align = alignment(toFrame, this.ink, this.grid, others);
  }

  /** From the units of the line to pixels of a frame in which it has this quad. */
  toFrame(quad: TextQuad): PlaneMap {
    return rectangleToQuad(this.grid.lineWidth, this.grid.lineHeight, quad);
  }

  /** False where it must be looked at anew: it has another size, was fainter when it was looked at, or has come farther into the picture. @param frame Before it is painted; stays the caller's. */
  suits(seen: SeenText, quad: TextQuad, frame: VideoFrame): boolean {
    if (this.#inside < 1 && insideShare(quad, frame) >= Math.min(1, this.#inside + MORE_INSIDE)) return false;
    const ratio = quadSize(quad).height / this.grid.lineHeight;
    if (!(ratio < OTHER_SIZE && ratio > 1 / OTHER_SIZE && this.#text === seen.text)) return false;
    return this.#seenAt >= 1 || seen.opacity < 1 || this.#looksAsBefore(quad, frame);
  }

  /** Looking costs a tenth of a second; signs, unlike titles, look from the first frame on as they stay. */
  #looksAsBefore(quad: TextQuad, frame: VideoFrame): boolean {
    if (!this.ink.isClear) return false;
    const patch = emptyPatch(this.grid);
    readPatch(frame, this.grid, this.toFrame(quad), patch);
    if (!areAlike(this.#contrast, contrastOf(patch, this.ink))) return false;
    this.#seenAt = 1;
    return true;
  }

  get colors(): CodeColors {
    return this.#colors;
  }

  /** How the old text looks; nothing where no font has the letters of the new one. */
  lettering(fresh: string): MatchedLettering | undefined {
    if (this.#lettering?.text !== fresh) {
      const matched = matchLettering(this.ink, this.grid, this.#text, fresh, this.#faces, this.#colors);
      this.#lettering = { text: fresh, matched };
    }
    return this.#lettering.matched;
  }

  /** Takes the old text out of a frame. @param frame Writable; stays the caller's. */
  remove(frame: VideoFrame, quad: TextQuad, opacity: number, id: number): void {
    const toFrame = this.toFrame(quad);
    this.#plate.next(frame, toFrame);
    blendLine(frame, toFrame, { ground: this.#plate, opacity, id });
  }

  /** Takes the old text out of a frame and writes another in its place; false, and nothing changed, where no font has its letters. */
  replace(frame: VideoFrame, quad: TextQuad, fresh: string, opacity: number, id: number): boolean {
    const sprite = this.#spriteOf(fresh);
    if (sprite === undefined) return false;
    const toFrame = this.toFrame(quad);
    this.#plate.next(frame, toFrame);
    blendLine(frame, toFrame, { ground: this.#plate, sprite, opacity, id });
    return true;
  }

  /** True where nothing else is written in a rectangle, in units of the line. */
  isFree([left, top, right, bottom]: Bounds): boolean {
    const { density, marginX, marginY, columns, rows } = this.grid;
    const column = (x: number): number => Math.max(0, Math.min(columns, Math.round((x + marginX) * density[0])));
    const row = (y: number): number => Math.max(0, Math.min(rows, Math.round((y + marginY) * density[1])));
    for (let y = row(top); y < row(bottom); y++) {
      if (this.#foreign.subarray(y * columns + column(left), y * columns + column(right)).includes(1)) return false;
    }
    return true;
  }

  #spriteOf(fresh: string): Sprite | undefined {
    if (this.#sprite?.text !== fresh) this.#sprite = { text: fresh, sprite: this.#drawn(fresh) };
    return this.#sprite.sprite;
  }

  #drawn(fresh: string): Sprite | undefined {
    const matched = this.lettering(fresh);
    if (matched === undefined) return undefined;
    const { look, size, stretch, baseline } = matched;
    const [, top, , bottom] = this.ink.bounds;
    const plan = {
      ...{ box: this.ink.bounds, room: this.ink.room, size, stretch, baseline, align: this.#align },
      ...{
        mostLines: Math.max(1, Math.min(MOST_LINES, Math.trunc((bottom - top) / LEAST_LINE))),
        overheight: OVERHEIGHT,
      },
    };
    const set = setText(fresh, plan, measurer(look.families, look.weight));
    return drawSprite(set, look, this.grid.bounds, SPRITE_DENSITY, this.#colors);
  }
}

/** Left or right where another line close by ends there as well, but has another middle. */
function alignment(
  toFrame: PlaneMap,
  { bounds: [left, , right] }: Ink,
  { lineHeight }: PatchGrid,
  others: readonly TextQuad[],
): 'center' | 'left' | 'right' {
  const fromFrame = inverse(toFrame);
  for (const quad of others) {
    const corners = quad.map((corner) => mapped(fromFrame, corner));
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    const [otherLeft, otherRight] = [Math.min(...xs), Math.max(...xs)];
    const isNear = Math.min(...ys) < 2.5 * lineHeight && Math.max(...ys) > -1.5 * lineHeight;
    const apart = Math.abs((otherLeft + otherRight) / 2 - (left + right) / 2);
    if (!isNear || apart < 0.6 * lineHeight) continue;
    if (Math.abs(otherLeft - left) < 0.4 * lineHeight) return 'left';
    if (Math.abs(otherRight - right) < 0.4 * lineHeight) return 'right';
  }
  return 'center';
}

/** Share of the corners' span that lies in the picture. */
export function insideShare(quad: TextQuad, { width, height }: PictureSize): number {
  const [left, top, right, bottom] = boundsOf(quad);
  const across = (Math.min(width, right) - Math.max(0, left)) / (right - left);
  const down = (Math.min(height, bottom) - Math.max(0, top)) / (bottom - top);
  return Math.max(0, across) * Math.max(0, down);
}
