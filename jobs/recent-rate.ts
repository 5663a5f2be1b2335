import type { Microseconds } from '../pipeline/index.js';

const WINDOW_US: Microseconds = 5_000_000;
const STEP_US: Microseconds = 100_000;

/** Bytes of the last five seconds of a stream, in steps of a tenth of a second. */
export class RecentRate {
  readonly #steps: { readonly us: Microseconds; bytes: number }[] = [];
  #bytes = 0;

  /** Of one packet; times grow, but for sound beside pictures. */
  add(us: Microseconds, bytes: number): void {
    const last = this.#steps.at(-1);
    if (last !== undefined && us - last.us < STEP_US) last.bytes += bytes;
    else this.#steps.push({ us, bytes });
    this.#bytes += bytes;
    for (let first = this.#steps[0]; first !== undefined && us - first.us > WINDOW_US; first = this.#steps[0]) {
      this.#bytes -= first.bytes;
      this.#steps.shift();
    }
  }

  get bitsPerSecond(): number {
    const [first] = this.#steps;
    const last = this.#steps.at(-1);
    if (first === undefined || last === undefined) return 0;
    return Math.round((this.#bytes * 8 * 1e6) / (last.us - first.us + STEP_US));
  }
}
