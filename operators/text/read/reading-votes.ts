/** What a reader made of a line in one frame. */
export interface Reading {
  readonly text: string;
  /** 0–1. */
  readonly score: number;
  /** Height of the line when it was read, pixels: higher lines are read better. */
  readonly height: number;
}

/** How much better another reading must be to take the place of the one that is shown. */
const CLEARLY = 1.5;
/** Height from which letters get no clearer, pixels. */
const CLEAR_HEIGHT = 24;

/** Several readings of one line, and what it says by them. What is shown changes only when another reading is clearly better. */
export class ReadingVotes {
  readonly #votes = new Map<string, { weight: number; score: number }>();
  #shown: string | undefined;
  #count = 0;
  #bestHeight = 0;

  /** What the line says, and how sure that is, 0–1; nothing as long as nothing was read. */
  get best(): { readonly text: string; readonly score: number } | undefined {
    if (this.#shown === undefined) return undefined;
    return { text: this.#shown, score: this.#votes.get(this.#shown)?.score ?? 0 };
  }

  /** Readings so far, those without text included. */
  get count(): number {
    return this.#count;
  }

  /** The largest height that it was read at, pixels. */
  get bestHeight(): number {
    return this.#bestHeight;
  }

  /** Counts a reading; one without text is an attempt that failed. */
  add({ text, score, height }: Reading): void {
    this.#count++;
    this.#bestHeight = Math.max(this.#bestHeight, height);
    if (text === '') return;
    const known = this.#votes.get(text) ?? { weight: 0, score: 0 };
    const weight = known.weight + score ** 2 * Math.min(1, height / CLEAR_HEIGHT) ** 2;
    this.#votes.set(text, { weight, score: Math.max(known.score, score) });
    const shown = this.#shown === undefined ? 0 : (this.#votes.get(this.#shown)?.weight ?? 0);
    if (text !== this.#shown && weight > CLEARLY * shown) this.#shown = text;
  }

  /** The line has become another, as when more of it came into view: what is shown stays until it is read again. */
  beginAnew(): void {
    this.#votes.clear();
    this.#count = 0;
    this.#bestHeight = 0;
  }
}
