import { chromaShift, type VideoFrame } from '../../../pipeline/index.js';
import { chained, inverse, type PlaneMap, quadOf, scaledBy } from '../plane-map.js';
import { boundsOf } from '../quad-math.js';
import type { Bounds } from './find-ink.js';
import { Grain } from './grain.js';
import type { LinePatch, PatchGrid } from './line-patch.js';
import type { Sprite } from './sprite.js';

/** What takes the place of the old text. */
export interface GroundLayer {
  readonly grid: PatchGrid;
  readonly patch: LinePatch;
  /** How much of each sample of luma, and of chroma, is replaced, 0–1. */
  readonly masks: readonly [Float32Array, Float32Array];
  /** Standard deviation of the noise that the picture has, codes of 8 bits. */
  readonly noise: number;
}

/** What to lay over a part of a frame. */
export interface LineLayers {
  readonly ground?: GroundLayer;
  readonly sprite?: Sprite;
  /** Of all of it, 0–1. */
  readonly opacity: number;
  /** Of the line, for grain. */
  readonly id: number;
}

const grain = new Grain();

/** By alpha: the part of a field with anything in it, samples, {@link NOWHERE} for none. Fields are looked at in every frame, and never change. */
const covered = new WeakMap<Float32Array, Bounds>();
const NOWHERE: Bounds = [0, 0, 0, 0];

/** A field of samples in the plane of the line, and how to come there from a plane of the frame. */
interface Field {
  readonly map: PlaneMap;
  readonly width: number;
  readonly height: number;
  readonly alpha: Float32Array;
  readonly values: Float32Array;
}

/**
 * Lays ground and text over a frame, in the perspective of the line. Only pixels under either are read or written.
 *
 * @param frame Writable; stays the caller's.
 * @param toFrame From the units of the line to pixels of the frame.
 */
export function blendLine(frame: VideoFrame, toFrame: PlaneMap, layers: LineLayers): void {
  const shift = chromaShift(frame.pixelFormat);
  const fromFrame = inverse(toFrame);
  for (const index of [0, 1, 2] as const) {
    const { x, y } = index === 0 ? { x: 0, y: 0 } : shift;
    const fromPlane = chained(fromFrame, scaledBy(2 ** x, 2 ** y));
    blendPlane(frame, index, groundField(layers, index, fromPlane), spriteField(layers, index, fromPlane), layers);
  }
}

/** The part of the plane in which there is any of the fields. */
function windowOf(fields: readonly Field[]): Bounds {
  return boundsOf(fields.flatMap((field) => quadOf(inverse(field.map), coveredOf(field))));
}

