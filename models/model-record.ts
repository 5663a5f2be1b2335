import { RunMetrics } from './run-metrics.js';
import type { SessionOrder, SessionReport } from './worker-protocol.js';
import type { WorkerSlot } from './worker-slot.js';

/** A model inside a pool: where its sessions live, who uses it, how it performs. */
export class ModelRecord {
  readonly order: SessionOrder;
  readonly slots: readonly WorkerSlot[];
  readonly metrics = new RunMetrics();
  /** Handles and requests that need the sessions. */
  #users = 0;
  #loading: Promise<SessionReport> | undefined;

  constructor(order: SessionOrder, slots: readonly WorkerSlot[]) {
    this.order = order;
    this.slots = slots;
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

  /** Loads the model on all its workers, once; again after a failure. The report has the times of the slowest. */
  async load(): Promise<SessionReport> {
    this.#loading ??= Promise.all(this.slots.map((slot) => slot.load(this.order))).then(slowest);
    try {
      return await this.#loading;
    } catch (error) {
      this.#loading = undefined;
      throw error;
    }
  }

  /**
   * A worker for the next run, one with the model ready before one that is still loading it; nothing while all are busy.
   * When every worker has been given up, one of those, which says so.
   */
  idleSlot(): WorkerSlot | undefined {
    const usable = this.slots.filter((slot) => !slot.givenUp);
    if (usable.length === 0) return this.slots[0];
    const idle = usable.filter((slot) => !slot.busy);
    return idle.find((slot) => slot.isReady(this.order.key)) ?? idle[0];
  }

  /** Releases its sessions; a worker that dies meanwhile has released them too. */
  async unload(): Promise<void> {
    await Promise.allSettled(this.slots.map((slot) => slot.unload(this.order.key)));
  }
}

function slowest(reports: readonly SessionReport[]): SessionReport {
  const [first] = reports as [SessionReport];
  const warmups = reports.flatMap((report) => report.warmupMs ?? []);
  return {
    ...first,
    loadMs: Math.max(...reports.map((report) => report.loadMs)),
    warmupMs: warmups.length === 0 ? undefined : Math.max(...warmups),
  };
}
