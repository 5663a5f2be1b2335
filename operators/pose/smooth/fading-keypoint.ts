import type { Microseconds } from '../../../pipeline/time.js';
import type { Keypoint } from '../pose-meta.js';
import { MovingPoint } from './moving-point.js';
import type { SmoothSettings } from './smooth-options.js';

/** A key point of one person: smoothed while the network is sure of it; when it is not, it moves on and fades. */
export class FadingKeypoint {
  readonly #settings: SmoothSettings;
  #point: MovingPoint | undefined;
  #score = 0;
  #latest: Keypoint = [0, 0, 0];

  constructor(settings: SmoothSettings) {
    this.#settings = settings;
  }

  /** Takes in what the network says; see {@link MovingPoint.see}. */
  see(keypoint: Keypoint, ptsUs: Microseconds, unit: number, shownUs: Microseconds): void {
    const missedBefore = this.#latest[2] < this.#settings.minScore;
    this.#latest = keypoint;
    const [x, y, score] = keypoint;
    if (missedBefore && !this.#isHeld(ptsUs)) this.#point = undefined;
    if (score < this.#settings.minScore) return;
    if (this.#point === undefined) this.#point = new MovingPoint(this.#settings, [x, y], ptsUs);
    else this.#point.see([x, y], ptsUs, unit, shownUs);
    this.#score = score;
  }

  /** Where it is at a time that is not before the last one. What the network never was sure of is given as it is. */
  at(ptsUs: Microseconds): Keypoint {
    const [latestX, latestY, latestScore] = this.#latest;
    if (this.#point === undefined) return [latestX, latestY, latestScore];
    const [x = 0, y = 0] = this.#point.at(ptsUs);
    return [x, y, this.#score * remaining(ptsUs - this.#point.seenUs, this.#settings)];
  }

  #isHeld(ptsUs: Microseconds): boolean {
    return this.#point !== undefined && ptsUs - this.#point.seenUs <= this.#settings.holdMs * 1000;
  }
}

/** What is left, 0–1, of a score after a time of not being seen. */
export function remaining(unseenUs: Microseconds, { halfLifeMs }: SmoothSettings): number {
  return 0.5 ** (unseenUs / 1000 / halfLifeMs);
}
