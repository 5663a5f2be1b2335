import type { VideoFrame } from '../../../pipeline/index.js';
import { isReadable, quadSize } from '../plane-map.js';
import type { SeenText, TextQuad, TextsMeta } from '../texts-meta.js';
import { blendLine } from './blend-line.js';
import { type Typeface, typefaces, withoutEmoji } from './fonts.js';
import { KeptPictures } from './kept-pictures.js';
import { CaptionPlaces, captionFor, paintCaption, secondLineFor } from './label.js';
import type { Sprite } from './sprite.js';
import { SteadyQuad } from './steady-quad.js';
import { insideShare, TextLine } from './text-line.js';
import { areOneText, type CardLine, TitleCard } from './title-card.js';

/** What translations do to the picture. */
export const paintStyles = ['replace', 'caption', 'bilingual'] as const;
/** One of {@link paintStyles}. */
export type PaintStyle = (typeof paintStyles)[number];

/** Complete settings of a {@link TextPainting}; see `paintTextOptions`. */
export interface PaintSettings {
  readonly style: PaintStyle;
  readonly font?: string | undefined;
  readonly mostLines: number;
}

/** Height below which a line is not replaced, pixels: nobody could read it. */
const LEAST_HEIGHT = 6;
/** Share of a line that must lie in the picture. */
const LEAST_INSIDE = 0.5;
/** Lines that are looked at for the first time in one frame, at most; others follow in the next ones. All are in the very first, which may be a photograph, and on cards. */
const MOST_NEW = 8;
/** Frames for which a line that is not seen is remembered. */
const FORGOTTEN_AFTER = 50;

/** What is remembered of a line. */
interface Memory {
  readonly steady: SteadyQuad;
  line?: TextLine | undefined;
  /** What is added to the picture for a text; no sprite where there is no place, or no font has its letters. */
  label?: { readonly text: string; readonly sprite: Sprite | undefined } | undefined;
  lastFrame: number;
}

/** A line that is to be painted in a frame. */
interface Task {
  readonly seen: SeenText;
  readonly quad: TextQuad;
  readonly fresh: string;
  readonly memory: Memory;
}

/** Paints translations into the frames of one stream, in their order. */
export class TextPainting {
  readonly #settings: PaintSettings;
  readonly #faces: readonly Typeface[];
  readonly #memories = new Map<number, Memory>();
  readonly #card = new TitleCard();
  readonly #kept = new KeptPictures();
  #frames = 0;

  /** @throws VitascopeError `OPTION_INVALID` for a font that is not installed. */
  constructor(settings: PaintSettings) {
    this.#settings = settings;
    this.#faces = typefaces(settings.font);
  }

