import { SAMPLE_RATE } from '../../sample-rate.js';

/** Lengths of the delay lines in samples: primes, 24 to 55 ms. */
const LENGTHS = [1153, 1381, 1559, 1777, 1987, 2203, 2411, 2617] as const;
/** Seconds in which the reverberation falls by 60 dB. */
const REVERBERATION = 0.95;
/** How much of high frequencies is lost on each way, 0–1. */
const ABSORPTION = 0.38;

/** A small hall: eight delay lines that feed each other (Jot and Chaigne, *Digital delay networks*, AES 90th Convention, 1991). */
export class Room {
  readonly #lines = LENGTHS.map((length) => new Float64Array(length));
  readonly #gains = LENGTHS.map((length) => 10 ** ((-3 * length) / (REVERBERATION * SAMPLE_RATE)));
  readonly #places = new Int32Array(LENGTHS.length);
  readonly #dark = new Float64Array(LENGTHS.length);

  /** Adds the room's answer to both channels. @param wet Its level, 0–1. */
  process(left: Float64Array, right: Float64Array, wet: number): void {
    const dark = this.#dark;
    for (let i = 0; i < left.length; i++) {
      const dryLeft = left[i] as number;
      const dryRight = right[i] as number;
      let sum = 0;
      for (let line = 0; line < LENGTHS.length; line++) {
        const out = (this.#lines[line] as Float64Array)[this.#places[line] as number] as number;
        const soft = out * (1 - ABSORPTION) + (dark[line] as number) * ABSORPTION;
        dark[line] = soft;
        sum += soft;
      }
      const shared = sum / 4;
      let wetLeft = 0;
      let wetRight = 0;
      for (let line = 0; line < LENGTHS.length; line++) {
        const heard = dark[line] as number;
        const isLeft = (line & 1) === 0;
        if (isLeft) wetLeft += (line & 2) === 0 ? heard : -heard;
        else wetRight += (line & 2) === 0 ? heard : -heard;
        this.#feed(line, (isLeft ? dryLeft : dryRight) + (heard - shared) * (this.#gains[line] as number));
      }
      left[i] = dryLeft + wet * wetLeft;
      right[i] = dryRight + wet * wetRight;
    }
  }

  #feed(line: number, value: number): void {
    const place = this.#places[line] as number;
    (this.#lines[line] as Float64Array)[place] = Math.abs(value) < 1e-15 ? 0 : value;
    this.#places[line] = place + 1 === (LENGTHS[line] as number) ? 0 : place + 1;
  }
}
