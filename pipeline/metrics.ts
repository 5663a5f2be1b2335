import type { Closeable, Sample } from './sample.js';
import type { Microseconds } from './time.js';

/** Recent durations, milliseconds; `null` where nothing was measured yet. */
export interface LatencySnapshot {
  readonly p50: number;
  readonly p95: number;
}

/** What one node of a graph has done so far; plain JSON. */
export interface NodeMetricsSnapshot {
  readonly node: string;
  /** Samples that arrived, all input ports together. */
  readonly framesIn: number;
  /** Samples that left, all output ports together. */
  readonly framesOut: number;
  /** Samples that arrived and were passed over: a later one left, or the stream ended, without them. */
  readonly dropped: number;
  /** Samples that arrived and neither left nor were dropped. */
  readonly inFlight: number;
  /** Time from a sample's arrival to the departure of the sample with the same `ptsUs`, over the last 256. */
  readonly latencyMs: LatencySnapshot | null;
  /** What the operator said its model took (see {@link reportModelMs}), the percentiles over the last 256 runs. */
  readonly modelMs: (LatencySnapshot & { readonly runs: number; readonly total: number }) | null;
  /** How often the operator looked anew (see {@link reportCadence}); `every` is frames for each look, over the last 256. */
  readonly cadence: { readonly fresh: number; readonly carried: number; readonly every: number } | null;
}

type TimedSample = Sample<Closeable & { readonly ptsUs: Microseconds }>;

interface Arrival {
  readonly ptsUs: Microseconds;
  readonly atMs: number;
}

const RECENT = 256;
/** Nodes hold far fewer; what is more has been swallowed, by a filter that accepts nothing for instance. */
const MAX_IN_FLIGHT = 1024;

/** Counts what passes one node. A few hundred nanoseconds and no lasting memory a frame. */
export class NodeMeter {
  readonly node: string;
  readonly #arrivals: Arrival[][];
  readonly #latency = new RecentValues(RECENT);
  readonly #model = new RecentValues(RECENT);
  readonly #fresh = new RecentValues(RECENT);
  #framesIn = 0;
  #framesOut = 0;
  #dropped = 0;

  constructor(node: string, inputPorts = 1) {
    this.node = node;
    this.#arrivals = Array.from({ length: inputPorts }, () => []);
  }

  /** Notes an arrival, and that what is reported about this sample object belongs to this node. */
  entered(sample: TimedSample, inputPort = 0): void {
    this.#framesIn++;
    meters.set(sample, this);
    const arrivals = this.#arrivals[inputPort];
    if (arrivals === undefined) return;
    arrivals.push({ ptsUs: sample.frame.ptsUs, atMs: performance.now() });
    if (arrivals.length <= MAX_IN_FLIGHT) return;
    arrivals.shift();
    this.#dropped++;
  }

  /** Notes a departure: the arrivals with its time have left, those with an earlier time were dropped. */
  left(sample: TimedSample): void {
    this.#framesOut++;
    const { ptsUs } = sample.frame;
    let arrivedAtMs: number | undefined;
    for (const arrivals of this.#arrivals) {
      for (let first = arrivals[0]; first !== undefined && first.ptsUs <= ptsUs; first = arrivals[0]) {
        arrivals.shift();
        if (first.ptsUs < ptsUs) this.#dropped++;
        else arrivedAtMs = Math.min(arrivedAtMs ?? first.atMs, first.atMs);
      }
    }
    if (arrivedAtMs !== undefined) this.#latency.push(performance.now() - arrivedAtMs);
  }

  /** The stream ended: what has not left was dropped. */
  ended(): void {
    for (const arrivals of this.#arrivals) this.#dropped += arrivals.splice(0).length;
  }

  modelRan(ms: number): void {
    this.#model.push(ms);
  }

  looked(fresh: boolean): void {
    this.#fresh.push(Number(fresh));
  }

  snapshot(): NodeMetricsSnapshot {
    const latency = this.#latency.percentiles();
    const model = this.#model.percentiles();
    return {
      node: this.node,
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      dropped: this.#dropped,
      inFlight: this.#arrivals.reduce((sum, arrivals) => sum + arrivals.length, 0),
      latencyMs: latency,
      modelMs: model && { ...model, runs: this.#model.count, total: round(this.#model.sum) },
      cadence: this.#cadence(),
    };
  }

  #cadence(): NodeMetricsSnapshot['cadence'] {
    const { count, sum, mean } = this.#fresh;
    if (count === 0) return null;
    return { fresh: sum, carried: count - sum, every: mean === 0 ? count : Math.round(10 / mean) / 10 };
  }
}

const meters = new WeakMap<object, NodeMeter>();

/**
 * Tells the metrics how long a model ran, milliseconds. An operator calls it with the sample it *received* (the same object);
 * outside a graph it does nothing.
 */
export function reportModelMs(received: Sample<Closeable>, ms: number): void {
  meters.get(received)?.modelRan(ms);
}

/**
 * Tells the metrics whether a network looked at a frame, or an earlier result was carried on. An operator calls it with the sample it
 * *received* (the same object); outside a graph it does nothing.
 */
export function reportCadence(received: Sample<Closeable>, fresh: boolean): void {
  meters.get(received)?.looked(fresh);
}

/** The meters of one running graph, in flow order. */
export class GraphMetrics {
  readonly #meters: NodeMeter[] = [];

  addNode(node: string, inputPorts: number): NodeMeter {
    const meter = new NodeMeter(node, inputPorts);
    this.#meters.push(meter);
    return meter;
  }

  /** Plain JSON. */
  snapshot(): readonly NodeMetricsSnapshot[] {
    return this.#meters.map((meter) => meter.snapshot());
  }
}

/** The last `capacity` numbers, and the count and sum of all. */
class RecentValues {
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

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
