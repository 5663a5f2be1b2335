interface Ticket {
  settle: (() => void) | undefined;
}

/**
 * Delivers results of one stream in the order in which they were asked for, whichever is ready first. A result that is
 * ready early waits for those before it.
 */
export class OrderedDelivery<Key> {
  readonly #lines = new Map<Key, Ticket[]>();

  /**
   * Takes the next place in the line of `key`. The function returned must be called once, with what settles the request;
   * it is carried out when everything before it in the line has been.
   */
  join(key: Key): (settle: () => void) => void {
    const line = this.#lines.get(key) ?? [];
    this.#lines.set(key, line);
    const ticket: Ticket = { settle: undefined };
    line.push(ticket);
    return (settle) => {
      ticket.settle = settle;
      this.#advance(key, line);
    };
  }

  #advance(key: Key, line: Ticket[]): void {
    while (line[0]?.settle !== undefined) line.shift()?.settle?.();
    if (line.length === 0) this.#lines.delete(key);
  }
}
