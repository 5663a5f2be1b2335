import type { PersonPose } from '../../../models/adapters/pose/pose-estimator.js';
import type { Microseconds } from '../../../pipeline/time.js';
import type { Box, Keypoint } from '../pose-meta.js';
import { type Appearance, appearanceSimilarity, mixAppearances } from './appearance.js';
import { BoxMotion } from './box-motion.js';
import { boxArea, boxOverlap, poseSimilarity } from './pose-similarity.js';

/** What the looks of now count for in the mean over time. */
const APPEARANCE_NOW = 0.2;

/** A person as found in a frame. */
export interface Sighting {
  readonly person: PersonPose;
  readonly appearance?: Appearance | undefined;
}

/** Somebody who is followed, or may come to be. */
export class Track {
  /** Undefined until they count. */
  id: number | undefined;
  #seenUs: Microseconds;
  #hits = 1;
  #appearance: Appearance | undefined;
  #last: PersonPose;
  /** Where the key points must be by now, once somebody has asked. */
  #moved: readonly Keypoint[] | undefined;
  readonly #motion: BoxMotion;

  constructor({ person, appearance }: Sighting, ptsUs: Microseconds) {
    this.#seenUs = ptsUs;
    this.#last = person;
    this.#appearance = appearance;
    this.#motion = new BoxMotion(person.box, ptsUs);
  }

  /** When they were last found. */
  get seenUs(): Microseconds {
    return this.#seenUs;
  }

  /** How often they were found. */
  get hits(): number {
    return this.#hits;
  }

  /** Moves on to a time that is not before the last one. */
  advance(ptsUs: Microseconds): void {
    this.#motion.advance(ptsUs);
    this.#moved = undefined;
  }

  /** Takes in how they were found at the time last advanced to. */
  see({ person, appearance }: Sighting, ptsUs: Microseconds): void {
    this.#motion.correct(person.box);
    this.#last = person;
    this.#moved = undefined;
    this.#seenUs = ptsUs;
    this.#hits++;
    if (appearance === undefined) return;
    this.#appearance =
      this.#appearance === undefined ? appearance : mixAppearances(this.#appearance, appearance, APPEARANCE_NOW);
  }

  /** How like them a person is, where they must be by now, 0–1: mean of overlap of boxes and likeness of poses; looks count `appearanceWeight`. */
  similarity({ person, appearance }: Sighting, appearanceWeight: number): number {
    const { box } = this.#motion;
    const overlap = boxOverlap(box, person.box);
    this.#moved ??= this.#last.keypoints.map((point) => moveWithBox(point, this.#last.box, box));
    const poses = poseSimilarity(this.#moved, person.keypoints, boxArea(box));
    const place = poses === undefined ? overlap : (overlap + poses) / 2;
    if (appearance === undefined || this.#appearance === undefined || place === 0) return place;
    return (1 - appearanceWeight) * place + appearanceWeight * appearanceSimilarity(this.#appearance, appearance);
  }
}

/** Where a point of a box lies when the box has become another. */
function moveWithBox([x, y, score]: Keypoint, from: Box, to: Box): Keypoint {
  const scaleX = (to[2] - to[0]) / Math.max(1, from[2] - from[0]);
  const scaleY = (to[3] - to[1]) / Math.max(1, from[3] - from[1]);
  return [to[0] + (x - from[0]) * scaleX, to[1] + (y - from[1]) * scaleY, score];
}
