import type { Microseconds } from '../../../pipeline/index.js';
import type { ImpactCue } from '../cues.js';

/** One thing is not hit twice within this; what looks so is one hit that was seen twice. */
const SHORTEST_US: Microseconds = 60_000;
/** Nor comfortably within this. */
const FAST_US: Microseconds = 90_000;
/** So much harder, and the second one is what was meant. */
const ACCENT = 0.3;
/** Places that are nearer than this, by pan, are one thing. */
const SAME_PLACE = 0.35;
/** A fast hit is softer by this, dB, and each that follows it by as much again. */
const SOFTER_DB = 3;
const MOST_SOFTER_DB = 12;
/** After so long a pause a run of hits is over. */
const PAUSE_US: Microseconds = 400_000;
const MOST_THINGS = 16;

interface Thing {
  pan: number;
  atUs: Microseconds;
  energy: number;
  /** Fast hits since the last pause. */
  fast: number;
}

/** Keeps hits from sounding like a machine gun: what is hit faster than hands can is heard less often, and softer. Memory is constant. */
export class HitThinner {
  /** The latest last. */
  #things: Thing[] = [];

  /** How much softer a hit is to be, dB, 0 or less; nothing where it is not to be heard at all. Hits come about in order. */
  allow({ atUs, pan, energy }: Pick<ImpactCue, 'atUs' | 'pan' | 'energy'>): number | undefined {
    this.#things = this.#things.filter((thing) => atUs - thing.atUs < PAUSE_US).slice(-MOST_THINGS);
    const thing = this.#things.findLast((one) => Math.abs(one.pan - pan) < SAME_PLACE);
    if (thing === undefined) {
      this.#things.push({ pan, atUs, energy, fast: 0 });
      return 0;
    }
    const gapUs = Math.abs(atUs - thing.atUs);
    if (gapUs < SHORTEST_US && energy < thing.energy + ACCENT) return undefined;
    const fast = gapUs < FAST_US ? thing.fast + 1 : Math.max(0, thing.fast - 1);
    Object.assign(thing, { pan, atUs: Math.max(atUs, thing.atUs), energy, fast });
    return -Math.min(MOST_SOFTER_DB, SOFTER_DB * fast) + 0;
  }
}
