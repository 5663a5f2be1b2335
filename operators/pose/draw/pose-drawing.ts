import type { VideoFrame } from '../../../pipeline/index.js';
import type { PoseMeta } from '../pose-meta.js';
import { drawLabel } from './draw-label.js';
import { drawSkeleton } from './draw-skeleton.js';
import { FramePainter } from './frame-painter.js';
import { pixelate } from './pixelate.js';
import { type PrivacyCover, privacyRegion } from './privacy-region.js';
import { Trails } from './trails.js';

/** What people are replaced by, or overlaid with. */
export const drawStyles = ['skeleton', 'trails', 'privacy-blur', 'stick-on-black'] as const;
/** One of {@link drawStyles}. */
export type DrawStyle = (typeof drawStyles)[number];

/** Complete settings of a {@link PoseDrawing}; see `drawPoseOptions`. */
export interface DrawSettings {
  readonly style: DrawStyle;
  readonly labels: boolean;
  readonly lineWidth: number;
  readonly minScore: number;
  readonly trailMs: number;
  readonly cover: PrivacyCover;
}

/** Draws the people of one stream, frame after frame, in the order of the stream: trails grow with it. */
export class PoseDrawing {
  readonly #settings: DrawSettings;
  readonly #trails: Trails | undefined;
  #painter: FramePainter | undefined;

  constructor(settings: DrawSettings) {
    this.#settings = settings;
    this.#trails = settings.style === 'trails' ? new Trails({ lengthMs: settings.trailMs }) : undefined;
  }

  /** Whether anything of a frame will change. */
  changes({ poses }: PoseMeta): boolean {
    return this.#settings.style === 'stick-on-black' || poses.length > 0;
  }

  /** Takes in the next frame. It stays the caller's, and is writable where it {@link changes}. Of people who overlap, those that come first end on top. */
  draw(frame: VideoFrame, meta: PoseMeta): void {
    this.#trails?.remember(frame.ptsUs, meta);
    if (!this.changes(meta)) return;
    const { poses } = meta;
    const { style, cover } = this.#settings;
    if (style === 'privacy-blur') {
      for (const pose of poses) pixelate(frame, privacyRegion(pose, cover));
      return;
    }
    this.#painter ??= new FramePainter(frame);
    this.#painter.turnTo(frame);
    if (style === 'stick-on-black') this.#painter.blacken();
    this.#drawPeople(this.#painter, poses.toReversed());
  }

  #drawPeople(painter: FramePainter, poses: PoseMeta['poses']): void {
    for (const pose of poses) this.#trails?.draw(painter, pose, this.#settings);
    for (const pose of poses) drawSkeleton(painter, pose, this.#settings);
    if (!this.#settings.labels) return;
    for (const pose of poses) drawLabel(painter, pose, this.#settings.minScore);
  }
}
