import { type ModelMetrics, RunMetrics } from './run-metrics.js';
import type { SessionOrder, SessionReport, WarmupSizes } from './worker-protocol.js';
import type { WorkerSlot } from './worker-slot.js';

/** A model inside a pool: where its sessions live, who uses it, how it performs. */
export class ModelRecord {
  readonly order: SessionOrder;
  #slots: readonly WorkerSlot[];
  readonly metrics = new RunMetrics();
  /** Handles and requests that need the sessions. */
  #users = 0;

  constructor(order: SessionOrder, slots: readonly WorkerSlot[]) {
    this.order = order;
    this.#slots = slots;
  }

  /** Lets the model have at least `count` workers, of those in `candidates` that come first. */
  grow(count: number, candidates: readonly WorkerSlot[]): void {
    const further = candidates.filter((slot) => !this.#slots.includes(slot));
    this.#slots = [...this.#slots, ...further.slice(0, Math.max(0, count - this.#slots.length))];
  }

  get inUse(): boolean {
    return this.#users > 0;
  }

  retain(): void {
    this.#users++;
  }

  release(): void {
    this.#users--;
  }

  /** Its figures, under the name that the caller knows it by. */
  snapshot(model: string = this.order.label): ModelMetrics {
    const [first = 'cpu'] = this.order.settings.executionProviders;
    return this.metrics.snapshot(model, typeof first === 'string' ? first : first.name);
  }

  /** Loads the model on all its workers, once; again after a failure. The report has the time of the slowest. */
  async load(): Promise<SessionReport> {
    const reports = await Promise.all(this.#slots.map((slot) => slot.load(this.order)));
    return { ...(reports[0] as SessionReport), loadMs: Math.max(...reports.map(({ loadMs }) => loadMs)) };
  }

  /** Warms the model up on all its workers, once for the same sizes: milliseconds of the slowest, if it was possible. */
  async warmUp(sizes: WarmupSizes): Promise<number | undefined> {
    if (sizes === false) return undefined;
    const times = await Promise.all(this.#slots.map((slot) => slot.warmUp(this.order, sizes)));
    const known = times.filter((ms) => ms !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  }

  /**
   * A worker for the next run, one with the model ready before one that is still loading it; nothing while all are busy.
   * When every worker has been given up, one of those, which says so.
   */
  idleSlot(): WorkerSlot | undefined {
    const usable = this.#slots.filter((slot) => !slot.givenUp);
    if (usable.length === 0) return this.#slots[0];
    const idle = usable.filter((slot) => !slot.busy);
    return idle.find((slot) => slot.isReady(this.order.key)) ?? idle[0];
  }

  /** Releases its sessions; a worker that dies meanwhile has released them too. */
  async unload(): Promise<void> {
    await Promise.allSettled(this.#slots.map((slot) => slot.unload(this.order.key)));
  }
}
