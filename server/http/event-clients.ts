/** Clients of events at once, over HTTP and WebSockets together; each keeps a connection for as long as it likes. */
export const MOST_EVENT_CLIENTS = 200;

/** Who listens to events, and whether there is room for one more. */
export class EventClients {
  #count = 0;

  get full(): boolean {
    return this.#count >= MOST_EVENT_CLIENTS;
  }

  /** Counts a client in until its connection closes. */
  enter(connection: { once(event: 'close', listener: () => void): unknown }): void {
    this.#count += 1;
    connection.once('close', () => {
      this.#count -= 1;
    });
  }
}
