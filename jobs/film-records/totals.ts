/** Crossings of lines by name, as `count-people` counts them up: `{ door: { in: 3, out: 1 } }`. */
type Lines = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Totals of a run that goes on where another ended: operators begin to count anew. */
export class Totals {
  readonly #missing = new Map<string, number>();

  /** Compares the same picture as the runs before and now saw it. */
  compare(before: unknown, now: unknown): void {
    const [old, lines] = [linesOf(before), linesOf(now)];
    for (const [line, counts] of Object.entries(old ?? {})) {
      for (const [direction, count] of Object.entries(counts)) {
        this.#missing.set(`${line} ${direction}`, count - (lines?.[line]?.[direction] ?? 0));
      }
    }
  }

  /** The same result with totals that go on; any other as it is. */
  add(now: unknown): unknown {
    const lines = linesOf(now);
    if (lines === undefined || this.#missing.size === 0) return now;
    const goOn = (line: string, counts: Readonly<Record<string, number>>) =>
      Object.entries(counts).map(([direction, count]) => [
        direction,
        count + (this.#missing.get(`${line} ${direction}`) ?? 0),
      ]);
    const entries = Object.entries(lines).map(([line, counts]) => [line, Object.fromEntries(goOn(line, counts))]);
    return { ...(now as object), lines: Object.fromEntries(entries) };
  }
}

/** Totals in what `count-people` attaches; nothing in anything else. */
function linesOf(result: unknown): Lines | undefined {
  const { lines } = (result ?? {}) as { lines?: unknown };
  if (typeof lines !== 'object' || lines === null || Array.isArray(lines)) return undefined;
  const isCounts = (counts: unknown): boolean =>
    typeof counts === 'object' && counts !== null && Object.values(counts).every((count) => Number.isInteger(count));
  return Object.values(lines).every(isCounts) ? (lines as Lines) : undefined;
}
