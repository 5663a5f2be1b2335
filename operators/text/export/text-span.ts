import type { TextFrame, TextRecord } from './text-frame.js';

/** A line of text from when it appeared until it was gone. */
export interface TextSpan {
  /** What it said in the end: later readings are surer. */
  readonly last: TextRecord;
  /** Microseconds on the source's timeline. */
  readonly fromUs: number;
  readonly untilUs: number;
}

interface OpenSpan {
  last: TextRecord;
  readonly fromUs: number;
  /** It fades out: it has been gone since then. */
  goneUs: number | undefined;
}

/** Pictures of a film that ends, or of a single one, are shown so long, microseconds. */
const LAST_US = 40_000;

/** Gathers the lines of a film frame by frame. In memory is one entry a line. */
export class TextSpans {
  readonly #open = new Map<number, OpenSpan>();
  readonly #done: TextSpan[] = [];
  #ptsUs: number | undefined;
  #frameUs = LAST_US;

  add({ ptsUs, texts }: TextFrame): void {
    if (this.#ptsUs !== undefined && ptsUs > this.#ptsUs) this.#frameUs = ptsUs - this.#ptsUs;
    this.#ptsUs = ptsUs;
    const seen = new Set(texts.map(({ id }) => id));
    for (const [id, span] of this.#open) if (!seen.has(id)) this.#end(id, span, ptsUs);
    for (const text of texts) this.#see(text, ptsUs);
  }

  /** All lines, by when they appeared. */
  finish(): readonly TextSpan[] {
    const endUs = (this.#ptsUs ?? 0) + this.#frameUs;
    for (const [id, span] of this.#open) this.#end(id, span, endUs);
    return this.#done.sort((a, b) => a.fromUs - b.fromUs || a.last.id - b.last.id);
  }

  #see(text: TextRecord, ptsUs: number): void {
    const span = this.#open.get(text.id);
    if (span === undefined) {
      this.#open.set(text.id, { last: text, fromUs: ptsUs, goneUs: undefined });
      return;
    }
    const fades = opacityOf(text) < opacityOf(span.last);
    span.goneUs = fades ? (span.goneUs ?? ptsUs) : undefined;
    span.last = text;
  }

  #end(id: number, { last, fromUs, goneUs }: OpenSpan, ptsUs: number): void {
    this.#open.delete(id);
    this.#done.push({ last, fromUs, untilUs: goneUs ?? ptsUs });
  }
}

function opacityOf({ opacity = 1 }: TextRecord): number {
  return opacity;
}
