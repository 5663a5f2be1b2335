/** One kind of trouble within one report. */
export interface TroubleCount {
  readonly kind: string;
  /** How often since the last report. */
  readonly count: number;
  /** How often altogether. */
  readonly total: number;
  /** What was said about the last occurrence. */
  readonly detail: string | undefined;
}

/** What a {@link TroubleReporter} reports at one time. */
export interface TroubleSummary {
  /** Kinds that occurred since the last report, in the order of their first occurrence. */
  readonly kinds: readonly TroubleCount[];
  /** `decode error ×12 (at 83.4 s), dropped frame ×3`. */
  readonly text: string;
}

/** Options of a {@link TroubleReporter}. */
export interface TroubleReporterOptions {
  /** Time from the first unreported occurrence to the report, milliseconds. Default 1000. */
  readonly intervalMs?: number;
}

interface Tally {
  count: number;
  total: number;
  detail: string | undefined;
}

/**
 * Counts trouble that repeats (a corrupt packet, a dropped frame) and reports it at most once an interval, so that a thousand
 * bad frames are one line and not a thousand. The timer runs only while something is unreported, and keeps no process alive.
 *
 * Kinds are kept for good: use a few fixed phrases, and put what varies into the detail.
 *
 * @example
 * const trouble = new TroubleReporter(({ text }) => console.warn(text));
 * trouble.count('corrupt packet', `at ${ptsUs} µs`);
 */
export class TroubleReporter {
  readonly #report: (summary: TroubleSummary) => void;
  readonly #intervalMs: number;
  readonly #tallies = new Map<string, Tally>();
  #timer: NodeJS.Timeout | undefined;

  constructor(report: (summary: TroubleSummary) => void, options: TroubleReporterOptions = {}) {
    this.#report = report;
    this.#intervalMs = options.intervalMs ?? 1000;
  }

  /** Notes one occurrence (or `times`) of a kind. */
  count(kind: string, detail?: string, times = 1): void {
    const tally = this.#tallies.get(kind) ?? { count: 0, total: 0, detail: undefined };
    this.#tallies.set(kind, tally);
    tally.count += times;
    tally.total += times;
    tally.detail = detail;
    this.#timer ??= setTimeout(() => this.flush(), this.#intervalMs).unref();
  }

  /** How often each kind occurred altogether. */
  totals(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#tallies].map(([kind, { total }]) => [kind, total]));
  }

  /** Reports now what has not been reported; call it once more at the end. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const kinds: TroubleCount[] = [];
    for (const [kind, tally] of this.#tallies) {
      if (tally.count === 0) continue;
      kinds.push({ kind, ...tally });
      tally.count = 0;
    }
    if (kinds.length > 0) this.#report({ kinds, text: kinds.map(phrase).join(', ') });
  }

  /** Reports the rest, and gives the totals. */
  end(): Readonly<Record<string, number>> {
    this.flush();
    return this.totals();
  }
}

function phrase({ kind, count, detail }: TroubleCount): string {
  const times = count === 1 ? '' : ` ×${count}`;
  return `${kind}${times}${detail === undefined ? '' : ` (${detail})`}`;
}
