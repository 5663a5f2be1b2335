/** A figure that an operator publishes: a metric of Prometheus, named without its `vitascope_`. Streams and nodes are told apart by labels of their own. */
export interface OperatorFigure {
  /** Words joined by underscores; that of a counter ends in `_total`. */
  readonly name: string;
  readonly type: FigureType;
  /** What it says, for people. */
  readonly help: string;
  /** Names of its labels, besides `stream` and `node`. Their values are few, and do not come from what is seen. */
  readonly labels: readonly string[];
}

/** `counter`: only grows; `gauge`: goes up and down. */
export type FigureType = 'counter' | 'gauge';

/** What one series of a figure is at. Plain JSON. */
export interface FigureValue {
  readonly name: string;
  readonly type: FigureType;
  readonly labels: FigureLabels;
  readonly value: number;
}

/** Values of labels by their names. */
export type FigureLabels = Readonly<Record<string, string>>;

/** More series than any operator has; those that have not changed for longest make room. */
const MAX_SERIES = 256;

/** What identifies a series of a figure. */
export function seriesKey(name: string, labels: FigureLabels): string {
  return JSON.stringify([name, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Series of figures of one type, at most 256. */
export class FigureSeries {
  readonly #type: FigureType;
  readonly #values = new Map<string, FigureValue>();

  constructor(type: FigureType) {
    this.#type = type;
  }

  add(name: string, labels: FigureLabels, by: number): void {
    const key = seriesKey(name, labels);
    this.#note(key, { name, type: this.#type, labels, value: (this.#values.get(key)?.value ?? 0) + by });
  }

  set(name: string, labels: FigureLabels, value: number): void {
    this.#note(seriesKey(name, labels), { name, type: this.#type, labels, value });
  }

  values(): readonly FigureValue[] {
    return [...this.#values.values()];
  }

  #note(key: string, value: FigureValue): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > MAX_SERIES && oldest !== undefined) this.#values.delete(oldest);
  }
}
