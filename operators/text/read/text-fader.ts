import type { PictureSize } from '../../../pipeline/index.js';
import { boundsOf } from '../quad-math.js';
import type { SeenText, TextQuad } from '../texts-meta.js';
import type { FollowedLine } from './followed-line.js';
import { inReadingOrder } from './reading-order.js';

/** What is shown of a line. */
interface Shown {
  readonly quad: TextQuad;
  readonly opacity: number;
}

/** Makes lines that were read into texts of frames: they fade in and out, and at cuts come and go at once. Frames come in order. */
export class TextFader {
  readonly #fadeUs: number;
  #shown = new Map<FollowedLine, Shown>();
  #ptsUs: number | undefined;

  constructor(fadeMs: number) {
    this.#fadeUs = fadeMs * 1000;
  }

  /** The texts of a frame. @param places Of the lines that are seen in it. */
  texts(
    frame: PictureSize & { readonly ptsUs: number; readonly durationUs: number },
    places: ReadonlyMap<FollowedLine, TextQuad>,
    isFirstOfShot: boolean,
  ): readonly SeenText[] {
    if (isFirstOfShot) this.#shown.clear();
    const sinceUs = this.#ptsUs === undefined ? frame.durationUs : Math.max(0, frame.ptsUs - this.#ptsUs);
    const step = isFirstOfShot || this.#fadeUs === 0 ? 1 : sinceUs / this.#fadeUs;
    this.#ptsUs = frame.ptsUs;
    const next = new Map<FollowedLine, Shown>();
    for (const [line, { quad, opacity }] of this.#shown) {
      if (!places.has(line) && opacity > step) next.set(line, { quad, opacity: opacity - step });
    }
    for (const [line, quad] of places) {
      if (line.id === undefined || !isInView(quad, frame)) continue;
      next.set(line, { quad, opacity: Math.min(1, (this.#shown.get(line)?.opacity ?? 0) + step) });
    }
    this.#shown = next;
    return inReadingOrder([...next].flatMap(([line, shown]) => seenText(line, shown)));
  }
}

function seenText(line: FollowedLine, { quad, opacity }: Shown): readonly SeenText[] {
  const { id, isCard, votes } = line;
  if (id === undefined || votes.best === undefined) return [];
  const { text, score } = votes.best;
  return [{ id, quad, text, score, opacity, ...(isCard ? { isCard } : {}) }];
}

function isInView(quad: TextQuad, { width, height }: PictureSize): boolean {
  const [left, top, right, bottom] = boundsOf(quad);
  return left < width && top < height && right > 0 && bottom > 0;
}
