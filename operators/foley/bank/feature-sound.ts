import { SAMPLE_RATE } from '../sample-rate.js';
import { featureBandsHz, featureSlicesS, soundFeatures } from './features.js';
import { randomOf } from './random.js';
import type { Sound, SoundTags } from './sound.js';
import { energyGain } from './synthesis/contacts.js';
import { Biquad } from './synthesis/filters.js';
import { finish } from './synthesis/finish.js';
import type { Action } from './vocabulary.js';

const RANGE_DB = 60;
const LEVEL = 10 ** (-4 / 20);
const ATTACK = 24;

/**
 * A sound made of nothing but features: noise in eight bands with the envelopes that they say, as a vocoder would. For what no sound of the bank is like.
 */
export class FeatureSound implements Sound {
  readonly id: string;
  readonly tags: SoundTags;
  readonly onsetSample = 0;
  readonly #wanted: Float32Array;
  readonly #energy: number;
  readonly #seed: number;
  #features: Float32Array | undefined;

  /** `wanted` is copied. Numbers in it that are none count as 0. */
  constructor(action: Action, wanted: Float32Array, energy: number, seed: number) {
    this.#wanted = wanted.map((x) => (Number.isFinite(x) ? Math.min(1, Math.max(0, x)) : 0));
    this.#energy = Number.isFinite(energy) ? Math.min(1, Math.max(0, energy)) : 0.5;
    this.#seed = seed;
    this.id = `features:${action}/${this.#energy.toFixed(3)}/${seed}`;
    this.tags = { source: 'features', action, material: undefined };
  }

  get features(): Float32Array {
    this.#features ??= soundFeatures(this.render());
    return this.#features;
  }

  render(): Float32Array {
    const seconds = featureSlicesS.at(-1) as number;
    const out = new Float32Array(Math.round(seconds * SAMPLE_RATE));
    const random = randomOf('features', this.#seed);
    for (let band = 0; band < featureBandsHz.length - 1; band++) {
      const [low, high] = [featureBandsHz[band] as number, featureBandsHz[band + 1] as number];
      const filters = [Biquad.highPass(low), Biquad.highPass(low), Biquad.lowPass(high), Biquad.lowPass(high)];
      // White noise has as much power in a band as the band is wide.
      const gain = 1 / Math.sqrt(high - low);
      for (let i = 0; i < out.length; i++) {
        let x = random.noise();
        for (const filter of filters) x = filter.next(x);
        out[i] = (out[i] as number) + gain * this.#envelope(band, i / SAMPLE_RATE) * x * Math.min(1, (i + 1) / ATTACK);
      }
    }
    return finish(out, LEVEL * energyGain(this.#energy));
  }

  /** Amplitude at a time: straight lines in decibels between the middles of slices; nothing where a feature is 0. */
  #envelope(band: number, t: number): number {
    const slices = featureSlicesS.length;
    const value = (slice: number): number => this.#wanted[band * slices + slice] ?? 0;
    const middle = (slice: number): number =>
      ((slice === 0 ? 0 : (featureSlicesS[slice - 1] as number)) + (featureSlicesS[slice] as number)) / 2;
    let slice = 0;
    while (slice < slices - 1 && middle(slice + 1) < t) slice++;
    const next = Math.min(slices - 1, slice + 1);
    const span = middle(next) - middle(slice);
    const part = span > 0 ? Math.min(1, Math.max(0, (t - middle(slice)) / span)) : 0;
    const level = value(slice) + (value(next) - value(slice)) * part;
    return level <= 0 ? 0 : 10 ** ((RANGE_DB * (level - 1)) / 20);
  }
}
