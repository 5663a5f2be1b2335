import { GainCurve } from './gain-curve.js';
import { LONGEST_DELAY, type Reflection, type Reflections, type RoomSize, reflectionsOf } from './rooms.js';
import type { Stereo } from './stereo.js';
import { type SampleIndex, samplesIn } from './timeline.js';

/** A hard cut changes the room in this time. */
const CUT_FADE = samplesIn(20);
/** Taps take this many samples more than their delay: walls swallow what is high. */
const SOFTENING = 2;
const HISTORY = 4096;

interface Room {
  readonly size: RoomSize;
  readonly reflections: Reflections;
  readonly gain: GainCurve;
}

/**
 * Adds the first reflections of a room to sound: a tapped delay for each ear, with a soft low-pass in each tap. No feedback, so nothing rings or grows, and
 * after {@link LONGEST_DELAY} of silence it is silent. Latency 0.
 */
export class EarlyReflections {
  readonly #left = new Float32Array(HISTORY);
  readonly #right = new Float32Array(HISTORY);
  /** The old ones fade out, the last one is there. */
  #rooms: Room[];
  /** Where the last sample was that was not 0. */
  #lastSound: SampleIndex = Number.NEGATIVE_INFINITY;

  constructor(size: RoomSize = 'none') {
    this.#rooms = [{ size, reflections: reflectionsOf(size), gain: new GainCurve(1) }];
  }

  /** The room of the last cut. */
  get size(): RoomSize {
    return (this.#rooms.at(-1) as Room).size;
  }

  /** Another room from a sample on; cuts must come in order. */
  cut(at: SampleIndex, size: RoomSize): void {
    if (size === this.size) return;
    for (const { gain } of this.#rooms) gain.ramp(at, CUT_FADE, 0);
    const gain = new GainCurve(0);
    gain.ramp(at, CUT_FADE, 1);
    this.#rooms.push({ size, reflections: reflectionsOf(size), gain });
  }

  /** True where silence comes out while silence goes in, from a sample on. */
  isSilentFrom(sample: SampleIndex): boolean {
    return sample > this.#lastSound + LONGEST_DELAY + SOFTENING;
  }

  /** The block was silent and is left as it is. */
  skip(start: SampleIndex, samples: number): void {
    this.#forgetRooms(start + samples);
  }

  /** Adds reflections to a block whose first sample is `start`, in place. Blocks must come in order and without holes, but for silent ones that were skipped. */
  addTo({ left, right }: Stereo, start: SampleIndex): void {
    if (this.isSilentFrom(start)) {
      this.#left.fill(0);
      this.#right.fill(0);
    }
    for (let i = 0; i < left.length; i++) {
      const sample = start + i;
      const at = sample & (HISTORY - 1);
      if (left[i] !== 0 || right[i] !== 0) this.#lastSound = sample;
      this.#left[at] = left[i] as number;
      this.#right[at] = right[i] as number;
      if (this.isSilentFrom(sample)) continue;
      for (const { reflections, gain } of this.#rooms) {
        const share = gain.at(sample);
        if (share === 0) continue;
        left[i] = (left[i] as number) + share * reflected(reflections.left, this.#left, this.#right, at);
        right[i] = (right[i] as number) + share * reflected(reflections.right, this.#right, this.#left, at);
      }
    }
    this.#forgetRooms(start + left.length);
  }

  #forgetRooms(from: SampleIndex): void {
    if (this.#rooms.length === 1) return;
    this.#rooms = this.#rooms.filter(({ gain }) => !gain.isSettledAt(0, from));
  }
}

function reflected(taps: readonly Reflection[], near: Float32Array, far: Float32Array, at: number): number {
  let sum = 0;
  for (const tap of taps) sum += tap.near * softened(near, at - tap.delay) + tap.far * softened(far, at - tap.delay);
  return sum;
}

/** A quarter, a half, a quarter: nothing is left at half the sample rate, −2.5 dB at 8 kHz. */
function softened(history: Float32Array, at: number): number {
  const newest = history[at & (HISTORY - 1)] as number;
  const middle = history[(at - 1) & (HISTORY - 1)] as number;
  const oldest = history[(at - 2) & (HISTORY - 1)] as number;
  return 0.25 * newest + 0.5 * middle + 0.25 * oldest;
}
