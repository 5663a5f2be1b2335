/** What the queue looks at to keep requests in order. */
export interface Queued {
  /** Requests of one lane run one after another. */
  readonly lane: string | symbol | undefined;
  /** Requests of one stream start in order; several may run at once. */
  readonly stream: string | symbol | undefined;
}

/** Requests that wait for a worker, first come first served, but nobody waits for a worker that only another can use. */
export class RequestQueue<Request extends Queued> {
  readonly #waiting: Request[] = [];
  readonly #busyLanes = new Set<string | symbol>();

  get length(): number {
    return this.#waiting.length;
  }

  add(request: Request): void {
    this.#waiting.push(request);
  }

  /** False when it was not waiting. */
  remove(request: Request): boolean {
    const at = this.#waiting.indexOf(request);
    if (at >= 0) this.#waiting.splice(at, 1);
    return at >= 0;
  }

  /** Empties the queue. */
  removeAll(): Request[] {
    return this.#waiting.splice(0);
  }

  /**
   * Offers every request whose turn it may be to `start`, oldest first. One that is started (`true`) leaves the queue and
   * keeps its lane busy until {@link release}; one that is not holds up the later ones of its lane and stream.
   */
  offer(start: (request: Request) => boolean): void {
    const heldUp = new Set<string | symbol>();
    const heldUpLanes = new Set<string | symbol>();
    for (const request of [...this.#waiting]) {
      // It may have left in the company of another.
      if (!this.#waiting.includes(request)) continue;
      const { lane, stream } = request;
      const mayStart = !this.#isHeldUp(lane, heldUpLanes) && (stream === undefined || !heldUp.has(stream));
      if (mayStart && start(request)) {
        this.take(request);
      } else if (stream !== undefined) heldUp.add(stream);
      if (lane !== undefined) heldUpLanes.add(lane);
    }
  }

  /**
   * The requests that could start together with `first`, oldest first, of those that `accepts` takes: a lane sends one,
   * a stream its next ones. All stay in the queue.
   */
  company(first: Request, accepts: (request: Request) => boolean): Request[] {
    const together: Request[] = [];
    const heldUp = new Set<string | symbol>();
    const heldUpLanes = new Set<string | symbol>();
    for (const request of this.#waiting) {
      const { lane, stream } = request;
      const isFirst = request === first;
      const mayStart = !this.#isHeldUp(lane, heldUpLanes) && (stream === undefined || !heldUp.has(stream));
      if (!isFirst && mayStart && accepts(request)) together.push(request);
      else if (!isFirst && stream !== undefined) heldUp.add(stream);
      if (lane !== undefined) heldUpLanes.add(lane);
    }
    return together;
  }

  /** Takes a request out to start it; its lane is busy until {@link release}. */
  take(request: Request): void {
    if (this.remove(request) && request.lane !== undefined) this.#busyLanes.add(request.lane);
  }

  /** Lets the next request of a lane start. */
  release(request: Request): void {
    if (request.lane !== undefined) this.#busyLanes.delete(request.lane);
  }

  #isHeldUp(lane: string | symbol | undefined, heldUpLanes: ReadonlySet<string | symbol>): boolean {
    return lane !== undefined && (this.#busyLanes.has(lane) || heldUpLanes.has(lane));
  }
}
