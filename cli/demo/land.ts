import { mulberry32 } from '../../pipeline/mulberry32.js';
import type { Canvas } from './canvas.js';
import { clamp, mix, type Noise, smoothStep } from './noise.js';

/** Sky with broken clouds that recede towards the horizon, lit from the upper left. */
export function paintSky(canvas: Canvas, noise: Noise, horizon: number): void {
  const density = (u: number, v: number) =>
    noise.fractal(
      u + 0.6 * noise.fractal(u * 0.7, v * 0.7 + 40, 3),
      v + 0.4 * noise.fractal(u * 0.7 + 80, v * 0.7, 3),
      6,
    );
  canvas.paint(0, horizon + 2, (x, y) => {
    const up = clamp((horizon - y) / horizon);
    const distance = 1 / (up + 0.24);
    const u = ((x - canvas.width / 2) / 150) * distance * 0.55 + 3;
    const v = distance * 2.1;
    const here = density(u, v);
    const cover = smoothStep(0.0, 0.2, here);
    const clear = mix(0.86, 0.6, up ** 0.75);
    if (cover === 0) return clear;
    const towardsSun = density(u - 0.1, v + 0.13);
    const lit = clamp(0.62 + (here - towardsSun) * 2.2);
    const cloud = mix(0.7, 1.02, lit) - 0.1 * smoothStep(0.25, 0.6, here);
    return mix(mix(clear, cloud, cover), 0.87, smoothStep(0.16, 0, up) * 0.8);
  });
}

export interface HillOptions {
  /** Row of its lowest crest. */
  readonly foot: number;
  readonly height: number;
  /** Pixels per swell of the crest line. */
  readonly swell: number;
  /** 0 near and clear, 1 lost in haze. */
  readonly haze: number;
  readonly offset: number;
}

/** A range of wooded hills across the picture. */
export function paintHills(canvas: Canvas, noise: Noise, { foot, height, swell, haze, offset }: HillOptions): void {
  const crest = (x: number) => {
    const shape = 0.5 + noise.fractal(x / swell + offset, offset, 5);
    const treetops = (1 - haze) * 2.5 * noise.fractal(x / 5, offset + 50, 3);
    return foot - height * clamp(shape, 0.02, 1.3) - treetops;
  };
  const gullies = (u: number, v: number) => noise.fractal(u + 0.35 * v, v + offset, 5);
  const crests = new Float32Array(canvas.width * 2 + 2).map((_, i) => crest(i / 2));
  canvas.paint(foot - height * 1.5, foot + 40, (x, y) => {
    const top = crests[Math.round(x * 2)] as number;
    if (y < top) return undefined;
    const down = (y - top) / height;
    const relief =
      gullies(x / (swell * 0.22), down * 1.6) - gullies((x - swell * 0.02) / (swell * 0.22), down * 1.6 - 0.05);
    const woods = smoothStep(-0.15, 0.25, noise.fractal(x / (swell * 0.16), down * 3 + offset, 4) + 0.35 * down);
    const crowns = noise.fractal(x / 3.1, y / 2.2 + offset, 3);
    const value = mix(0.44, 0.24, woods) + 0.5 * relief + (0.05 + 0.14 * woods) * crowns;
    // Valleys hold more haze than crests.
    return mix(value, 0.76, clamp(haze + 0.16 * smoothStep(0, height, y - top)));
  });
}

export interface MeadowOptions {
  readonly horizon: number;
  /** Brightness of the grass. */
  readonly tone: number;
  readonly seed: number;
}

/** Grass in perspective from the horizon to the lower edge: patches far away, blades up close. */
export function paintMeadow(canvas: Canvas, noise: Noise, { horizon, tone, seed }: MeadowOptions): void {
  const depth = canvas.height - horizon;
  const grass = (x: number, y: number) => {
    const near = (y - horizon) / depth;
    const distance = 1 / (near + 0.05);
    const u = ((x - canvas.width / 2) / 300) * distance;
    const patches = noise.fractal(u * 0.7, distance * 1.4, 4);
    const mown = noise.fractal(u * 3 + 30, distance * 6, 4);
    const tufts = noise.fractal(x / (1.5 + 9 * near), y / (0.8 + 4 * near), 3);
    const value = tone * (1 + 0.42 * patches + 0.3 * mown + 0.62 * tufts * (0.4 + near));
    return mix(value, 0.66, 0.55 * Math.exp(-near * 16)) * mix(1.06, 0.86, near);
  };
  canvas.paint(horizon, canvas.height, grass);
  const random = mulberry32(seed);
  const blades = canvas.width * 48;
  for (let i = 0; i < blades; i++) {
    // From far to near, so that near blades cover far ones.
    const near = Math.sqrt((i + random()) / blades);
    const x = random() * canvas.width;
    const y = horizon + 3 + near * (depth + 8);
    const length = 0.8 + 17 * near ** 2.1 * (0.4 + random());
    const patch = noise.fractal(x / 60, y / 25 + 90, 3);
    const value = clamp(tone * (0.5 + 1.05 * random() + 0.6 * patch), 0.06, 0.9);
    const lean = (random() - 0.35) * length * 0.7;
    canvas.blade({ x, y }, { x: x + lean, y: y - length }, value, 0.28 + 0.4 * near);
  }
}

export interface WaterOptions {
  /** Row of the far shore, and of the near one in the middle of the picture. */
  readonly farShore: number;
  readonly nearShore: (x: number) => number;
  /** Columns between which the water lies; the shore bends there. */
  readonly left: number;
  readonly right: number;
}

/** A lake that mirrors what was painted above its far shore. */
export function paintWater(canvas: Canvas, noise: Noise, { farShore, nearShore, left, right }: WaterOptions): void {
  canvas.paint(farShore, canvas.height, (x, y) => {
    const bay = 10 * noise.fractal(y / 14, 3, 3);
    const near = nearShore(x) + 3 * noise.fractal(x / 14, 7, 4);
    if (x < left + bay || x > right - bay || y > near) return undefined;
    const closeness = (y - farShore) / (near - farShore + 1);
    const scale = 1 + (y - farShore) / 9;
    const ripple = noise.fractal(x / (9 * scale), (y - farShore) / (0.55 * scale), 4);
    const mirrored = canvas.sample(x + ripple * 3 * scale, 2 * farShore - y + ripple * 2.4 * scale);
    const bank = smoothStep(4, 0, near - y) * 0.22 + smoothStep(5, 0, y - farShore) * 0.16;
    const glint = smoothStep(0.3, 0.62, ripple) * 0.18;
    return clamp(mirrored * mix(0.8, 0.6, closeness) + 0.05 + ripple * 0.09 + glint - bank, 0.05, 0.95);
  });
}

/** A trodden path from a near point to a far one, narrowing as it goes. */
export function paintPath(
  canvas: Canvas,
  noise: Noise,
  path: { readonly top: number; readonly centre: (y: number) => number; readonly width: (y: number) => number },
): void {
  canvas.paint(path.top, canvas.height, (x, y) => {
    const width = path.width(y) * (1 + 0.35 * noise.fractal(x / 11, y / 7, 3));
    const across = Math.abs(x - path.centre(y)) / width;
    if (across > 1) return undefined;
    const gravel = noise.fractal(x / 2.6, y / 1.7, 3);
    const ruts = 0.08 * Math.cos(across * 9);
    return mix(canvas.sample(x, y), 0.62 + 0.16 * gravel + ruts, smoothStep(1, 0.65, across) * 0.85);
  });
}
