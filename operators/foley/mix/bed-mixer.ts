import type { Microseconds } from '../../../pipeline/index.js';
import { amplitudeOf } from './decibels.js';
import { GainCurve } from './gain-curve.js';
import { addTo, makeHarmless, partOf, type Stereo, stereo } from './stereo.js';
import { type SampleIndex, sampleAt, samplesIn } from './timeline.js';

/** Endless sound, as of wind or a street. 48 kHz. */
export interface BedSound {
  /** Writes the next samples, as many as the block has. What it writes must not depend on the size of blocks. */
  render(block: Stereo): void;
}

/** Makes the sound of a bed when it is first heard. */
export type BedFactory = () => BedSound;

/** How a bed changes. */
export interface BedChange {
  readonly ptsUs: Microseconds;
  /** −∞ silences it. */
  readonly gainDb: number;
  /** Of the fade that begins at `ptsUs`, milliseconds. Default 400. */
  readonly fadeMs?: number;
}

interface Bed {
  readonly make: BedFactory;
  readonly gain: GainCurve;
  /** Nothing while it is mute, so that beds that are not heard cost nothing. */
  sound: BedSound | undefined;
}

const DEFAULT_FADE_MS = 400;
const LONGEST_CHUNK = 4096;

/**
 * Beds under one another, each with a gain that moves between targets. Beds are different sounds, so powers cross-fade: where one takes the place of another
 * the whole stays as loud. A bed that was mute begins anew when it comes back.
 */
export class BedMixer {
  readonly #beds = new Map<string, Bed>();
  readonly #mostBeds: number;
  /** After the last sample that was asked for. */
  #position: SampleIndex = Number.NEGATIVE_INFINITY;
  readonly #chunk = stereo(LONGEST_CHUNK);

  /** @param mostBeds Kinds that may be heard at once; those that ask for more are not. */
  constructor(mostBeds = 8) {
    this.#mostBeds = mostBeds;
  }

  /** Moves the gain of the bed of a kind. `make` is called when it must be heard. False where too many beds are heard. */
  change(kind: string, make: BedFactory, { ptsUs, gainDb, fadeMs = DEFAULT_FADE_MS }: BedChange): boolean {
    const gain = Number.isNaN(gainDb) ? 0 : amplitudeOf(Math.min(24, gainDb));
    for (const [other, { gain }] of this.#beds) if (gain.isSettledAt(0, this.#position)) this.#beds.delete(other);
    let bed = this.#beds.get(kind);
    if (bed === undefined) {
      if (gain === 0 || this.#beds.size >= this.#mostBeds) return gain === 0;
      bed = { make, gain: new GainCurve(0), sound: undefined };
      this.#beds.set(kind, bed);
    }
    bed.gain.ramp(sampleAt(ptsUs), samplesIn(fadeMs), gain);
    return true;
  }

  /** Kinds that are heard, or will be. */
  get kinds(): readonly string[] {
    return [...this.#beds].filter(([, { gain }]) => !gain.isSettledAt(0, this.#position)).map(([kind]) => kind);
  }

  /** True where nothing is heard from a sample up to another. */
  isMute(from: SampleIndex, to: SampleIndex): boolean {
    return [...this.#beds.values()].every(({ gain }) => gain.isMute(from, to));
  }

  /** Adds all beds to a block whose first sample is `start`. Blocks must come in order. */
  addTo(block: Stereo, start: SampleIndex): void {
    const samples = block.left.length;
    this.#position = start + samples;
    for (const bed of this.#beds.values()) {
      for (let at = 0; at < samples; at += LONGEST_CHUNK) {
        const until = Math.min(samples, at + LONGEST_CHUNK);
        addBed(bed, partOf(this.#chunk, 0, until - at), partOf(block, at, until), start + at);
      }
      if (bed.gain.isSettledAt(0, this.#position)) bed.sound = undefined;
    }
  }
}

function addBed(bed: Bed, chunk: Stereo, block: Stereo, start: SampleIndex): void {
  // The sound begins at the very sample at which it is heard, or it would depend on the size of blocks.
  let from = 0;
  const samples = block.left.length;
  if (bed.sound === undefined && bed.gain.isMute(start, start + samples)) return;
  while (bed.sound === undefined && from < samples && bed.gain.at(start + from) === 0) from++;
  if (from === samples) return;
  bed.sound ??= bed.make();
  const heard = partOf(chunk, 0, samples - from);
  bed.sound.render(heard);
  makeHarmless(heard);
  for (let i = 0; i < heard.left.length; i++) {
    const gain = bed.gain.at(start + from + i);
    heard.left[i] = (heard.left[i] as number) * gain;
    heard.right[i] = (heard.right[i] as number) * gain;
  }
  addTo(partOf(block, from, samples), heard);
}
