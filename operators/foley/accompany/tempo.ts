import type { Microseconds } from '../../../pipeline/index.js';

/** Beats a minute that music never leaves. */
export const TEMPO_BOUNDS = [40, 200] as const;
/** How far a tempo that was asked for may bend. */
const BEND = 0.08;
/** Ratio of successive beats: as a rule, and on the way to a cut. */
const SMOOTH = 1.05;
const HURRY = 1.14;

/** A moment at which a beat is to fall. */
export interface Appointment {
  readonly atUs: Microseconds;
  /** Beats until then, 1 or more. */
  readonly beats: number;
}

/** How fast beats follow each other: towards what mood and motion ask for, never abruptly, and so that cadences meet cuts. */
export class Tempo {
  readonly #least: number;
  readonly #most: number;
  readonly #fixed: number | undefined;
  #bpm: number | undefined;

  /** @param wanted Beats a minute, 40–200, or `auto`. */
  constructor(wanted: 'auto' | number) {
    const [least, most] = TEMPO_BOUNDS;
    this.#fixed = wanted === 'auto' ? undefined : wanted;
    this.#least = wanted === 'auto' ? least : Math.max(least, wanted * (1 - BEND));
    this.#most = wanted === 'auto' ? most : Math.min(most, wanted * (1 + BEND));
  }

  /** Length of a beat at the moment; `bpm` counts as long as there was none. */
  beatUs(bpm: number): Microseconds {
    return 60e6 / (this.#bpm ?? this.#fixed ?? bpm);
  }

  /** The next beat's tempo, in beats a minute. */
  next(nowUs: Microseconds, wantedBpm: number, appointment?: Appointment): number {
    const wanted = this.#fixed ?? wantedBpm;
    const before = this.#bpm ?? wanted;
    const aim = appointment === undefined ? wanted : bpmToMeet(nowUs, appointment, before);
    const ratio = appointment === undefined ? SMOOTH : HURRY;
    const smooth = Math.min(before * ratio, Math.max(before / ratio, aim));
    this.#bpm = Math.min(this.#most, Math.max(this.#least, smooth));
    return this.#bpm;
  }
}

function bpmToMeet(nowUs: Microseconds, { atUs, beats }: Appointment, before: number): number {
  const leftUs = atUs - nowUs;
  return leftUs <= 0 ? before * HURRY : (60e6 * beats) / leftUs;
}