  /** Takes note of the next frame, which stays the caller's, as it is before anything is painted. */
  see(frame: VideoFrame, { texts }: TextsMeta): void {
    if (!takesOut(this.#settings)) return;
    this.#kept.see(
      frame,
      texts.map(({ quad }) => quad),
    );
  }

  /** Paints into a frame that stays the caller's, and is writable where it {@link hasTranslations}. Lines without a translation stay as they are. */
  paint(frame: VideoFrame, { texts }: TextsMeta): void {
    if (!hasTranslations({ texts })) return;
    this.#frames++;
    const tasks = this.#tasks(frame, texts);
    this.#lookAt(frame, tasks, texts);
    if (this.#settings.style === 'replace') this.#replace(frame, tasks);
    else if (this.#settings.style === 'caption') this.#caption(frame, tasks);
    else this.#addSecondLanguage(frame, tasks);
    for (const [id, memory] of this.#memories) {
      if (this.#frames - memory.lastFrame > FORGOTTEN_AFTER) this.#memories.delete(id);
    }
  }

  /** The largest lines that have something to be painted, largest first. */
  #tasks(frame: VideoFrame, texts: readonly SeenText[]): readonly Task[] {
    const isCard = texts.some((seen) => seen.isCard === true && isTranslated(seen));
    return texts
      .filter((seen) => (isTranslated(seen) || (isCard && seen.isCard === true)) && isPaintable(seen, frame))
      .sort((a, b) => quadSize(b.quad).height - quadSize(a.quad).height)
      .slice(0, this.#settings.mostLines)
      .map((seen) => {
        const memory = this.#memoryOf(seen.id, frame);
        const fresh = withoutEmoji(seen.translation ?? seen.text);
        // What was learned of its letters lies elsewhere in a quad that begins or ends elsewhere.
        if (memory.steady.hasOtherLength(seen.quad)) memory.line = undefined;
        return { seen, memory, fresh, quad: memory.steady.next(seen.quad) };
      })
      .filter(({ seen, quad, fresh }) => isReadable(quad) && (fresh !== '' || isTakenOut(seen)));
  }

  #memoryOf(id: number, frame: VideoFrame): Memory {
    const before = this.#memories.get(id);
    const isKept = before !== undefined && this.#frames - before.lastFrame === 1;
    // A line that was away begins anew, so that it does not slide in from where it was.
    const memory: Memory = isKept ? before : { steady: new SteadyQuad(frame.height), lastFrame: 0 };
    memory.lastFrame = this.#frames;
    this.#memories.set(id, memory);
    return memory;
  }

  #lookAt(frame: VideoFrame, tasks: readonly Task[], texts: readonly SeenText[]): void {
    let looked = 0;
    for (const { seen, quad, memory } of tasks) {
      if (memory.line?.suits(seen, quad, frame) === true) continue;
      if (++looked > MOST_NEW && this.#frames > 1 && seen.isCard !== true) continue;
      const others = texts
        .filter(({ id, quad: other }) => id !== seen.id && isReadable(other))
        .map((other) => other.quad);
      memory.line = new TextLine(frame, seen, quad, others, this.#faces, this.#kept);
      memory.label = undefined;
    }
  }

  #replace(frame: VideoFrame, tasks: readonly Task[]): void {
    const card: CardLine[] = [];
    let areSet = true;
    const isCard = areOneText(tasks.filter(({ seen }) => seen.isCard === true).map(({ quad }) => quad));
    for (const { seen, quad, fresh, memory } of tasks) {
      if (memory.line === undefined) continue;
      if (isCard && seen.isCard === true) card.push({ seen, quad, fresh, line: memory.line });
      else if (fresh !== '' && isTranslated(seen))
        areSet = memory.line.replace(frame, quad, fresh, seen.opacity, seen.id) && areSet;
    }
    for (const { seen, quad, memory } of tasks) {
      // Where a text could not be set, it stays with all its lines.
      if (areSet && !(isCard && seen.isCard === true) && isTakenOut(seen))
        memory.line?.remove(frame, quad, seen.opacity, seen.id);
    }
    if (card.length === 0) return;
    const inOrder = card.sort((a, b) => a.quad[0][1] - b.quad[0][1]);
    this.#card.paint(frame, inOrder, Math.max(...inOrder.map(({ seen }) => seen.opacity)));
  }

  #caption(frame: VideoFrame, tasks: readonly Task[]): void {
    const places = new CaptionPlaces();
    for (const { seen, quad, fresh, memory } of tasks) {
      if (memory.line === undefined || fresh === '' || !isTranslated(seen)) continue;
      if (memory.label?.text !== fresh) {
        memory.label = { text: fresh, sprite: captionFor(memory.line, fresh, this.#settings.font, frame) };
      }
      const { sprite } = memory.label;
      if (sprite === undefined) continue;
      const place = places.place(sprite, quad, frame, frame.rotation);
      paintCaption(frame, sprite, place, seen.opacity, seen.id);
    }
  }

  #addSecondLanguage(frame: VideoFrame, tasks: readonly Task[]): void {
    for (const { seen, quad, fresh, memory } of tasks) {
      if (memory.line === undefined || fresh === '' || !isTranslated(seen)) continue;
      if (memory.label?.text !== fresh) {
        const sprite = secondLineFor(memory.line, fresh, quad, frame);
        memory.label = { text: fresh, sprite };
      }
      const { sprite } = memory.label;
      if (sprite !== undefined) {
        blendLine(frame, memory.line.toFrame(quad), { sprite, opacity: seen.opacity, id: seen.id });
      } else {
        // There is no place beside the line: both share its own.
        memory.line.replace(frame, quad, `${fresh}\n${seen.text}`, seen.opacity, seen.id);
      }
    }
  }
}

/** True where text may be taken out, for which frames before it must be seen as well: not where captions are added. */
export function takesOut({ style }: PaintSettings): boolean {
  return style !== 'caption';
}

/** True where something will be painted. */
export function hasTranslations({ texts }: TextsMeta): boolean {
  return texts.some(isTranslated);
}

/** True where there is something else to be read than what is there. */
function isTranslated({ text, translation, opacity }: SeenText): boolean {
  if (translation === undefined || !(opacity > 0)) return false;
  return translation === '' || (translation.trim() !== '' && translation.trim() !== text.trim());
}

/** True for a line whose text needs fewer lines in the other language. */
function isTakenOut({ translation }: SeenText): boolean {
  return translation === '';
}

function isPaintable({ quad, opacity }: SeenText, frame: VideoFrame): boolean {
  if (!(opacity > 0) || !isReadable(quad)) return false;
  const { width, height } = quadSize(quad);
  return (
    insideShare(quad, frame) >= LEAST_INSIDE &&
    height >= LEAST_HEIGHT &&
    width >= LEAST_HEIGHT &&
    width < 4 * frame.width &&
    height < frame.height
  );
}
