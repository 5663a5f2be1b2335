import { SAMPLE_RATE } from '../../sample-rate.js';
import type { Random } from '../random.js';
import { Biquad, PinkFilter } from '../synthesis/filters.js';
import { BED_BLOCK, BED_RATE, type BedFill } from './bed-source.js';
import { Drift, Ramp } from './drift.js';

/** A vehicle that passes: closest at 0, seconds; width is how long it is near. */
interface Passing {
  time: number;
  width: number;
  strength: number;
  firingHz: number;
}

/** Seconds before and after the closest point, in widths. */
const REACH = 4;

/** A street: the rumble of the town, and three lanes on which vehicles pass, with tyres (noise) and an engine that falls in pitch as it goes by. */
export function streetFill(random: Random): BedFill {
  const pink = new PinkFilter();
  const rumble = Biquad.lowPass(180, 0.6);
  const town = Biquad.bandPass(500, 0.4);
  const drift = new Drift(random, 0.08);
  const gain = new Ramp(1);
  const lanes = Array.from({ length: 3 }, () => new Lane(random));
  return (block) => {
    const loud = gain.toward(1 + 0.12 * drift.next(), BED_BLOCK);
    for (let i = 0; i < BED_BLOCK; i++) {
      const x = pink.next(random.noise());
      block[i] = (block[i] as number) + loud(i) * (1.1 * rumble.next(x) + 0.35 * town.next(x));
    }
    for (const lane of lanes) lane.addTo(block);
  };
}

class Lane {
  readonly #random: Random;
  readonly #tyres = new Biquad();
  readonly #pink = new PinkFilter();
  readonly #engine: EngineVoice;
  readonly #level = new Ramp();
  #passing: Passing;

  constructor(random: Random) {
    this.#random = random;
    this.#engine = new EngineVoice(random);
    this.#passing = this.#coming();
    this.#passing.time = random.between(-REACH, REACH) * this.#passing.width;
  }

  addTo(block: Float32Array): void {
    const passing = this.#passing;
    passing.time += 1 / BED_RATE;
    if (passing.time > REACH * passing.width) this.#passing = this.#coming();
    const where = passing.time / passing.width;
    // Spherical spreading past a point at distance 1; gone at the ends of its way.
    const near = Math.max(0, 1 / (1 + where * where) - 1 / (1 + REACH * REACH));
    const loud = this.#level.toward(passing.strength * near, BED_BLOCK);
    this.#tyres.toBandPass(500 + 700 * near, 0.5);
    // Doppler: ±4 % at 50 km/h.
    const hz = passing.firingHz * (1 - 0.04 * Math.tanh(where));
    for (let i = 0; i < BED_BLOCK; i++) {
      const x = 0.9 * this.#tyres.next(this.#pink.next(this.#random.noise())) + 0.3 * this.#engine.next(hz);
      block[i] = (block[i] as number) + loud(i) * x;
    }
  }

  #coming(): Passing {
    const width = this.#random.between(0.9, 2.2);
    return {
      time: -REACH * width - this.#random.between(0, 2),
      width,
      strength: this.#random.between(0.35, 1),
      firingHz: this.#random.ratio(45, 90),
    };
  }
}

/** Combustion: a pulse a firing, uneven by cylinder and by chance, through exhaust and body. */
class EngineVoice {
  readonly #random: Random;
  readonly #cylinders: readonly number[];
  readonly #exhaust: Biquad;
  readonly #body: Biquad;
  readonly #muffler = Biquad.lowPass(900);
  #phase = 0;
  #cylinder = 0;
  #pulse = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#cylinders = Array.from({ length: 4 }, () => random.between(0.75, 1));
    this.#exhaust = Biquad.bandPass(random.ratio(85, 140), 1.5);
    this.#body = Biquad.bandPass(random.ratio(240, 420), 2);
  }

  next(firingHz: number): number {
    this.#phase += firingHz / SAMPLE_RATE;
    if (this.#phase >= 1) {
      this.#phase -= 1;
      this.#cylinder = (this.#cylinder + 1) % this.#cylinders.length;
      this.#pulse = (this.#cylinders[this.#cylinder] as number) * this.#random.between(0.8, 1.1);
    }
    this.#pulse *= 0.992;
    const x = this.#pulse * (0.8 + 0.5 * this.#random.noise());
    return 2.2 * this.#exhaust.next(x) + 1.2 * this.#body.next(x) + 0.5 * this.#muffler.next(x * this.#random.noise());
  }
}

/** An engine that runs at a steady speed: its pulses, a whine of gears, and the air it draws. */
export function engineFill(random: Random): BedFill {
  const engine = new EngineVoice(random);
  const hz = random.ratio(28, 48);
  const hunting = new Drift(random, 0.3);
  const air = Biquad.bandPass(1700, 0.5);
  const whineTurn = (2 * Math.PI * hz * 11.3) / SAMPLE_RATE;
  let whine = 0;
  return (block) => {
    const speed = 1 + 0.012 * hunting.next();
    for (let i = 0; i < BED_BLOCK; i++) {
      whine = (whine + whineTurn * speed) % (2 * Math.PI);
      const x = engine.next(hz * speed) + 0.012 * Math.sin(whine) + 0.05 * air.next(random.noise());
      block[i] = (block[i] as number) + x;
    }
  };
}
