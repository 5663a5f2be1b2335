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

/** A value and how much of it there is, of a {@link Field} between its samples. */
const spot = { alpha: 0, value: 0 };

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
  for (let y = Math.max(0, Math.floor(window[1])); y < Math.min(height, Math.ceil(window[3])); y++) {
    for (let x = left; x < right; x++) {
      const at = y * width + x;
      let value = plane[at] as number;
      let kept = 1;
      if (ground !== undefined && look(ground, x + 0.5, y + 0.5)) {
        const share = spot.alpha * opacity;
        value += (spot.value * unit - value) * share;
        kept -= share;
      }
      if (sprite !== undefined && look(sprite, x + 0.5, y + 0.5)) {
        value += (spot.value * unit - value * spot.alpha) * opacity;
        kept *= 1 - spot.alpha * opacity;
      }
      if (kept === 1) continue;
      if (noise > 0) value += noise * Math.sqrt(1 - kept * kept) * grain.at(x + shiftX, y + shiftY);
      plane[at] = value < 0 ? 0 : value > most ? most : Math.round(value);
    }
  }
}

/** Interpolates a field at a place of the plane into {@link spot}; false where it has nothing. */
function look({ map, width, height, alpha, values }: Field, x: number, y: number): boolean {
  const w = map[6] * x + map[7] * y + map[8];
  // Behind the vanishing line there is no plane.
  if (w <= 0) return false;
  const u = (map[0] * x + map[1] * y + map[2]) / w - 0.5;
  const v = (map[3] * x + map[4] * y + map[5]) / w - 0.5;
  if (!(u > -0.5 && v > -0.5 && u < width - 0.5 && v < height - 0.5)) return false;
  const column = Math.min(width - 2, Math.max(0, Math.trunc(u)));
  const row = Math.min(height - 2, Math.max(0, Math.trunc(v)));
  const first = row * width + column;
  const [a, b] = [alpha[first] as number, alpha[first + 1] as number];
  const [c, d] = [alpha[first + width] as number, alpha[first + width + 1] as number];
  if (a === 0 && b === 0 && c === 0 && d === 0) return false;
  const shareX = Math.min(1, Math.max(0, u - column));
  const shareY = Math.min(1, Math.max(0, v - row));
  spot.alpha = mix(mix(a, b, shareX), mix(c, d, shareX), shareY);
  const upper = mix(values[first] as number, values[first + 1] as number, shareX);
  const lower = mix(values[first + width] as number, values[first + width + 1] as number, shareX);
  spot.value = mix(upper, lower, shareY);
  return true;
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
