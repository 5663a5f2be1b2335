import { mapped, type PlaneMap } from '../plane-map.js';
import { lineHeight, lineLength, mapQuad, mostStretch } from '../quad-math.js';
import type { Point, TextQuad } from '../texts-meta.js';
import { unmoved } from './homography.js';
import type { FlowLine } from './line-flow.js';
import { type LineLook, likeness, lineLook } from './line-look.js';
import type { LumaPicture } from './luma-picture.js';
import { ReadingVotes } from './reading-votes.js';

/** Likeness below which a line is gone at once; between both it is when that lasts. */
const GONE = 0.25;
const DOUBTFUL = 0.45;
const PATIENCE_US = 200_000;
/** Corners of a line that stands still tremble by less, pixels. */
const SLACK = 0.35;
/** Share of its first likeness, and change of size, from which the picture that a line is compared with is too old. */
const FADED = 0.75;
const RESIZED = 1.6;
/** A line that would leave the picture if it were longer by this, heights of the line, may go on beyond its edge. */
const AT_EDGE = 0.5;

/** Where a line was found first: a picture that it is followed from, and points and looks of it there. */
interface Anchor {
  readonly picture: LumaPicture;
  readonly quad: TextQuad;
  readonly points: readonly Point[];
  readonly look: LineLook;
}

/**
 * A line of text from its first frame to its last. It is followed from one picture, its anchor, and not from frame to frame, so that errors do not add up.
 * Owns its anchor until {@link close}.
 */
export class FollowedLine {
  readonly votes = new ReadingVotes();
  /** Of what it says: given when it is read for the first time. */
  id: number | undefined;
  /** When it was read last, stream time. */
  readUs = Number.NEGATIVE_INFINITY;
  /** Looks one after the other that did not find it. */
  misses = 0;
  /** Part of a card of text. */
  isCard = false;
  /** From where it was seen, and since when it is not any more. */
  lostUs: number | undefined;

  #anchor: Anchor;
  #motion: PlaneMap = unmoved;
  #firstLikeness: number | undefined;
  #likeness = 1;
  #doubtfulSinceUs: number | undefined;
  #quad: TextQuad;
  #shownQuad: TextQuad;

  /** @param points Of the line in the picture, which is retained. */
  constructor(picture: LumaPicture, quad: TextQuad, points: readonly Point[]) {
    this.#anchor = { picture: picture.retain(), quad, points, look: lineLook(picture, quad) };
    this.#quad = quad;
    this.#shownQuad = quad;
  }

  /** Where it is as measured, pixels of the frame. */
  get quad(): TextQuad {
    return this.#quad;
  }

  /** Where it is shown: the same, without trembling. */
  get shownQuad(): TextQuad {
    return this.#shownQuad;
  }

  get picture(): LumaPicture {
    return this.#anchor.picture;
  }

