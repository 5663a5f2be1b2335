import type { VideoFrame } from '../../pipeline/index.js';
import type { ColorCoding } from './color-coding.js';
import { type Axis, BarFinder } from './find-bars.js';
import type { PictureBox, Span } from './picture-box.js';

/** Frames between two looks for bars within a shot. */
const INTERVAL = 24;
/** Frames until a find is confirmed. */
const CONFIRM_AFTER = 6;
/** Pixels by which two finds of the same bars may differ. */
const TOLERANCE = 2;

/**
 * Knows where the picture lies between bars. New bars must be found twice before they count (the first time in a film at once), since a dark
 * picture can look as if it had some; bars in which something appears are gone at once.
 */
export class BarTracker {
  readonly #vertical: AxisTracker;
  readonly #horizontal: AxisTracker;
  #framesUntilLook = 0;

  /** For frames of this size. */
  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.#vertical = new AxisTracker('vertical', height);
    this.#horizontal = new AxisTracker('horizontal', width);
  }

  /** The box for this frame, which it borrows. Frames must come in order. */
  boxFor(frame: VideoFrame, coding: ColorCoding, newShot: boolean): PictureBox {
    const finder = new BarFinder(frame, coding);
    const axes = [this.#vertical, this.#horizontal];
    const filled = axes.filter((axis) => axis.widenIfFilled(finder)).length > 0;
    if (!filled && (newShot || this.#framesUntilLook <= 0)) {
      const pending = axes.filter((axis) => axis.look(finder)).length > 0;
      this.#framesUntilLook = pending ? CONFIRM_AFTER : INTERVAL;
    }
    this.#framesUntilLook--;
    const [{ start: top, end: bottom }, { start: left, end: right }] = [this.#vertical.span, this.#horizontal.span];
    return { top, left, bottom, right };
  }
}

class AxisTracker {
  span: Span;
  readonly #axis: Axis;
  readonly #length: number;
  #candidate: Span | undefined;
  #hasSeen = false;

  constructor(axis: Axis, length: number) {
    this.#axis = axis;
    this.#length = length;
    this.span = { start: 0, end: length };
  }

  /** Gives up bars that show something; true when it did. */
  widenIfFilled(finder: BarFinder): boolean {
    if (this.span.start === 0 && this.span.end === this.#length) return false;
    if (!finder.filled(this.#axis, this.span)) return false;
    const found = finder.find(this.#axis);
    this.span = found !== undefined && holds(found, this.span) ? found : { start: 0, end: this.#length };
    this.#candidate = undefined;
    return true;
  }

  /** Looks for bars; true when it found some that must be confirmed. */
  look(finder: BarFinder): boolean {
    const found = finder.find(this.#axis);
    if (found === undefined) return this.#candidate !== undefined;
    // Bars that vanish show it by what appears in them; a subtitle is not that.
    const known = close(found, this.span) || holds(found, this.span);
    const confirmed = this.#candidate !== undefined && close(found, this.#candidate);
    if (!known && (confirmed || !this.#hasSeen)) this.span = found;
    this.#candidate = known || confirmed || !this.#hasSeen ? undefined : found;
    this.#hasSeen = true;
    return this.#candidate !== undefined;
  }
}

function close(a: Span, b: Span): boolean {
  return Math.abs(a.start - b.start) <= TOLERANCE && Math.abs(a.end - b.end) <= TOLERANCE;
}

function holds(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && outer.end >= inner.end;
}
