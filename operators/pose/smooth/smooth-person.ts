import type { Microseconds } from '../../../pipeline/time.js';
import type { TrackedPose } from '../pose-meta.js';
import { sizeOf } from '../track/box-motion.js';
import { FadingKeypoint, remaining } from './fading-keypoint.js';
import { MovingPoint } from './moving-point.js';
import type { SmoothSettings } from './smooth-options.js';

/** One person over time. */
export class SmoothPerson {
  readonly #settings: SmoothSettings;
  readonly #keypoints: readonly FadingKeypoint[];
  /** Left upper and right lower corner. */
  readonly #corners: readonly [MovingPoint, MovingPoint];
  #pose: TrackedPose;
  #seenUs: Microseconds;
  #shownUs: Microseconds;

  constructor(settings: SmoothSettings, pose: TrackedPose, ptsUs: Microseconds) {
    const [x1, y1, x2, y2] = pose.box;
    this.#settings = settings;
    this.#pose = pose;
    this.#seenUs = ptsUs;
    this.#shownUs = ptsUs;
    this.#corners = [new MovingPoint(settings, [x1, y1], ptsUs), new MovingPoint(settings, [x2, y2], ptsUs)];
    this.#keypoints = pose.keypoints.map(() => new FadingKeypoint(settings));
    this.#seeKeypoints(pose, ptsUs);
  }

  get seenUs(): Microseconds {
    return this.#seenUs;
  }

  /** Takes in how they were found. */
  see(pose: TrackedPose, ptsUs: Microseconds): void {
    const [x1, y1, x2, y2] = pose.box;
    this.#corners[0].see([x1, y1], ptsUs, sizeOf(pose.box), this.#shownUs);
    this.#corners[1].see([x2, y2], ptsUs, sizeOf(pose.box), this.#shownUs);
    this.#seeKeypoints(pose, ptsUs);
    this.#pose = pose;
    this.#seenUs = ptsUs;
  }

  /** How they stand at a time that is not before the last one. */
  at(ptsUs: Microseconds): TrackedPose {
    this.#shownUs = ptsUs;
    const unseenUs = ptsUs - this.#seenUs;
    const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [this.#corners[0].at(ptsUs), this.#corners[1].at(ptsUs)];
    return {
      id: this.#pose.id,
      score: this.#pose.score * remaining(unseenUs, this.#settings),
      box: [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)],
      keypoints: this.#keypoints.map((keypoint) => keypoint.at(ptsUs)),
      ...(unseenUs > 0 ? { ageMs: Math.round(unseenUs / 1000) } : {}),
    };
  }

  #seeKeypoints({ keypoints, box }: TrackedPose, ptsUs: Microseconds): void {
    for (const [i, keypoint] of keypoints.entries())
      this.#keypoints[i]?.see(keypoint, ptsUs, sizeOf(box), this.#shownUs);
  }
}
