import type { PersonPose } from '../../../models/adapters/pose/pose-estimator.js';
import type { Microseconds } from '../../../pipeline/time.js';
import type { TrackedPose } from '../pose-meta.js';
import { PoseSmoother } from '../smooth/pose-smoother.js';
import { SteadyPoses } from '../smooth/steady-poses.js';
import type { Appearance } from '../track/appearance.js';
import { type EstimatePoseSettings, smoothSettingsOf, trackSettingsOf } from './estimate-options.js';

/** Makes the people of every frame out of those that were found in some; see {@link SteadyPoses}. */
export type PersonFollower = Pick<SteadyPoses, 'look' | 'between' | 'cut'>;

/** Follows people as the options want it. @throws VitascopeError `OPTION_INVALID` */
export function personFollower(settings: EstimatePoseSettings): PersonFollower {
  const track = trackSettingsOf(settings);
  const smooth = smoothSettingsOf(settings);
  return track === undefined ? new UnfollowedPoses(smooth) : new SteadyPoses({ track, smooth });
}

/** Numbers the people of every look anew: the ids go on rising. In between they stay where they were found, and fade. */
class UnfollowedPoses implements PersonFollower {
  readonly #held: PoseSmoother;
  #lastId = 0;

  constructor(smooth: ConstructorParameters<typeof PoseSmoother>[0]) {
    this.#held = new PoseSmoother(smooth);
  }

  look(
    ptsUs: Microseconds,
    people: readonly PersonPose[],
    _appearances?: readonly (Appearance | undefined)[],
  ): readonly TrackedPose[] {
    this.#held.cut();
    const bestFirst = [...people].sort((a, b) => b.score - a.score);
    const numbered = bestFirst.map(({ score, box, keypoints }) => ({ id: ++this.#lastId, score, box, keypoints }));
    return this.#held.update(ptsUs, numbered);
  }

  between(ptsUs: Microseconds): readonly TrackedPose[] {
    return this.#held.predict(ptsUs);
  }

  cut(): void {
    this.#held.cut();
  }
}
