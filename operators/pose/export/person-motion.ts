import { coco17 } from '../../../models/adapters/pose/coco-17.js';
import type { TrackedPose } from '../pose-meta.js';
import type { Place } from './bvh-skeleton.js';

const NUMBERS = 2 * coco17.length;
const FIRST_FRAMES = 64;

/** Where a point is, pixels. */
export type Point = readonly [x: number, y: number];

/** How one person moved: the places of their key points from the first frame that they are in to the last, two float32 each. */
export class PersonMotion {
  readonly firstFrame: number;
  #points = new Float32Array(FIRST_FRAMES * NUMBERS).fill(Number.NaN);
  #length = 0;

  constructor(firstFrame: number) {
    this.firstFrame = firstFrame;
  }

  /** Frames from the first to the last that was added. */
  get length(): number {
    return this.#length;
  }

  /** Adds a frame after those before; points less sure than `minScore` count as not seen. */
  add(frame: number, { keypoints }: TrackedPose, minScore: number): void {
    const row = frame - this.firstFrame;
    this.#length = Math.max(this.#length, row + 1);
    if (this.#length * NUMBERS > this.#points.length) this.#grow();
    for (const [i, [x, y, score]] of keypoints.entries()) {
      if (score >= minScore && Number.isFinite(x + y)) this.#points.set([x, y], row * NUMBERS + 2 * i);
    }
  }

  /** Where a place is in a row, counted from the first frame; nothing when it was not seen. */
  at(row: number, place: Place): Point | undefined {
    if (typeof place === 'number') return this.#keypoint(row, place);
    const [a, b] = [this.#keypoint(row, place[0]), this.#keypoint(row, place[1])];
    return a && b && [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  }

  #keypoint(row: number, index: number): Point | undefined {
    const [x, y] = this.#points.subarray(row * NUMBERS + 2 * index, row * NUMBERS + 2 * index + 2);
    return x === undefined || y === undefined || Number.isNaN(x) ? undefined : [x, y];
  }

  #grow(): void {
    const larger = new Float32Array(Math.max(2 * this.#points.length, this.#length * NUMBERS)).fill(Number.NaN);
    larger.set(this.#points);
    this.#points = larger;
  }
}
