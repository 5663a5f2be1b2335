/** Upper ends of the buckets of latency histograms, milliseconds. */
export const latencyBucketsMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000] as const;

/** How long things took since the beginning, in the form that Prometheus keeps. Plain JSON. */
export interface LatencyHistogram {
  /** {@link latencyBucketsMs}. */
  readonly bucketsMs: readonly number[];
  /** For each bucket, how many took at most that long; those of smaller buckets are among them. */
  readonly counts: readonly number[];
  /** All, those too that took longer than the last bucket. */
  readonly count: number;
  readonly sumMs: number;
}

/** Counts latencies; memory is constant. */
export class LatencyCounter {
  readonly #counts = new Float64Array(latencyBucketsMs.length);
  #count = 0;
  #sumMs = 0;

  get count(): number {
    return this.#count;
  }

  /** @param ms Not negative. */
  add(ms: number): void {
    this.#count++;
    this.#sumMs += ms;
    const bucket = latencyBucketsMs.findIndex((endMs) => ms <= endMs);
    if (bucket >= 0) (this.#counts[bucket] as number)++;
  }

  snapshot(): LatencyHistogram {
    let below = 0;
    const counts = Array.from(this.#counts, (count) => {
      below += count;
      return below;
    });
    return { bucketsMs: latencyBucketsMs, counts, count: this.#count, sumMs: Math.round(this.#sumMs * 1000) / 1000 };
  }
}
