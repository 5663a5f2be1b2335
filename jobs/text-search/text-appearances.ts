import type { SeenText, TextQuad } from '../../operators/text/texts-meta.js';
import { foldText } from '../../operators/text/translate/fold-text.js';
import type { Microseconds } from '../../pipeline/index.js';

/** A text on screen, from when to when. */
export interface TextAppearance {
  readonly fromUs: Microseconds;
  /** When the first picture without it begins; of a text that is there to the end, when the last picture begins. */
  readonly toUs: Microseconds;
  /** When it was largest and clearest. */
  readonly atUs: Microseconds;
  /** As it was read then. */
  readonly text: string;
  readonly language?: string | undefined;
  readonly translation?: string | undefined;
  /** 0–1, then. */
  readonly score: number;
  /** Where it was then, pixels of the film as it is shown. */
  readonly quad: TextQuad;
}

/** A frame of a metadata file, as far as texts go. */
export interface TextFrame {
  readonly ptsUs: Microseconds;
  readonly texts?: readonly Omit<SeenText, 'opacity'>[];
}

/** A text that comes again within this time was never gone. */
const PATIENCE_US = 1_000_000;

interface Open {
  readonly fromUs: Microseconds;
  seenUs: Microseconds;
  /** When the picture after the last one with it begins. */
  endUs: Microseconds;
  worth: number;
  best: Omit<TextAppearance, 'fromUs' | 'toUs'>;
}

/**
 * Finds out from when to when each text is on screen. The same words, whatever their case and accents, are one text wherever they stand in the picture.
 * Frames must come in order; memory is bounded by the texts of a second.
 */
export class TextAppearances {
  readonly #open = new Map<string, Open>();

  /** Takes a frame. @returns texts that are gone since then. */
  take({ ptsUs, texts = [] }: TextFrame): readonly TextAppearance[] {
    for (const open of this.#open.values()) if (open.endUs === open.seenUs) open.endUs = ptsUs;
    for (const text of texts) this.#see(text, ptsUs);
    const gone = [...this.#open].filter(([, { seenUs }]) => ptsUs - seenUs > PATIENCE_US);
    for (const [key] of gone) this.#open.delete(key);
    return gone.map(([, open]) => closed(open));
  }

  /** The texts that are there at the end. */
  finish(): readonly TextAppearance[] {
    const rest = [...this.#open.values()].map(closed);
    this.#open.clear();
    return rest;
  }

  #see({ text, quad, score, language, translation }: Omit<SeenText, 'opacity'>, ptsUs: Microseconds): void {
    const key = foldText(text);
    if (key === '') return;
    const worth = score * Math.sqrt(areaOf(quad));
    const best = { atUs: ptsUs, text, quad, score, language, translation };
    const open = this.#open.get(key);
    if (open === undefined) {
      this.#open.set(key, { fromUs: ptsUs, seenUs: ptsUs, endUs: ptsUs, worth, best });
      return;
    }
    open.seenUs = ptsUs;
    open.endUs = ptsUs;
    // A translation may come later than the text.
    const isBetter = worth > open.worth && (translation !== undefined || open.best.translation === undefined);
    if (isBetter || (translation !== undefined && open.best.translation === undefined)) {
      open.best = best;
      open.worth = worth;
    }
  }
}

function closed({ fromUs, endUs, best }: Open): TextAppearance {
  return { fromUs, toUs: endUs, ...best };
}

/** The shoelace formula. */
function areaOf(quad: TextQuad): number {
  return Math.abs(
    quad.reduce((sum, [x, y], i) => {
      const [u, v] = quad[(i + 1) % quad.length] ?? [x, y];
      return sum + (x * v - u * y) / 2;
    }, 0),
  );
}
