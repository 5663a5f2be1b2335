import { mulberry32 } from '../../../pipeline/mulberry32.js';

/** Side of the tile, a power of two. */
const SIDE = 128;
const SEED = 7;

/** Grain: noise of standard deviation 1 that goes on in all directions, a little soft as that of film and cameras is. */
export class Grain {
  readonly #tile: Float32Array;

  constructor() {
    const random = mulberry32(SEED);
    const white = Float32Array.from({ length: SIDE * SIDE }, () => {
      // Box–Muller.
      return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    });
    this.#tile = normalised(softened(white));
  }

  /** Where the tile begins in a frame: another place in each, the same each time. */
  static shift(frameIndex: number, line: number): readonly [x: number, y: number] {
    const random = mulberry32(frameIndex * 7919 + line);
    return [Math.floor(random() * SIDE), Math.floor(random() * SIDE)];
  }

  at(x: number, y: number): number {
    return this.#tile[(y & (SIDE - 1)) * SIDE + (x & (SIDE - 1))] as number;
  }
}

function softened(tile: Float32Array): Float32Array {
  return tile.map((value, at) => {
    const [x, y] = [at % SIDE, Math.trunc(at / SIDE)];
    const right = tile[y * SIDE + ((x + 1) % SIDE)] as number;
    const below = tile[((y + 1) % SIDE) * SIDE + x] as number;
    return value + 0.35 * (right + below);
  });
}

function normalised(tile: Float32Array): Float32Array {
  const mean = tile.reduce((sum, value) => sum + value, 0) / tile.length;
  const deviation = Math.sqrt(tile.reduce((sum, value) => sum + (value - mean) ** 2, 0) / tile.length);
  return tile.map((value) => (value - mean) / deviation);
}

/** Standard deviation of noise in differences that are mostly noise: from their median, so that edges do not count. */
export function noiseOf(differences: Float32Array): number {
  if (differences.length === 0) return 0;
  const sorted = differences.map(Math.abs).sort();
  return 1.4826 * (sorted[sorted.length >> 1] as number);
}
