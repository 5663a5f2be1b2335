import type { Sound } from '../bank/sound.js';
import { loudestAtBlow } from './heard-sample.js';

/** Samples that are kept: 90 s of sound, 17 MB. */
const MOST_SAMPLES = 90 * 48_000;

/** Rendered sounds of a bank, so that what comes again need not be rendered again. Of too many, those that were not heard for the longest time are forgotten. */
export class SoundCache {
  readonly #mostSamples: number;
  readonly #rendered = new Map<string, Float32Array>();
  #samples = 0;

  constructor(mostSamples = MOST_SAMPLES) {
    this.#mostSamples = mostSamples;
  }

  /** Samples that are kept now. */
  get samples(): number {
    return this.#samples;
  }

  /** What a sound renders to, its blow the loudest unless a user recorded it: shared, not to be changed. `energy` is the one that the sound was asked for with. */
  render(sound: Sound, energy: number): Float32Array {
    // What features alone are made of has an id that does not tell the features.
    if (sound.tags.source === 'features') return rendered(sound);
    const key = `${sound.id} ${energy}`;
    const known = this.#rendered.get(key);
    if (known !== undefined) this.#rendered.delete(key);
    const samples = known ?? rendered(sound);
    this.#rendered.set(key, samples);
    if (known === undefined) this.#samples += samples.length;
    this.#forget();
    return samples;
  }

  #forget(): void {
    for (const [key, { length }] of this.#rendered) {
      if (this.#samples <= this.#mostSamples) return;
      this.#rendered.delete(key);
      this.#samples -= length;
    }
  }
}

function rendered(sound: Sound): Float32Array {
  const samples = sound.render();
  const { source, action } = sound.tags;
  return source === 'user' || action === 'scratch' ? samples : loudestAtBlow(samples, sound.onsetSample);
}
