import type { PersonPose } from '../../../models/adapters/pose/pose-estimator.js';
import type { Microseconds } from '../../../pipeline/time.js';
import type { TrackedPose } from '../pose-meta.js';
import type { Appearance } from '../track/appearance.js';
import { PoseTracker } from '../track/pose-tracker.js';
import type { TrackOptions } from '../track/track-options.js';
import { PoseSmoother } from './pose-smoother.js';
import type { SmoothOptions } from './smooth-options.js';

/** Options of {@link SteadyPoses}. */
export interface SteadyPosesOptions {
  readonly track?: TrackOptions | undefined;
  readonly smooth?: SmoothOptions | undefined;
}

/** From what a network finds in some frames of a stream, the steady people of every frame: ids, then smoothing, then motion in between. */
export class SteadyPoses {
  readonly #tracker: PoseTracker;
  readonly #smoother: PoseSmoother;

  /** @throws VitascopeError `OPTION_INVALID` */
  constructor({ track, smooth }: SteadyPosesOptions = {}) {
    this.#tracker = new PoseTracker(track);
    this.#smoother = new PoseSmoother(smooth);
  }

  /** The people of a frame in which the network looked; see {@link PoseTracker.update}. */
  look(
    ptsUs: Microseconds,
    people: readonly PersonPose[],
    appearances?: readonly (Appearance | undefined)[],
  ): readonly TrackedPose[] {
    return this.#smoother.update(ptsUs, this.#tracker.update(ptsUs, people, appearances));
  }

  /** The people of a frame in which it did not look. */
  between(ptsUs: Microseconds): readonly TrackedPose[] {
    return this.#smoother.predict(ptsUs);
  }

  /** Begins another shot: all ids end. */
  cut(): void {
    this.#tracker.cut();
    this.#smoother.cut();
  }
}
