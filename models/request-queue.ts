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
    const heldUpLanes = new Set<string | symbol>(this.#busyLanes);
    for (const request of [...this.#waiting]) {
      const { lane, stream } = request;
      const mayStart = (lane === undefined || !heldUpLanes.has(lane)) && (stream === undefined || !heldUp.has(stream));
      if (mayStart && start(request)) {
        this.remove(request);
        if (lane !== undefined) this.#busyLanes.add(lane);
      } else if (stream !== undefined) heldUp.add(stream);
      if (lane !== undefined) heldUpLanes.add(lane);
    }
  }

  /** Lets the next request of a lane start. */
  release(request: Request): void {
    if (request.lane !== undefined) this.#busyLanes.delete(request.lane);
  }
}
