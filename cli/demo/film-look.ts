import { mulberry32 } from '../../pipeline/mulberry32.js';
import { clamp, mix, Noise } from './noise.js';
import type { Panorama } from './scenes.js';

/** What an old camera, film stock and printer do to a scene. */
export interface FilmLookOptions {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
}

const BLACK = 16;
const WHITE = 235;
const GRAIN_SIZE = 1024;

/** Turns views of a panorama into frames: gate weave, lens, flicker, tone, grain, dust. The same seed gives the same film. */
export class FilmLook {
  readonly #width: number;
  readonly #height: number;
  readonly #random: () => number;
  readonly #drift: Noise;
  readonly #grain: Float32Array;
  readonly #vignette: Float32Array;
  readonly #tone = toneCurve();

  constructor({ width, height, seed }: FilmLookOptions) {
    this.#width = width;
    this.#height = height;
    this.#random = mulberry32(seed);
    this.#drift = new Noise(seed);
    this.#grain = grainPlate(mulberry32(seed + 1));
    this.#vignette = vignette(width, height);
  }

  /** Luma of one frame (limited range), the camera looking at the panorama with its upper left corner at `x`, `y`. */
  expose(scene: Panorama, x: number, y: number, frameIndex: number): Uint8Array {
    const weaveX = this.#drift.fractal(frameIndex / 9, 1, 3) * 1.1;
    const weaveY = this.#drift.fractal(frameIndex / 7, 5, 3) * 1.3;
    const flicker = 1 + 0.045 * this.#drift.fractal(frameIndex / 2.3, 9, 3) + 0.02 * (this.#random() - 0.5);
    const frame = this.#print(scene, x + weaveX, y + weaveY, flicker);
    this.#addDust(frame);
    return frame;
  }

  #print(scene: Panorama, x: number, y: number, exposure: number): Uint8Array {
    const frame = new Uint8Array(this.#width * this.#height);
    const left = Math.floor(clamp(x, 0, scene.width - this.#width - 1));
    const top = Math.floor(clamp(y, 0, scene.height - this.#height - 1));
    const fx = clamp(x - left);
    const fy = clamp(y - top);
    const grainAt = Math.floor(this.#random() * (GRAIN_SIZE * (GRAIN_SIZE - this.#height) - this.#width));
    const { pixels, width } = scene;
    for (let row = 0; row < this.#height; row++) {
      let from = (top + row) * width + left;
      let to = row * this.#width;
      let grain = grainAt + row * GRAIN_SIZE;
      for (let column = 0; column < this.#width; column++, from++, to++, grain++) {
        const upper = (pixels[from] as number) * (1 - fx) + (pixels[from + 1] as number) * fx;
        const lower = (pixels[from + width] as number) * (1 - fx) + (pixels[from + width + 1] as number) * fx;
        const light = (upper + (lower - upper) * fy) * exposure * (this.#vignette[to] as number);
        const density = this.#tone[Math.min(1023, (light * 1000) | 0)] as number;
        frame[to] = density + (this.#grain[grain] as number) * (1.15 - Math.abs(density - 120) / 160);
      }
    }
    return frame;
  }

  #addDust(frame: Uint8Array): void {
    const specks = this.#random() < 0.4 ? Math.floor(this.#random() * 3) : 0;
    for (let i = 0; i < specks; i++) this.#speck(frame, this.#random() < 0.7 ? WHITE - 10 : BLACK + 20);
    if (this.#random() < 0.05) this.#hair(frame);
  }

  #speck(frame: Uint8Array, value: number): void {
    const size = 0.7 + this.#random() ** 3 * 2.4;
    const [cx, cy] = [this.#random() * this.#width, this.#random() * this.#height];
    for (let y = Math.ceil(cy - size); y <= cy + size; y++) {
      for (let x = Math.ceil(cx - size); x <= cx + size; x++) {
        if (Math.hypot(x - cx, y - cy) < size * (0.6 + 0.4 * this.#random())) this.#blend(frame, x, y, value, 0.7);
      }
    }
  }

  #hair(frame: Uint8Array): void {
    let [x, y, heading] = [this.#random() * this.#width, this.#random() * this.#height, this.#random() * 6.3];
    for (let i = 0; i < 36; i++) {
      this.#blend(frame, Math.round(x), Math.round(y), BLACK + 25, 0.55);
      heading += (this.#random() - 0.5) * 0.5;
      x += Math.cos(heading);
      y += Math.sin(heading);
    }
  }

  #blend(frame: Uint8Array, x: number, y: number, value: number, opacity: number): void {
    if (x < 0 || y < 0 || x >= this.#width || y >= this.#height) return;
    const i = y * this.#width + x;
    frame[i] = mix(frame[i] as number, value, opacity);
  }
}

/** Soft toe and shoulder: shadows keep some light, highlights never quite burn out. */
function toneCurve(): Float32Array {
  return new Float32Array(1024).map((_, i) => {
    const light = i / 1000;
    const contrast = light + 0.1 * Math.sin((light - 0.42) * Math.PI * 1.6);
    return mix(BLACK + 10, WHITE - 8, clamp(contrast));
  });
}

/** Gaussian grain, slightly blurred so that it clumps as silver does; in steps of luma. */
function grainPlate(random: () => number): Float32Array {
  const raw = new Float32Array(GRAIN_SIZE * GRAIN_SIZE);
  for (let i = 0; i < raw.length; i++) raw[i] = random() + random() + random() + random() - 2;
  const plate = new Float32Array(raw.length);
  for (let i = GRAIN_SIZE; i < raw.length - GRAIN_SIZE; i++) {
    const across = (raw[i - 1] as number) + (raw[i + 1] as number);
    const down = (raw[i - GRAIN_SIZE] as number) + (raw[i + GRAIN_SIZE] as number);
    plate[i] = 5 * ((raw[i] as number) + 0.4 * (across + down));
  }
  return plate;
}

function vignette(width: number, height: number): Float32Array {
  const reach = Math.hypot(width, height) / 2;
  return new Float32Array(width * height).map((_, i) => {
    const distance = Math.hypot((i % width) - width / 2, Math.floor(i / width) - height / 2) / reach;
    return 1.03 - 0.34 * distance ** 3;
  });
}
