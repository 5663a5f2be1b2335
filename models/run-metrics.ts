/** Figures of one model since it was loaded. Times are milliseconds inside the runtime. */
export interface ModelMetrics {
  readonly model: string;
  /** The execution provider that its sessions were made for: `cpu`, `webgpu`, … */
  readonly provider: string;
  /** Runs that gave a result. */
  readonly runs: number;
  readonly failures: number;
  /** Runs of the runtime that served several requests at once. */
  readonly batches: number;
  /** Requests that one run of the runtime served, on average; 1 without batching, 0 before the first. */
  readonly meanBatchSize: number;
  readonly totalMs: number;
  /** Median of the latest 256 runs; 0 before the first. */
  readonly p50Ms: number;
  /** 95th percentile of the latest 256 runs; 0 before the first. */
  readonly p95Ms: number;
}

const WINDOW = 256;

/** Counts the runs of a model; percentiles cover a fixed number of the latest, so that memory stays constant. */
export class RunMetrics {
  readonly #latest = new Float64Array(WINDOW);
  #runs = 0;
  #failures = 0;
  #batches = 0;
  #batched = 0;
  #totalMs = 0;

  recordRun(modelMs: number): void {
    this.#latest[this.#runs % WINDOW] = modelMs;
    this.#runs++;
    this.#totalMs += modelMs;
  }

  /** One run of the runtime served `size` requests, which are recorded besides. */
  recordBatch(size: number): void {
    this.#batches++;
    this.#batched += size;
  }

  recordFailure(): void {
    this.#failures++;
  }

  snapshot(model: string, provider = 'cpu'): ModelMetrics {
    const sorted = this.#latest.slice(0, Math.min(this.#runs, WINDOW)).sort();
    const percentile = (p: number): number => sorted[Math.ceil(sorted.length * p) - 1] ?? 0;
    return {
      model,
      provider,
      runs: this.#runs,
      failures: this.#failures,
      batches: this.#batches,
      meanBatchSize: this.#meanBatchSize(),
      totalMs: this.#totalMs,
      p50Ms: percentile(0.5),
      p95Ms: percentile(0.95),
    };
  }

  #meanBatchSize(): number {
    const requests = this.#runs + this.#failures;
    const runs = requests - this.#batched + this.#batches;
    return runs === 0 ? 0 : requests / runs;
  }
}
