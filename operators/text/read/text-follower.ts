import {
  attach,
  type FrameTransform,
  reportCadence,
  reportModelMs,
  type VideoSample,
} from '../../../pipeline/index.js';
import { openCv } from '../open-cv.js';
import type { CvModule } from '../open-cv-types.js';
import type { PlaneMap } from '../plane-map.js';
import type { TextQuad, TextsMeta } from '../texts-meta.js';
import type { FollowedLine } from './followed-line.js';
import { LineFlow } from './line-flow.js';
import { LineFollower } from './line-follower.js';
import { LookAside } from './look-aside.js';
import type { SeenSample } from './look-for-text.js';
import { LumaPicture } from './luma-picture.js';
import type { ReadTextSettings } from './read-options.js';
import { TextFader } from './text-fader.js';
import { lookAtText, takeLook } from './text-look.js';
import type { TextModel } from './text-model.js';

/** Frames that wait at most for the next look, which may find what appeared in them. */
export const MOST_HELD = 12;

/** A frame that waits to be given on. */
interface HeldFrame<Meta extends object> {
  readonly sample: SeenSample<Meta>;
  /** Of the lines that are seen in it. */
  readonly places: Map<FollowedLine, TextQuad>;
}

type Emit<Meta extends object> = (output: VideoSample<Meta & TextsMeta>) => void;

/** OpenCV, and what follows lines with it. */
interface Tools {
  readonly cv: CvModule;
  readonly follower: LineFollower;
}

/**
 * Second stage, strictly in order: reads what was found, follows it, and gives frames their texts. Frames between two looks wait for the second, and lines that it
 * finds are followed back through them; with `auto` no frame waits, and what a look has found is brought forward to the frame that has come by then.
 */
export class TextFollower<Meta extends object>
  implements FrameTransform<SeenSample<Meta>, VideoSample<Meta & TextsMeta>>
{
  readonly #model: TextModel;
  readonly #settings: ReadTextSettings;
  readonly #fader: TextFader;
  readonly #aside: LookAside | undefined;
  readonly #held: HeldFrame<Meta>[] = [];
  #tools: Tools | undefined;

  constructor(model: TextModel, settings: ReadTextSettings) {
    this.#model = model;
    this.#settings = settings;
    this.#fader = new TextFader(settings.fadeMs);
    this.#aside = settings.every === 'auto' ? new LookAside(model) : undefined;
  }

  async transform(sample: SeenSample<Meta>, emit: Emit<Meta>, signal: AbortSignal): Promise<void> {
    if (sample.isFirstOfShot) {
      this.#give(0, emit);
      this.#aside?.forget();
      this.#tools?.follower.cut();
    }
    const held: HeldFrame<Meta> = { sample, places: new Map() };
    this.#held.push(held);
    const looked = this.#aside === undefined ? await this.#lookNow(held, signal) : await this.#lookAside(held, signal);
    reportCadence(sample.received, looked);
    for (const line of this.#tools?.follower.lines ?? []) held.places.set(line, line.shownQuad);
    this.#give(looked || this.#aside !== undefined ? 0 : MOST_HELD, emit);
  }

  async flush(emit: Emit<Meta>): Promise<void> {
    this.#give(0, emit);
  }

  dispose(): void {
    for (const { sample } of this.#held.splice(0)) sample.frame.close();
    this.#aside?.forget();
    this.#tools?.follower.cut();
  }

  /** Takes in what was found in the frame, if the network looked. @returns whether it did. */
  async #lookNow({ sample }: HeldFrame<Meta>, signal: AbortSignal): Promise<boolean> {
    const { frame, grid, found } = sample;
    const isEmpty = this.#tools?.follower.isEmpty ?? true;
    if (found !== undefined && found.result.length === 0 && isEmpty) reportModelMs(sample.received, found.modelMs);
    if (isEmpty && (found === undefined || found.result.length === 0)) return found !== undefined;
    const { cv, follower } = await this.#open();
    const picture = new LumaPicture(cv, frame);
    try {
      follower.move(picture);
      if (found === undefined) return false;
      const look = await lookAtText({ frame, grid, picture, found }, this.#model, follower, signal);
      reportModelMs(sample.received, look.modelMs);
      this.#lookBack(takeLook(look, follower, picture), cv, follower);
      return true;
    } finally {
      picture.close();
    }
  }

  /** Takes in a look at an earlier frame, if one is done, and begins one at this, if it is due. @returns whether it took one in. */
  async #lookAside({ sample }: HeldFrame<Meta>, signal: AbortSignal): Promise<boolean> {
    const { frame, grid, isFirstOfShot } = sample;
    const aside = this.#aside as LookAside;
    const { cv, follower } = await this.#open();
    signal.throwIfAborted();
    const look = aside.take();
    const isDue = aside.isDue(frame, isFirstOfShot);
    if (look === undefined && !isDue && follower.isEmpty) return false;
    const picture = new LumaPicture(cv, frame);
    try {
      follower.move(picture);
      if (look !== undefined) {
        reportModelMs(sample.received, look.modelMs);
        takeLook(look, follower, picture);
      }
      if (isDue) aside.begin({ frame, grid, picture, found: undefined }, follower);
      return look !== undefined;
    } finally {
      picture.close();
      look?.picture.close();
    }
  }

  /** Follows lines that appeared in the last frame back through those that wait before it. */
  #lookBack(appeared: readonly FollowedLine[], cv: CvModule, follower: LineFollower): void {
    let lines = appeared.filter(({ id }) => id !== undefined);
    const since = new Map<FollowedLine, PlaneMap>();
    for (const { sample, places } of this.#held.slice(0, -1).reverse()) {
      if (lines.length === 0) return;
      const picture = new LumaPicture(cv, sample.frame);
      try {
        const seen = follower.lookBack(lines, picture, since);
        for (const [line, quad] of seen) places.set(line, quad);
        lines = lines.filter((line) => seen.has(line));
      } finally {
        picture.close();
      }
    }
  }

  /** Gives on what has waited, but for the last `kept` frames. */
  #give(kept: number, emit: Emit<Meta>): void {
    while (this.#held.length > kept) {
      const { sample, places } = this.#held.shift() as HeldFrame<Meta>;
      const texts = this.#fader.texts(sample.frame, places, sample.isFirstOfShot);
      emit(attach(sample.received, { texts }));
    }
  }

  async #open(): Promise<Tools> {
    if (this.#tools === undefined) {
      // Only the first live frame waits: warming up loads what is needed, and signs are not late while it is loaded.
      const [{ cv }] = await Promise.all([openCv(), this.#aside === undefined ? undefined : this.#model.open()]);
      this.#tools = { cv, follower: new LineFollower(new LineFlow(cv), this.#settings) };
    }
    return this.#tools;
  }
}
