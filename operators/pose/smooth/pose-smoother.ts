import type { Microseconds } from '../../../pipeline/time.js';
import { parseOptions } from '../../options.js';
import type { TrackedPose } from '../pose-meta.js';
import { type SmoothOptions, type SmoothSettings, smoothOptions } from './smooth-options.js';
import { SmoothPerson } from './smooth-person.js';

/**
 * Calms the poses of people who have ids, and says where they are at times when nobody looked. Whoever is not found goes on as they moved,
 * fading, for `holdMs`; whoever was found at the last look stays until the next one, fading too, however slow the model is. Others are forgotten.
 */
export class PoseSmoother {
  readonly #settings: SmoothSettings;
  #people = new Map<number, SmoothPerson>();
  #ptsUs = Number.NEGATIVE_INFINITY;
  #lookedUs = Number.NEGATIVE_INFINITY;

  /** @throws VitascopeError `OPTION_INVALID` */
  constructor(options: SmoothOptions = {}) {
    this.#settings = parseOptions('pose smoother', smoothOptions, options);
  }

  /** People at a frame that was looked at, best first. A frame before the last one begins another shot. */
  update(ptsUs: Microseconds, poses: readonly TrackedPose[]): readonly TrackedPose[] {
    this.#moveTo(ptsUs);
    this.#lookedUs = ptsUs;
    for (const pose of poses) {
      const known = this.#people.get(pose.id);
      if (known === undefined) this.#people.set(pose.id, new SmoothPerson(this.#settings, pose, ptsUs));
      else known.see(pose, ptsUs);
    }
    for (const [id, { seenUs }] of this.#people) if (!this.#isHeld(seenUs)) this.#people.delete(id);
    return this.#shown();
  }

  /** People at a frame that was not looked at, best first: moved on at constant velocity, their scores fading. */
  predict(ptsUs: Microseconds): readonly TrackedPose[] {
    this.#moveTo(ptsUs);
    return this.#shown();
  }

  /** Begins another shot: nobody is there any more. */
  cut(): void {
    this.#people.clear();
  }

  #moveTo(ptsUs: Microseconds): void {
    if (ptsUs < this.#ptsUs) this.cut();
    this.#ptsUs = ptsUs;
  }

  #shown(): readonly TrackedPose[] {
    return [...this.#people.values()]
      .filter(({ seenUs }) => this.#isHeld(seenUs))
      .map((person) => person.at(this.#ptsUs))
      .sort((a, b) => b.score - a.score);
  }

  #isHeld(seenUs: Microseconds): boolean {
    return seenUs === this.#lookedUs || this.#ptsUs - seenUs <= this.#settings.holdMs * 1000;
  }
}
