import { isRecord } from '../pipeline/graph/is-record.js';
import { type FigureLabels, type FigureType, seriesKey } from '../pipeline/node-figures.js';
import { figureAt, listAt, partAt, textAt } from './http/metrics/figures.js';
import type { StreamFigure } from './stream-figure.js';

/** More series than a stream has; those that have been silent for longest make room. */
const MAX_SERIES = 1024;

/** A count: what processes counted that are gone, and what the one that runs has. */
interface Count {
  readonly node: string;
  readonly name: string;
  readonly labels: FigureLabels;
  before: number;
  now: number;
}

/**
 * What operators of one stream count, over all of its processes: counts go on where the process before left them (as of its last heartbeat), and gauges
 * are those of the process that runs.
 */
export class KeptFigures {
  readonly #counts = new Map<string, Count>();
  #gauges: readonly StreamFigure[] = [];

  /** Takes what a heartbeat brought: `LiveStreamMetrics`, or anything else. */
  see(metrics: unknown): void {
    const figures = listAt(metrics, 'runner', 'nodes').flatMap(figuresOf).slice(0, MAX_SERIES);
    this.#gauges = figures.filter(({ type }) => type === 'gauge');
    for (const figure of figures) if (figure.type === 'counter') this.#count(figure);
  }

  /** The process is gone, and another one will begin at nothing. */
  ended(): void {
    this.#gauges = [];
    for (const count of this.#counts.values()) count.before += count.now;
    for (const count of this.#counts.values()) count.now = 0;
  }

  list(): readonly StreamFigure[] {
    const counts = Array.from(
      this.#counts.values(),
      ({ node, name, labels, before, now }): StreamFigure => ({
        node,
        name,
        type: 'counter',
        labels,
        value: before + now,
      }),
    );
    return [...this.#gauges, ...counts];
  }

  #count({ node, name, labels, value }: StreamFigure): void {
    const key = `${node} ${seriesKey(name, labels)}`;
    const count = this.#counts.get(key) ?? { node, name, labels, before: 0, now: 0 };
    // It made room for others in the process, and began anew.
    if (value < count.now) count.before += count.now;
    count.now = value;
    this.#counts.delete(key);
    this.#counts.set(key, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_SERIES && oldest !== undefined) this.#counts.delete(oldest);
  }
}

function figuresOf(metrics: unknown): readonly StreamFigure[] {
  const node = textAt(metrics, 'node') ?? '';
  return listAt(metrics, 'figures').flatMap((figure) => {
    const [name, type, value] = [textAt(figure, 'name'), typeOf(partAt(figure, 'type')), figureAt(figure, 'value')];
    if (name === undefined || type === undefined || value === undefined) return [];
    return [{ node, name, type, labels: labelsOf(partAt(figure, 'labels')), value }];
  });
}

function typeOf(value: unknown): FigureType | undefined {
  return value === 'counter' || value === 'gauge' ? value : undefined;
}

function labelsOf(value: unknown): FigureLabels {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
