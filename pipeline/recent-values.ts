/** Recent durations, milliseconds; `null` where nothing was measured yet. */
export interface LatencySnapshot {
  readonly p50: number;
  readonly p95: number;
}

/** The last `capacity` numbers, and the count and sum of all. */
export class RecentValues {
  readonly #ring: Float64Array;
  #count = 0;
  #sum = 0;

  constructor(capacity: number) {
    this.#ring = new Float64Array(capacity);
  }

  get count(): number {
    return this.#count;
  }
  get sum(): number {
    return this.#sum;
  }
  /** Of the last ones; 0 without any. */
  get mean(): number {
    const kept = Math.min(this.#count, this.#ring.length);
    return kept === 0 ? 0 : this.#ring.slice(0, kept).reduce((sum, value) => sum + value, 0) / kept;
  }

  push(value: number): void {
    this.#ring[this.#count++ % this.#ring.length] = value;
    this.#sum += value;
  }

  percentiles(): LatencySnapshot | null {
    if (this.#count === 0) return null;
    const sorted = this.#ring.slice(0, Math.min(this.#count, this.#ring.length)).sort();
    const at = (q: number): number => round(sorted[Math.ceil(q * sorted.length) - 1] ?? 0);
    return { p50: at(0.5), p95: at(0.95) };
  }
}

/** To a thousandth. */
export function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
