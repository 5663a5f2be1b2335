import { SAMPLE_RATE } from '../../sample-rate.js';
import type { Random } from '../random.js';
import { Biquad, PinkFilter } from '../synthesis/filters.js';
import { BED_BLOCK, BED_RATE, type BedFill } from './bed-source.js';
import { Ramp } from './drift.js';

/** First three formants of English vowels, men's, hertz (Peterson & Barney 1952). */
const vowels: readonly (readonly [number, number, number])[] = [
  [270, 2290, 3010],
  [390, 1990, 2550],
  [530, 1840, 2480],
  [660, 1720, 2410],
  [730, 1090, 2440],
  [570, 840, 2410],
  [440, 1020, 2240],
  [300, 870, 2240],
  [640, 1190, 2390],
  [490, 1350, 1690],
];
const VOICES = 9;

/** One person who talks without words: a pulse in the throat, three formants, syllables of 120–320 ms, sometimes a consonant, and pauses. */
class Talker {
  readonly #random: Random;
  readonly #pitch: number;
  /** Tracts of women and children are shorter: higher formants. */
  readonly #tract: number;
  readonly #near: number;
  readonly #formants = [new Biquad(), new Biquad(), new Biquad()] as const;
  readonly #consonant: Biquad;
  readonly #level = new Ramp();
  readonly #hissLevel = new Ramp();
  #hz: [number, number, number] = [500, 1500, 2500];
  #goal: readonly [number, number, number] = [500, 1500, 2500];
  #phase = 0;
  #blocksLeft = 0;
  #sounding = 0;
  #syllable = 1;
  #syllablesLeft = 0;
  #hissing = 0;
  /** Its level has come down to nothing. */
  #quiet = true;
  #bend = 1;

  constructor(random: Random) {
    this.#random = random;
    const high = random.unit() < 0.5;
    this.#pitch = high ? random.ratio(165, 240) : random.ratio(90, 140);
    this.#tract = high ? 1.16 : 1;
    this.#near = random.ratio(0.5, 1.3);
    this.#consonant = Biquad.bandPass(random.ratio(3500, 5500), 1);
    this.#blocksLeft = Math.floor(random.between(0, BED_RATE));
  }

  addTo(block: Float32Array): void {
    if (this.#blocksLeft-- <= 0) this.#nextSyllable();
    const part = Math.min(1, Math.max(0, 1 - this.#blocksLeft / this.#syllable));
    const loud = this.#level.toward(this.#sounding * this.#near * Math.sin(Math.PI * part) ** 0.6, BED_BLOCK);
    const hiss = this.#hissLevel.toward(part < 0.35 ? this.#hissing * this.#near : 0, BED_BLOCK);
    this.#glide();
    this.#addVoice(block, loud, (this.#pitch * this.#bend * (1.06 - 0.12 * part)) / SAMPLE_RATE);
    if (this.#hissing > 0) {
      for (let i = 0; i < BED_BLOCK; i++) {
        block[i] = (block[i] as number) + hiss(i) * this.#consonant.next(this.#random.noise());
      }
    }
  }

  #addVoice(block: Float32Array, loud: (i: number) => number, turn: number): void {
    if (this.#sounding === 0 && this.#quiet) return;
    this.#quiet = this.#sounding === 0;
    const [first, second, third] = this.#formants;
    const step = turn * (1 + 0.008 * this.#random.normal());
    for (let i = 0; i < BED_BLOCK; i++) {
      this.#phase += step;
      if (this.#phase >= 1) this.#phase -= 1;
      // A throat opens slowly and closes at once; breath goes with it.
      const throat = 3 * this.#phase ** 2 - 2 * this.#phase + 0.06 * this.#random.noise();
      const x = first.next(throat) + 0.55 * second.next(throat) + 0.28 * third.next(throat);
      block[i] = (block[i] as number) + loud(i) * x;
    }
  }

  #nextSyllable(): void {
    const random = this.#random;
    if (this.#syllablesLeft-- <= 0) {
      this.#syllablesLeft = Math.floor(random.between(3, 14));
      this.#sounding = 0;
      this.#hissing = 0;
      this.#bend = random.ratio(0.92, 1.12);
      this.#syllable = Math.floor(BED_RATE * random.ratio(0.25, 1.6));
    } else {
      this.#sounding = random.between(0.5, 1);
      this.#hissing = random.unit() < 0.4 ? random.between(0.1, 0.35) : 0;
      this.#goal = vowels[Math.floor(random.unit() * vowels.length)] as readonly [number, number, number];
      this.#bend *= random.ratio(0.95, 1.04);
      this.#bend = Math.max(0.8, Math.min(1.3, this.#bend));
      this.#syllable = Math.floor(BED_RATE * random.between(0.12, 0.32));
    }
    this.#blocksLeft = this.#syllable;
  }

  /** Formants move; they do not jump. */
  #glide(): void {
    for (let f = 0; f < 3; f++) {
      const now = (this.#hz[f] as number) + 0.25 * ((this.#goal[f] as number) * this.#tract - (this.#hz[f] as number));
      this.#hz[f] = now;
      (this.#formants[f] as Biquad).toBandPass(now, now / (60 + 0.05 * now));
    }
  }
}

/** A crowd: nine who talk nearby, and the murmur of all others (noise with the spectrum of speech). */
export function crowdFill(random: Random): BedFill {
  const talkers = Array.from({ length: VOICES }, () => new Talker(random));
  const pink = new PinkFilter();
  const murmur = [Biquad.bandPass(480, 0.7), Biquad.bandPass(1500, 0.9)] as const;
  const distance = Biquad.lowPass(4200, 0.6);
  return (block) => {
    for (const talker of talkers) talker.addTo(block);
    for (let i = 0; i < BED_BLOCK; i++) {
      const x = pink.next(random.noise());
      const far = 0.25 * murmur[0].next(x) + 0.1 * murmur[1].next(x);
      block[i] = distance.next((block[i] as number) + far);
    }
  };
}
