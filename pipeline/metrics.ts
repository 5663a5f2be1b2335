import { LatencyCounter, type LatencyHistogram } from './latency-histogram.js';
import { type FigureLabels, FigureSeries, type FigureValue } from './node-figures.js';
import { type LatencySnapshot, RecentValues, round } from './recent-values.js';
import type { Closeable, Sample } from './sample.js';
import type { Microseconds } from './time.js';

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
  /** The same of all samples since the beginning. */
  readonly latencyHistogram: LatencyHistogram;
  /** What the operator said its model took (see {@link reportModelMs}), the percentiles over the last 256 runs. */
  readonly modelMs: (LatencySnapshot & { readonly runs: number; readonly total: number }) | null;
  /** How often the operator looked anew (see {@link reportCadence}); `every` is frames for each look, over the last 256. */
  readonly cadence: { readonly fresh: number; readonly carried: number; readonly every: number } | null;
  /** What the operator counts (see {@link reportCount} and {@link reportGauge}); left out where it counts nothing. */
  readonly figures?: readonly FigureValue[];
}

type TimedSample = Sample<Closeable & { readonly ptsUs: Microseconds }>;

interface Arrival {
  readonly ptsUs: Microseconds;
  readonly atMs: number;
}

const RECENT = 256;
/** Nodes hold far fewer; what is more has been swallowed, by a filter that accepts nothing for instance. */
const MAX_IN_FLIGHT = 1024;

/** What a node has done, whichever of its instances did it. */
class NodeTally {
  readonly latency = new RecentValues(RECENT);
  readonly latencies = new LatencyCounter();
  readonly model = new RecentValues(RECENT);
  readonly fresh = new RecentValues(RECENT);
  readonly counts = new FigureSeries('counter');
  /** Those of the last instance: what another one saw is no more. */
  gauges = new FigureSeries('gauge');
  framesIn = 0;
  framesOut = 0;
  dropped = 0;
  inFlight = 0;
}

/**
 * Counts what passes one node. A few hundred nanoseconds and no lasting memory a frame. Where an instance of the node follows another one, each has its
 * own meter, and their counts are one.
 */
export class NodeMeter {
  readonly node: string;
  readonly #arrivals: Arrival[][];
  readonly #tally: NodeTally;
  readonly #gauges = new FigureSeries('gauge');

  /** @param before The meter of an instance that this one follows. */
  constructor(node: string, inputPorts = 1, before?: NodeMeter) {
    this.node = node;
    this.#tally = before === undefined ? new NodeTally() : before.#tally;
    this.#tally.gauges = this.#gauges;
    this.#arrivals = Array.from({ length: inputPorts }, () => []);
  }

  /** Notes an arrival, and that what is reported about this sample object belongs to this node. */
  entered(sample: TimedSample, inputPort = 0): void {
    this.#tally.framesIn++;
    meters.set(sample, this);
    const arrivals = this.#arrivals[inputPort];
    if (arrivals === undefined) return;
    arrivals.push({ ptsUs: sample.frame.ptsUs, atMs: performance.now() });
    this.#tally.inFlight++;
    if (arrivals.length > MAX_IN_FLIGHT) this.#drop(arrivals, 1);
  }

  /** Notes a departure: the arrivals with its time have left, those with an earlier time were dropped. */
  left(sample: TimedSample): void {
    const tally = this.#tally;
    tally.framesOut++;
    const { ptsUs } = sample.frame;
    let arrivedAtMs: number | undefined;
    for (const arrivals of this.#arrivals) {
      for (let first = arrivals[0]; first !== undefined && first.ptsUs <= ptsUs; first = arrivals[0]) {
        arrivals.shift();
        tally.inFlight--;
        if (first.ptsUs < ptsUs) tally.dropped++;
        else arrivedAtMs = Math.min(arrivedAtMs ?? first.atMs, first.atMs);
      }
    }
    if (arrivedAtMs === undefined) return;
    const ms = performance.now() - arrivedAtMs;
    tally.latency.push(ms);
    tally.latencies.add(ms);
  }

  /** The stream ended: what has not left was dropped. */
  ended(): void {
    for (const arrivals of this.#arrivals) this.#drop(arrivals, arrivals.length);
  }

  modelRan(ms: number): void {
    this.#tally.model.push(ms);
  }

  looked(fresh: boolean): void {
    this.#tally.fresh.push(Number(fresh));
  }

  counted(name: string, labels: FigureLabels, by: number): void {
    this.#tally.counts.add(name, labels, by);
  }

  gauged(name: string, labels: FigureLabels, value: number): void {
    this.#gauges.set(name, labels, value);
  }

  snapshot(): NodeMetricsSnapshot {
    const { framesIn, framesOut, dropped, inFlight, latency, latencies, model, counts, gauges } = this.#tally;
    const modelMs = model.percentiles();
    const figures = [...gauges.values(), ...counts.values()];
    return {
      node: this.node,
      framesIn,
      framesOut,
      dropped,
      inFlight,
      latencyMs: latency.percentiles(),
      latencyHistogram: latencies.snapshot(),
      modelMs: modelMs && { ...modelMs, runs: model.count, total: round(model.sum) },
      cadence: this.#cadence(),
      ...(figures.length > 0 ? { figures } : {}),
    };
  }

  #drop(arrivals: Arrival[], count: number): void {
    arrivals.splice(0, count);
    this.#tally.dropped += count;
    this.#tally.inFlight -= count;
  }

  #cadence(): NodeMetricsSnapshot['cadence'] {
    const { count, sum, mean } = this.#tally.fresh;
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

/**
 * Adds to a counter that the operator's definition lists among its `figures`; 0 makes the series known before there is anything to count. An operator calls it
 * with the sample it *received* (the same object); outside a graph it does nothing. Counts of an instance go on with the one that follows it.
 *
 * @param by Not negative. Default 1.
 */
export function reportCount(received: Sample<Closeable>, name: string, labels: FigureLabels = {}, by = 1): void {
  meters.get(received)?.counted(name, labels, by);
}

/** Sets a gauge that the operator's definition lists among its `figures`; see {@link reportCount}. Of several instances that of the last one counts. */
export function reportGauge(received: Sample<Closeable>, name: string, labels: FigureLabels, value: number): void {
  meters.get(received)?.gauged(name, labels, value);
}

/** The meters of one running graph, in flow order. */
export class GraphMetrics {
  readonly #meters = new Map<string, NodeMeter>();

  /** A meter for an instance of a node; a further one adds to the counts of the first. */
  addNode(node: string, inputPorts: number): NodeMeter {
    const first = this.#meters.get(node);
    const meter = new NodeMeter(node, inputPorts, first);
    if (first === undefined) this.#meters.set(node, meter);
    return meter;
  }

  /** Plain JSON. */
  snapshot(): readonly NodeMetricsSnapshot[] {
    return Array.from(this.#meters.values(), (meter) => meter.snapshot());
  }
}
