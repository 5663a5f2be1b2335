import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process that measures or makes something beside the benchmark, and ends with it. */
export class Worker<Message> {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #failure: Error | undefined;
  #stopping = false;

  /**
   * Runs a module that calls {@link inWorker}.
   *
   * @param settings What it is given: plain data.
   * @param take Hears what it sends.
   */
  constructor(module: URL, settings: unknown, take: (message: Message) => void) {
    this.#child = fork(module, { execArgv: process.execArgv, serialization: 'advanced' });
    this.#ended = once(this.#child, 'exit').then(([code, signal]) => {
      if (!this.#stopping) this.#failure = new Error(`${module.pathname.replace(/.*\//, '')} ended: ${signal ?? code}`);
    });
    this.#child.on('message', (message) => take(message as Message));
    this.#child.send({ settings });
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** @throws Error when it ended although nobody asked it to. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  tell(order: unknown): void {
    if (this.#child.connected) this.#child.send({ order });
  }

  /** Ends it; never rejects. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child.connected) this.#child.disconnect();
    const giveUp = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    await this.#ended;
    clearTimeout(giveUp);
  }
}

/** What the process of a {@link Worker} gets. */
export interface WorkerSide<Settings, Message, Order> {
  readonly settings: Settings;
  readonly send: (message: Message) => void;
  /** Called for each order of the benchmark. */
  onOrder: (order: Order) => void;
}

/** The other side: runs when settings have come, and exits when the benchmark has no more use for it. */
export function inWorker<Settings, Message, Order = never>(
  run: (side: WorkerSide<Settings, Message, Order>) => Promise<void>,
): void {
  let side: WorkerSide<Settings, Message, Order> | undefined;
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: { settings: Settings } | { order: Order }) => {
    if ('order' in message) {
      side?.onOrder(message.order);
      return;
    }
    side = {
      settings: message.settings,
      // The benchmark may be gone by now; the end of the connection says so.
      send: (sent) => void (process.connected && process.send?.(sent, undefined, undefined, () => undefined)),
      onOrder: () => undefined,
    };
    run(side).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
}