  get height(): number {
    return lineHeight(this.#quad);
  }

  get isLost(): boolean {
    return this.lostUs !== undefined;
  }

  /** What there is to be found again, and where it probably is. */
  get flow(): FlowLine {
    const { quad, points } = this.#anchor;
    return { quad, points, guess: this.#motion };
  }

  /** True when its anchor looks too little like it by now. */
  get isStale(): boolean {
    return this.#likeness < FADED * (this.#firstLikeness ?? 1) || mostStretch(this.#anchor.quad, this.#quad) > RESIZED;
  }

  /** Whether it begins, and whether it ends, at the edge of the picture that it is followed from: there may be more of it. */
  get isCut(): { readonly start: boolean; readonly end: boolean } {
    const { picture, quad } = this.#anchor;
    const reach = (AT_EDGE * lineHeight(quad)) / Math.max(1, lineLength(quad));
    const [start, end] = [between(quad[0], quad[3], 0.5), between(quad[1], quad[2], 0.5)];
    const isOut = ([x, y]: Point): boolean => x < 0 || y < 0 || x > picture.width || y > picture.height;
    return { start: isOut(between(start, end, -reach)), end: isOut(between(start, end, 1 + reach)) };
  }

  /** The next frame. @param motion From the anchor to it; nothing when it could not be measured. Where that looks wrong, it may stand where it was. */
  moveTo(picture: LumaPicture, motion: PlaneMap | undefined): void {
    const measured = motion && this.#tried(picture, motion);
    const isClear = measured !== undefined && measured.alike >= DOUBTFUL;
    const stayed = isClear ? undefined : this.#tried(picture, this.#motion);
    const best = stayed === undefined || (measured !== undefined && measured.alike >= stayed.alike) ? measured : stayed;
    if (best === undefined || best.alike < GONE || this.#isTooLongDoubtful(best.alike, picture.ptsUs)) {
      this.lostUs = picture.ptsUs;
      return;
    }
    this.#motion = best.motion;
    this.#likeness = best.alike;
    this.#firstLikeness ??= best.alike;
    this.#place(best.quad);
  }

  /** Whether, and where, it was in an earlier picture that it is not followed through. */
  placeIn(picture: LumaPicture, motion: PlaneMap | undefined): TextQuad | undefined {
    const quad = mapQuad(this.#anchor.quad, (point) => mapped(motion ?? unmoved, point));
    const alike = this.#likenessIn(picture, quad);
    return alike === undefined || alike < DOUBTFUL ? undefined : quad;
  }

  /** How much a place in a picture looks like the line, −1–1. */
  likenessAt(picture: LumaPicture, quad: TextQuad): number {
    return this.#likenessIn(picture, quad) ?? -1;
  }

  /** Follows it from another picture, where it is at `quad`. */
  anchorTo(picture: LumaPicture, quad: TextQuad, points: readonly Point[]): void {
    const old = this.#anchor.picture;
    this.#anchor = { picture: picture.retain(), quad, points, look: lineLook(picture, quad) };
    old.close();
    this.#motion = unmoved;
    this.#firstLikeness = undefined;
    this.#likeness = 1;
    this.#doubtfulSinceUs = undefined;
    this.lostUs = undefined;
    this.#place(quad);
  }

  close(): void {
    this.#anchor.picture.close();
  }

  #likenessIn(picture: LumaPicture, quad: TextQuad): number | undefined {
    const { look } = this.#anchor;
    return likeness(look, lineLook(picture, quad, look.columns));
  }

  /** Where a motion puts it, and how much it looks like that. */
  #tried(picture: LumaPicture, motion: PlaneMap) {
    const quad = mapQuad(this.#anchor.quad, (point) => mapped(motion, point));
    const alike = this.#likenessIn(picture, quad);
    return alike === undefined ? undefined : { motion, quad, alike };
  }

  #isTooLongDoubtful(alike: number, ptsUs: number): boolean {
    if (alike >= DOUBTFUL) this.#doubtfulSinceUs = undefined;
    else this.#doubtfulSinceUs ??= ptsUs;
    return this.#doubtfulSinceUs !== undefined && ptsUs - this.#doubtfulSinceUs >= PATIENCE_US;
  }

  #place(quad: TextQuad): void {
    this.#quad = quad;
    const [a, b, c, d] = this.#shownQuad;
    const [e, f, g, h] = quad;
    this.#shownQuad = [slack(a, e), slack(b, f), slack(c, g), slack(d, h)];
  }
}

/** Stays where it is for moves within the slack, and else follows at that distance. */
function slack([x, y]: Point, [toX, toY]: Point): Point {
  const [dx, dy] = [toX - x, toY - y];
  const length = Math.hypot(dx, dy);
  if (length <= SLACK) return [x, y];
  const share = (length - SLACK) / length;
  return [x + dx * share, y + dy * share];
}

/** A share of the way from one point to another; it may lie beyond both. */
function between([ax, ay]: Point, [bx, by]: Point, share: number): Point {
  return [ax + share * (bx - ax), ay + share * (by - ay)];
}
