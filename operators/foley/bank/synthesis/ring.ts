import { SAMPLE_RATE } from '../../sample-rate.js';
import { type Random, randomOf } from '../random.js';
import type { Recipe } from '../vocabulary.js';
import type { Ringing } from './materials.js';
import { detuning, modesOf } from './modes.js';

/** What modes have fallen by when nobody waits for them any longer: e^−7 is −61 dB. */
const SILENT_AFTER = 7;
const HIGHEST_HZ = 18_000;
const TINY = 1e-15;

/** A mode of one thing, struck at one place. */
export interface RingingMode {
  readonly hz: number;
  /** Amplitude falls by exp(−decay · t), 1/s. */
  readonly decay: number;
  readonly weight: number;
}

/** How a thing is touched besides. */
export interface Touch {
  /** Decay that the one who holds or treads on it adds, 1/s. */
  readonly damping: number;
  /** Place: of strikes the same place sounds the same. */
  readonly random: Random;
}

/**
 * The modes of one thing. Frequencies are those of `object`, whichever way it is struck; weights are those of the place.
 *
 * Damping is d = support + π η f (+ the touch), the linear loss of Klatzky, Pai & Krotkov 2000.
 */
export function ringingModes(ringing: Ringing, recipe: Recipe, touch: Touch): readonly RingingMode[] {
  const thing = randomOf('thing', recipe.material, recipe.object);
  const [largest, smallest] = ringing.lowestHz;
  const lowest = smallest * (largest / smallest) ** recipe.size * thing.ratio(0.85, 1.18);
  const lossy = thing.ratio(0.75, 1.33);
  const along = touch.random.between(0.04, 0.42);
  const across = touch.random.between(0.05, 0.45);
  return modesOf(ringing.shape)
    .map(({ ratio, weight }) => {
      const hz = lowest * ratio * detuning(thing, ringing.detuning);
      return {
        hz,
        decay: ringing.support * lossy + Math.PI * ringing.loss * lossy * hz + touch.damping,
        // All begin together, as heard at the place of the strike; no place is quite on a nodal line.
        weight: Math.max(0.04, Math.abs(weight(along, across))) * touch.random.between(0.8, 1.2),
      };
    })
    .filter(({ hz }) => hz < HIGHEST_HZ);
}

/** Seconds until the longest mode is silent. */
export function ringSeconds(modes: readonly RingingMode[]): number {
  return SILENT_AFTER / Math.min(...modes.map(({ decay }) => decay));
}

/**
 * Adds what a force makes modes do: a two-pole resonator each (van den Doel, Kry & Pai, *FoleyAutomatic*, 2001). Forces that last longer excite high modes
 * less, as they do things. `force` and `out` have the same length.
 */
export function addRinging(out: Float32Array, force: Float32Array, modes: readonly RingingMode[]): void {
  let lastForce = force.length;
  while (lastForce > 0 && force[lastForce - 1] === 0) lastForce--;
  for (const { hz, decay, weight } of modes) {
    const turn = (2 * Math.PI * hz) / SAMPLE_RATE;
    const radius = Math.exp(-decay / SAMPLE_RATE);
    const a1 = 2 * radius * Math.cos(turn);
    const a2 = radius * radius;
    const gain = weight * Math.sin(turn);
    const end = Math.min(out.length, lastForce + Math.ceil((SILENT_AFTER * SAMPLE_RATE) / decay));
    let y1 = 0;
    let y2 = 0;
    for (let i = 0; i < end; i++) {
      const y = gain * (force[i] as number) + a1 * y1 - a2 * y2;
      y2 = y1;
      y1 = Math.abs(y) < TINY ? 0 : y;
      out[i] = (out[i] as number) + y1;
    }
  }
}
