import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { figureAt, listAt } from './figures.js';

type Labels = Readonly<Record<string, string>>;
/** Notes the value of one series; nothing when there is no value. */
export type Note = (labels: Labels, value: number | undefined) => void;

/** What a family of figures is called, and where its values come from whenever somebody asks. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly collect: (note: Note) => void;
}

/** Figures that go up and down. */
export function addGauge(registry: Registry, { name, help, labels = [], collect }: Family): void {
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      collect((series, value) => value !== undefined && this.set({ ...series }, value));
    },
  });
}

/** Counts that somebody else keeps. They begin anew with the process that keeps them. */
export function addCounter(registry: Registry, { name, help, labels = [], collect }: Family): void {
  new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      collect((series, value) => value !== undefined && value >= 0 && this.inc({ ...series }, value));
    },
  });
}

/** Histograms that somebody else keeps, as `LatencyHistogram` has them. */
export interface HistogramFamily extends Omit<Family, 'collect'> {
  readonly collect: (note: (labels: Labels, histogram: unknown) => void) => void;
}

/** Seconds, from milliseconds. */
export function addHistogram(registry: Registry, family: HistogramFamily): void {
  new KeptHistogram(registry, family);
}

interface Series {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

/** A histogram whose counts somebody else keeps. */
class KeptHistogram extends Histogram<string> {
  readonly #family: HistogramFamily;

  constructor(registry: Registry, family: HistogramFamily) {
    super({ name: family.name, help: family.help, labelNames: [...(family.labels ?? [])], registers: [registry] });
    this.#family = family;
  }

  /** What the registry prints. */
  async getForPromString(): Promise<object> {
    const { name, help, collect } = this.#family;
    const values: Series[] = [];
    collect((labels, histogram) => values.push(...seriesOf(name, labels, histogram)));
    return { name, help, type: 'histogram', values };
  }
}

function seriesOf(name: string, labels: Labels, histogram: unknown): Series[] {
  const count = figureAt(histogram, 'count');
  if (count === undefined) return [];
  const counts = listAt(histogram, 'counts');
  const buckets = listAt(histogram, 'bucketsMs').map((ms, i) => ({
    le: String(Number(ms) / 1000),
    value: Number(counts[i]),
  }));
  return [
    ...[...buckets, { le: '+Inf', value: count }].map(({ le, value }) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le },
      value,
    })),
    { metricName: `${name}_sum`, labels, value: (figureAt(histogram, 'sumMs') ?? 0) / 1000 },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