function coveredOf({ alpha, width, height }: Field): Bounds {
  const known = covered.get(alpha);
  if (known !== undefined) return known;
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (alpha[at] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  // Between samples it reaches to the middle of the next.
  const bounds = right === 0 ? NOWHERE : ([left - 1, top - 1, right + 1, bottom + 1] as const);
  covered.set(alpha, bounds);
  return bounds;
}

function groundField({ ground }: LineLayers, index: 0 | 1 | 2, fromPlane: PlaneMap): Field | undefined {
  if (ground === undefined) return undefined;
  const level = index === 0 ? 0 : 1;
  const { width, height, values } = ground.patch[index];
  return { map: chained(ground.grid.toSamples(level), fromPlane), width, height, alpha: ground.masks[level], values };
}

function spriteField({ sprite }: LineLayers, index: 0 | 1 | 2, fromPlane: PlaneMap): Field | undefined {
  if (sprite === undefined) return undefined;
  const { width, height, alpha, planes } = sprite.levels[index === 0 ? 0 : 1];
  const [left, top, right, bottom] = sprite.bounds;
  const [across, down] = [width / (right - left), height / (bottom - top)];
  return {
    map: chained(scaledBy(across, down, -left * across, -top * down), fromPlane),
    width,
    height,
    alpha,
    values: planes[index],
  };
}

function blendPlane(
  frame: VideoFrame,
  index: 0 | 1 | 2,
  ground: Field | undefined,
  sprite: Field | undefined,
  { ground: layer, opacity, id }: LineLayers,
): void {
  const plane = frame.plane(index);
  const { width, height } = frame.planes[index];
  const unit = 2 ** (frame.bitDepth - 8);
  const most = 2 ** frame.bitDepth - 1;
  const noise = index === 0 ? (layer?.noise ?? 0) * unit : 0;
  const [shiftX, shiftY] = Grain.shift(frame.index, id);
  const window = windowOf([ground, sprite].filter((field) => field !== undefined));
  const [left, right] = [Math.max(0, Math.floor(window[0])), Math.min(width, Math.ceil(window[2]))];
  const [below, above] = [new FieldRow(left, right), new FieldRow(left, right)];
  for (let y = Math.max(0, Math.floor(window[1])); y < Math.min(height, Math.ceil(window[3])); y++) {
    below.look(ground, y);
    above.look(sprite, y);
    for (let i = 0; i < right - left; i++) {
      const groundShare = (below.alpha[i] as number) * opacity;
      const spriteShare = (above.alpha[i] as number) * opacity;
      if (groundShare === 0 && spriteShare === 0) continue;
      const at = y * width + left + i;
      let value = plane[at] as number;
      value += ((below.value[i] as number) * unit - value) * groundShare;
      value += (above.value[i] as number) * unit * opacity - value * spriteShare;
      const kept = (1 - groundShare) * (1 - spriteShare);
      if (noise > 0) value += noise * Math.sqrt(1 - kept * kept) * grain.at(left + i + shiftX, y + shiftY);
      plane[at] = value < 0 ? 0 : value > most ? most : Math.round(value);
    }
  }
}

/** A field between its samples, along a part of a row of the plane. */
class FieldRow {
  /** How much there is of it at each pixel, and its value there; both 0 where it has nothing. */
  readonly alpha: Float32Array;
  readonly value: Float32Array;
  readonly #left: number;
  readonly #right: number;

  /** @param left, right Pixels of the plane, the second one beyond the part. */
  constructor(left: number, right: number) {
    this.#left = left;
    this.#right = right;
    this.alpha = new Float32Array(Math.max(0, right - left));
    this.value = new Float32Array(Math.max(0, right - left));
  }

  /** Fills both from a field, or from none. A loop of its own without calls and objects: painting takes as long as it does. */
  look(field: Field | undefined, y: number): void {
    this.alpha.fill(0);
    this.value.fill(0);
    if (field === undefined) return;
    const { width, height, alpha, values } = field;
    const [right, left] = [this.#right, this.#left];
    const [alphaTo, valueTo] = [this.alpha, this.value];
    const [lastColumn, lastRow] = [width - 2, height - 2];
    const m = field.map;
    const [stepU, stepV, stepW] = [m[0], m[3], m[6]];
    const startU = m[1] * (y + 0.5) + m[2];
    const startV = m[4] * (y + 0.5) + m[5];
    const startW = m[7] * (y + 0.5) + m[8];
    for (let x = left; x < right; x++) {
      const w = stepW * (x + 0.5) + startW;
      // Behind the vanishing line there is no plane.
      if (w <= 0) continue;
      const nearness = 1 / w;
      const u = (stepU * (x + 0.5) + startU) * nearness - 0.5;
      const v = (stepV * (x + 0.5) + startV) * nearness - 0.5;
      if (!(u > -0.5 && v > -0.5 && u < width - 0.5 && v < height - 0.5)) continue;
      const column = u < lastColumn ? u | 0 : lastColumn;
      const row = v < lastRow ? v | 0 : lastRow;
      const first = row * width + column;
      const a = alpha[first] as number;
      const b = alpha[first + 1] as number;
      const c = alpha[first + width] as number;
      const d = alpha[first + width + 1] as number;
      if (a === 0 && b === 0 && c === 0 && d === 0) continue;
      const shareX = u < 0 ? 0 : u > column + 1 ? 1 : u - column;
      const shareY = v < 0 ? 0 : v > row + 1 ? 1 : v - row;
      const upperAlpha = a + (b - a) * shareX;
      const lowerAlpha = c + (d - c) * shareX;
      alphaTo[x - left] = upperAlpha + (lowerAlpha - upperAlpha) * shareY;
      const e = values[first] as number;
      const g = values[first + width] as number;
      const upper = e + ((values[first + 1] as number) - e) * shareX;
      const lower = g + ((values[first + width + 1] as number) - g) * shareX;
      valueTo[x - left] = upper + (lower - upper) * shareY;
    }
  }
}
