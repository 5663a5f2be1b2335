import { Observable } from 'rxjs';
import { boundsOf, mapQuad } from '../../../operators/text/quad-math.js';
import type { Point, TextQuad } from '../../../operators/text/texts-meta.js';
import type { FramePool } from '../../../pipeline/frame-pool.js';
import { mulberry32 } from '../../../pipeline/mulberry32.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import { VideoFrame } from '../../../pipeline/video-frame.js';
import { frameProperties, type Plane } from './plane-picture.js';
import {
  DENSITY,
  PICTURE_HEIGHT,
  PICTURE_WIDTH,
  STREET_HEIGHT,
  STREET_WIDTH,
  type Street,
  type StreetSign,
} from './street.js';

export const FRAME_RATE = 25;
/** Of the pan, pixels a frame. */
const SPEED: Point = [2.37, 0.117];
/** Values of grain that are drawn once; each frame begins somewhere else in them. */
const GRAIN_VALUES = 2 ** 20;

/** A film of the street. */
export interface StreetShot {
  readonly frames: number;
  /** Left upper corner of the picture in the street at a frame, pixels with fractions. */
  readonly at: (index: number) => Point;
  /** Standard deviation of the grain of luma, codes of 8 bits. */
  readonly grain: number;
}

/** A camera that goes from the left end of the street to the right one at a steady speed, 2.37 pixels a frame right and 0.117 down. */
export function panShot(grain = 0): StreetShot {
  const frames = Math.floor(
    Math.min((STREET_WIDTH - PICTURE_WIDTH) / SPEED[0], (STREET_HEIGHT - PICTURE_HEIGHT) / SPEED[1]),
  );
  return { frames, grain, at: (index) => [index * SPEED[0], index * SPEED[1]] };
}

/** A camera that stands where most signs are in view. */
export function staticShot({ signs }: Pick<Street, 'signs'>, seconds: number, grain = 4): StreetShot {
  const places = Array.from({ length: (STREET_WIDTH - PICTURE_WIDTH) / 8 }, (_, i): Point => [8 * i + 0.4, 20.3]);
  const inView = (place: Point): number => signs.filter((sign) => quadInPicture(sign, place) !== undefined).length;
  const best = places.reduce((most, place) => (inView(place) > inView(most) ? place : most));
  return { frames: Math.round(seconds * FRAME_RATE), grain, at: () => best };
}

/**
 * Corners around the ink of a sign in a picture taken from a place; nothing where the sign is not wholly in it.
 *
 * @param inset How far from the left and the right edge it must be, pixels.
 */
export function quadInPicture({ quad }: Pick<StreetSign, 'quad'>, [x, y]: Point, inset = 2): TextQuad | undefined {
  const moved = mapQuad(quad, ([u, v]) => [u - x, v - y]);
  const [left, top, right, bottom] = boundsOf(moved);
  const isInside = left >= inset && top >= 0 && right <= PICTURE_WIDTH - inset && bottom <= PICTURE_HEIGHT;
  return isInside ? moved : undefined;
}

/** The frames of a shot, each when the pool has a slot for it. Whoever receives them owns them. */
export function streetFrames(street: Street, shot: StreetShot, pool: FramePool): Observable<VideoSample> {
  return new Observable((subscriber) => {
    const abort = new AbortController();
    const camera = new StreetCamera(street, shot);
    const produce = async (): Promise<void> => {
      for (let i = 0; i < shot.frames; i++) {
        const frame = await VideoFrame.create(pool, frameProperties(i, PICTURE_WIDTH, PICTURE_HEIGHT), abort.signal);
        if (subscriber.closed) return frame.close();
        camera.take(frame);
        subscriber.next({ frame, meta: {} });
      }
      subscriber.complete();
    };
    produce().catch((error: unknown) => {
      if (!abort.signal.aborted) subscriber.error(error);
    });
    return () => abort.abort();
  });
}

/** Takes pictures of a street: each pixel is the mean of the area that it covers, wherever that begins. */
export class StreetCamera {
  readonly #street: Street;
  readonly #shot: StreetShot;
  readonly #grain: Float32Array;

  constructor(street: Street, shot: StreetShot) {
    this.#street = street;
    this.#shot = shot;
    this.#grain = shot.grain > 0 ? gaussians(GRAIN_VALUES, shot.grain) : new Float32Array(0);
  }

  /** Fills a frame, by its index. It is writable and stays the caller's. */
  take(frame: VideoFrame): void {
    const [x, y] = this.#shot.at(frame.index);
    this.#street.planes.forEach((plane, i) => {
      const index = i as 0 | 1 | 2;
      const scale = DENSITY / (index === 0 ? 1 : 2);
      const { width, height } = frame.planes[index];
      shrink(plane, x * scale, y * scale, frame.plane(index) as Uint8Array, width, height);
    });
    if (this.#shot.grain > 0) this.#roughen(frame.plane(0) as Uint8Array, frame.index);
  }

  #roughen(luma: Uint8Array, index: number): void {
    const grain = this.#grain;
    const from = Math.floor(mulberry32(index)() * (grain.length - luma.length));
    for (let at = 0; at < luma.length; at++) {
      luma[at] = Math.min(255, Math.max(0, Math.round((luma[at] as number) + (grain[from + at] as number))));
    }
  }
}

/** Means over squares of two samples' sides, of which the first begins at (x, y). */
function shrink(plane: Plane, x: number, y: number, to: Uint8Array, width: number, height: number): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [partX, partY] = [x - left, y - top];
  const sums = new Float32Array(2 * width + 1);
  for (let row = 0, at = 0; row < height; row++) {
    const first = (top + 2 * row) * plane.width + left;
    for (let i = 0; i < sums.length; i++) {
      const upper =
        (1 - partY) * (plane.values[first + i] as number) + (plane.values[first + plane.width + i] as number);
      sums[i] = upper + partY * (plane.values[first + 2 * plane.width + i] as number);
    }
    for (let column = 0; column < width; column++, at++) {
      const sum = (1 - partX) * (sums[2 * column] as number) + (sums[2 * column + 1] as number);
      to[at] = Math.round((sum + partX * (sums[2 * column + 2] as number)) / 4);
    }
  }
}

/** Values with a normal distribution around 0: sums of four even ones, which is close enough for grain. */
function gaussians(count: number, deviation: number): Float32Array {
  const random = mulberry32(31);
  const scale = deviation / Math.sqrt(1 / 3);
  return Float32Array.from({ length: count }, () => scale * (random() + random() + random() + random() - 2));
}
