import type { Microseconds } from '../../pipeline/index.js';
import type { WriteProgress } from '../../streams/file/write-file.js';

/** How far a job is; plain JSON. */
export interface ProgressReport {
  readonly phase: WriteProgress['phase'];
  /** 0–100; null when the length of the film is unknown. */
  readonly percent: number | null;
  readonly frames: number;
  /** Frames of the whole job; null when unknown. */
  readonly totalFrames: number | null;
  /** Frames a second, lately. */
  readonly fps: number;
  /** Seconds of film a second of work, lately. */
  readonly speed: number;
  readonly etaSeconds: number | null;
  readonly elapsedSeconds: number;
  /** Bytes of finished pieces. */
  readonly bytes: number;
}

/** Rates are taken over this much recent time. */
const WINDOW_MS = 10_000;

interface Mark {
  readonly atMs: number;
  readonly frames: number;
  readonly ptsUs: Microseconds;
}

/** Turns raw progress into percent, rates and time left. */
export class ProgressEstimator {
  readonly #fromUs: Microseconds;
  readonly #toUs: Microseconds | undefined;
  readonly #totalFrames: number | undefined;
  readonly #startedMs: number;
  readonly #marks: Mark[] = [];
  #phase: WriteProgress['phase'] = 'encoding';
  #phaseStartedMs: number;
  readonly #now: () => number;

  /** @param now Milliseconds from any fixed origin. */
  constructor(
    film: { fromUs: Microseconds; toUs: Microseconds | undefined; totalFrames: number | undefined },
    now: () => number = () => performance.now(),
  ) {
    this.#fromUs = film.fromUs;
    this.#toUs = film.toUs;
    this.#totalFrames = film.totalFrames;
    this.#now = now;
    this.#startedMs = now();
    this.#phaseStartedMs = this.#startedMs;
  }

  update({ phase, frames, ptsUs, bytes }: WriteProgress): ProgressReport {
    const atMs = this.#now();
    if (phase === 'encoding') this.#mark({ atMs, frames, ptsUs });
    if (phase !== this.#phase) this.#phaseStartedMs = atMs;
    this.#phase = phase;
    const { fps, speed } = this.#rates();
    const lengthUs = this.#toUs === undefined ? undefined : this.#toUs - this.#fromUs;
    const doneUs = ptsUs - (phase === 'encoding' ? this.#fromUs : 0);
    const share = lengthUs === undefined || lengthUs <= 0 ? undefined : Math.min(1, Math.max(0, doneUs / lengthUs));
    return {
      phase,
      percent: share === undefined ? null : Math.round(share * 1000) / 10,
      frames,
      totalFrames: this.#totalFrames ?? null,
      fps: Math.round(fps * 10) / 10,
      speed: Math.round(speed * 100) / 100,
      etaSeconds: share === undefined ? null : this.#secondsLeft(share, speed, atMs),
      elapsedSeconds: Math.round((atMs - this.#startedMs) / 1000),
      bytes,
    };
  }

  /** Of the phase. */
  #secondsLeft(share: number, speed: number, atMs: number): number | null {
    if (this.#phase === 'sound') {
      return share === 0 ? null : Math.round(((atMs - this.#phaseStartedMs) * (1 - share)) / share / 1000);
    }
    const lengthUs = (this.#toUs ?? 0) - this.#fromUs;
    return speed === 0 ? null : Math.round(((1 - share) * lengthUs) / 1e6 / speed);
  }

  #mark(mark: Mark): void {
    const marks = this.#marks;
    const last = marks.at(-1);
    // Ten marks a second are enough to see a rate.
    if (last !== undefined && mark.atMs - last.atMs < 100 && marks.length > 1) marks.pop();
    marks.push(mark);
    while (marks.length > 2 && (marks[1] as Mark).atMs < mark.atMs - WINDOW_MS) marks.shift();
  }

  #rates(): { fps: number; speed: number } {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return { fps: 0, speed: 0 };
    const seconds = (last.atMs - first.atMs) / 1000;
    return { fps: (last.frames - first.frames) / seconds, speed: (last.ptsUs - first.ptsUs) / 1e6 / seconds };
  }
}
