import type { VideoFrame } from '../../pipeline/index.js';
import { LookCadence } from '../look-cadence.js';
import { ShotChange } from '../shot-change/shot-change.js';
import { BarTracker } from './bar-tracker.js';
import { type ColorCoding, colorCoding } from './color-coding.js';
import { ColorJudge } from './color-judge.js';
import { colorEvidence } from './color-spread.js';
import type { PictureBox } from './picture-box.js';
import { sampleGrid } from './sample-grid.js';
import { type ThumbnailSize, thumbnailSize } from './thumbnail-size.js';

/** What is to be done with a frame that is to be coloured. */
export interface FramePlan {
  readonly box: PictureBox;
  readonly size: ThumbnailSize;
  /** False where colours are only carried over from the frame before. */
  readonly predict: boolean;
}

export interface PlanSettings {
  readonly when: 'monochrome' | 'always';
  /** See `colorize`. */
  readonly every: number | 'auto';
  readonly detail: number;
}

/**
 * Decides about each frame before any model runs, from a few thousand points of it: whether it is coloured at all, where its picture lies
 * between bars, and whether the network looks at it. Frames must come in order.
 */
export class FramePlanner {
  readonly #settings: PlanSettings;
  readonly #shots = new ShotChange();
  readonly #judge = new ColorJudge();
  #bars: BarTracker | undefined;
  #size = { width: 0, height: 0 };
  readonly #cadence: LookCadence;

  constructor(settings: PlanSettings) {
    this.#settings = settings;
    this.#cadence = new LookCadence(settings.every);
  }

  /**
   * The plan for a frame, which it borrows; nothing when the frame is to be left as it is.
   *
   * @param networkIsFree Whether the network has nothing to do, for `every: 'auto'`.
   */
  plan(frame: VideoFrame, networkIsFree = true): FramePlan | undefined {
    const coding = colorCoding(frame);
    const sample = sampleGrid(frame, coding);
    const newShot = this.#shots.isFirst(sample);
    const evidence = this.#settings.when === 'always' ? undefined : colorEvidence(sample);
    if (this.#settings.when === 'monochrome' && this.#judge.judge(evidence, newShot)) {
      this.#cadence.forget();
      return undefined;
    }
    const box = this.#boxFor(frame, coding, newShot);
    const size = thumbnailSize(box, frame.sampleAspectRatio, this.#settings.detail);
    return { box, size, predict: this.#cadence.looks(frame, networkIsFree, newShot) };
  }

  #boxFor(frame: VideoFrame, coding: ColorCoding, newShot: boolean): PictureBox {
    const { width, height } = frame;
    if (this.#bars === undefined || width !== this.#size.width || height !== this.#size.height) {
      this.#bars = new BarTracker({ width, height });
      this.#size = { width, height };
    }
    return this.#bars.boxFor(frame, coding, newShot);
  }
}
