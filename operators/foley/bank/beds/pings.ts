import { SAMPLE_RATE } from '../../sample-rate.js';

/** Many short pings at once (drops, crackles, twigs): a damped sine each. When all voices sound, one more is left out. */
export class PingVoices {
  readonly #y1: Float64Array;
  readonly #y2: Float64Array;
  readonly #a1: Float64Array;
  readonly #a2: Float64Array;
  readonly #left: Int32Array;
  #next = 0;

  constructor(voices: number) {
    this.#y1 = new Float64Array(voices);
    this.#y2 = new Float64Array(voices);
    this.#a1 = new Float64Array(voices);
    this.#a2 = new Float64Array(voices);
    this.#left = new Int32Array(voices);
  }

  /** Begins a ping at the next sample that is rendered. `ms`: until it has fallen to 1/e. */
  start(hz: number, ms: number, gain: number): void {
    const voice = this.#free();
    if (voice < 0) return;
    const radius = Math.exp(-1000 / (ms * SAMPLE_RATE));
    const turn = (2 * Math.PI * Math.min(hz, 0.45 * SAMPLE_RATE)) / SAMPLE_RATE;
    this.#a1[voice] = 2 * radius * Math.cos(turn);
    this.#a2[voice] = radius * radius;
    this.#y1[voice] = gain * radius * Math.sin(turn);
    this.#y2[voice] = 0;
    this.#left[voice] = Math.ceil((7 * ms * SAMPLE_RATE) / 1000);
  }

  /** Adds the next samples to `out[from … to)`. */
  addTo(out: Float32Array, from: number, to: number): void {
    for (let voice = 0; voice < this.#left.length; voice++) {
      const left = this.#left[voice] as number;
      if (left <= 0) continue;
      const end = Math.min(to, from + left);
      this.#addVoice(voice, out, from, end);
      this.#left[voice] = left - (end - from);
    }
  }

  #free(): number {
    for (let i = 0; i < this.#left.length; i++) {
      const voice = (this.#next + i) % this.#left.length;
      if ((this.#left[voice] as number) > 0) continue;
      this.#next = (voice + 1) % this.#left.length;
      return voice;
    }
    return -1;
  }

  #addVoice(voice: number, out: Float32Array, from: number, to: number): void {
    const a1 = this.#a1[voice] as number;
    const a2 = this.#a2[voice] as number;
    let y1 = this.#y1[voice] as number;
    let y2 = this.#y2[voice] as number;
    for (let i = from; i < to; i++) {
      out[i] = (out[i] as number) + y1;
      const y = a1 * y1 - a2 * y2;
      y2 = y1;
      y1 = y;
    }
    this.#y1[voice] = y1;
    this.#y2[voice] = y2;
  }
}
