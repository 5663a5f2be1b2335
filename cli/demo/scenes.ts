import { mulberry32 } from '../../pipeline/mulberry32.js';
import { paintFence, paintHouse } from './buildings.js';
import { Canvas } from './canvas.js';
import { paintHills, paintMeadow, paintPath, paintSky, paintWater } from './land.js';
import { mix, Noise } from './noise.js';
import { paintTree } from './trees.js';

/** A still that the camera moves over: brightness from 0 to 1, row by row. */
export interface Panorama {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float32Array;
}

const WIDTH = 980;
const HEIGHT = 540;

function finished(canvas: Canvas): Panorama {
  return { width: canvas.width, height: canvas.height, pixels: canvas.pixels() };
}

/** A farm in a valley: meadow, path, house, trees, hills behind. */
export function farmPanorama(): Panorama {
  const canvas = new Canvas(WIDTH, HEIGHT);
  const noise = new Noise(11);
  const horizon = 262;
  paintSky(canvas, noise, horizon + 14);
  paintHills(canvas, noise, { foot: horizon + 2, height: 88, swell: 260, haze: 0.72, offset: 3.1 });
  paintHills(canvas, noise, { foot: horizon + 6, height: 46, swell: 170, haze: 0.42, offset: 8.7 });
  paintMeadow(canvas, noise, { horizon, tone: 0.46, seed: 21 });
  const random = mulberry32(4);
  for (let i = 0; i < 46; i++) {
    const far = random();
    const kind = random() < 0.3 ? 'conifer' : random() < 0.4 ? 'bush' : 'broad';
    const height = mix(14, 36, random()) * (kind === 'bush' ? 0.45 : 1);
    paintTree(canvas, {
      x: random() * WIDTH,
      y: horizon + 4 + far * 9,
      height,
      seed: 100 + i,
      kind,
      haze: 0.42 - 0.22 * far,
    });
  }
  for (let i = 0; i < 26; i++) {
    const x = i < 16 ? 20 + i * 17 + random() * 14 : 610 + (i - 16) * 26 + random() * 20;
    const height = mix(42, 78, random()) * (i < 16 ? 1 : 0.72);
    paintTree(canvas, {
      x,
      y: 284 + random() * 9,
      height,
      seed: 200 + i,
      haze: 0.2,
      kind: random() < 0.2 ? 'conifer' : 'broad',
    });
  }
  paintPath(canvas, noise, {
    top: 326,
    centre: (y) => 452 + 130 * Math.sin((y - 326) / 88) + (y - 326) * 0.5,
    width: (y) => 3 + (y - 326) * 0.2,
  });
  paintTree(canvas, { x: 560, y: 318, height: 120, seed: 31, haze: 0.1 });
  paintTree(canvas, { x: 322, y: 312, height: 92, seed: 32, kind: 'conifer', haze: 0.12 });
  paintTree(canvas, { x: 295, y: 316, height: 78, seed: 33, kind: 'conifer', haze: 0.1 });
  paintHouse(canvas, noise, { x: 470, y: 332, size: 128, haze: 0.04 });
  paintTree(canvas, { x: 338, y: 334, height: 26, seed: 34, kind: 'bush', haze: 0.04 });
  paintTree(canvas, { x: 548, y: 340, height: 24, seed: 35, kind: 'bush', haze: 0.04 });
  paintFence(canvas, { x: 560, y: 350 }, { x: 990, y: 400 }, 17, [17, 34]);
  paintTree(canvas, { x: 842, y: 392, height: 230, seed: 36 });
  paintTree(canvas, { x: 724, y: 356, height: 128, seed: 37, haze: 0.05 });
  paintTree(canvas, { x: 118, y: 420, height: 270, seed: 38 });
  paintTree(canvas, { x: 216, y: 392, height: 58, seed: 39, kind: 'bush' });
  paintTree(canvas, { x: 905, y: 430, height: 62, seed: 40, kind: 'bush' });
  return finished(canvas);
}

/** A lake under mountains, from its grassy bank. */
export function lakePanorama(): Panorama {
  const canvas = new Canvas(WIDTH, HEIGHT);
  const noise = new Noise(29);
  const shore = 250;
  paintSky(canvas, noise, shore + 10);
  paintHills(canvas, noise, { foot: shore + 2, height: 150, swell: 300, haze: 0.66, offset: 1.4 });
  paintHills(canvas, noise, { foot: shore + 2, height: 84, swell: 200, haze: 0.36, offset: 6.2 });
  const random = mulberry32(8);
  for (let i = 0; i < 70; i++) {
    const kind = random() < 0.6 ? 'conifer' : random() < 0.5 ? 'bush' : 'broad';
    const height = mix(16, 44, random()) * (kind === 'bush' ? 0.5 : 1);
    paintTree(canvas, {
      x: random() * WIDTH,
      y: shore + random() * 3,
      height,
      seed: 300 + i,
      kind,
      haze: 0.26 + 0.1 * random(),
    });
  }
  paintHouse(canvas, noise, { x: 640, y: shore + 2, size: 46, haze: 0.2 });
  const bank = (x: number) => 376 - 34 * Math.sin((x - 120) / 210) + x * 0.02;
  paintMeadow(canvas, noise, { horizon: shore + 3, tone: 0.48, seed: 23 });
  paintWater(canvas, noise, { farShore: shore + 3, nearShore: bank, left: -40, right: WIDTH + 40 });
  for (let i = 0; i < 420; i++) {
    const x = random() * WIDTH;
    const length = 10 + 26 * random();
    const foot = bank(x) + 3 + random() * 8;
    canvas.blade({ x, y: foot }, { x: x + (random() - 0.4) * 10, y: foot - length }, 0.12 + 0.4 * random(), 0.8);
  }
  paintTree(canvas, { x: 830, y: 462, height: 360, seed: 55 });
  paintTree(canvas, { x: 700, y: 428, height: 60, seed: 52, kind: 'bush' });
  paintTree(canvas, { x: 66, y: 440, height: 240, seed: 53, kind: 'conifer' });
  paintTree(canvas, { x: 148, y: 452, height: 150, seed: 54, kind: 'conifer' });
  paintFence(canvas, { x: -20, y: 500 }, { x: 560, y: 468 }, 11, [46, 32]);
  return finished(canvas);
}
