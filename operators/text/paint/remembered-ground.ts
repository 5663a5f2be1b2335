import { type PlaneMap, quadOf, quadSize } from '../plane-map.js';
import type { Point, TextQuad } from '../texts-meta.js';
import { HoleFiller } from './fill-holes.js';
import { samplesUnder } from './foreign-lines.js';
import type { KeptPictures } from './kept-pictures.js';
import { emptyPatch, type LinePatch, type PatchGrid, type PatchSource, readPatch } from './line-patch.js';
import { grown, halvedMask, softened } from './mask-shape.js';
import { RingFit } from './ring-fit.js';

/** Reach of text beyond its quad: its outline and softness, heights of the line. */
const STICKS_OUT = 0.2;
/** A corner that moves by this, pixels, has left the place for which pictures were read. */
const MOVED = 0.3;
/** Pictures that are read for a line that moves; for one that rests it is all of them. */
const MOST_WHILE_MOVING = 2;
/** Frames for which a line looks no more after pictures did not fit, at first and at most: a ground that moves costs nothing. */
const PAUSES = [4, 64] as const;
/** Of the text as it is now: from this amount on a picture holds it too, though it was not found then; and more of it than an older one by this, while it fades in. */
const SAME_TEXT = 0.5;
const MORE_TEXT = 0.06;
/** How quickly what fits comes in, and goes, in a frame: neither may be seen to flicker. */
const COMES = 0.15;
const GOES = 0.5;
/** Share of the pictures from which a sample counts as known. */
const ENOUGH = 0.5;
const LEAST_FIT = 0.02;
/** Share of the place that may lie under text in a picture for it to be read at all. */
const MOST_HIDDEN = 0.9;
/** The same, up to which one picture is enough. */
const HARDLY_HIDDEN = 0.02;

/**
 * What pictures of the same shot show under a line of text that was not there then. Only their detail is taken: what they have beyond what would be filled
 * in from the surroundings of the line. On top of the same filling of the present picture it has no seam, and whatever brightness there is now.
 */
export class RememberedGround {
  /** To be added to the filled ground, where {@link share} says so. */
  readonly detail: LinePatch;
  readonly #grid: PatchGrid;
  readonly #unknown: Float32Array;
  /** Samples that are not known. */
  readonly #count: number;
  readonly #fillers: readonly [HoleFiller, HoleFiller];
  readonly #kept: KeptPictures;
  readonly #fit: RingFit;
  readonly #then: LinePatch;
  readonly #weights: readonly [Float32Array, Float32Array];
  readonly #shares: Float32Array;
  #version = -1;
  #corners: TextQuad | undefined;
  #pictures = 0;
  /** What the first picture that was taken has beyond its filling, luma; not a number where text lay. */
  #first: Float32Array | undefined;
  #rests = 0;
  #pause: number = PAUSES[0];
  #isFresh = true;

  /** @param unknown Of each luma sample, 1 where text lies, this line or another. @param fillers Fill these, of luma and of chroma. */
  constructor(grid: PatchGrid, unknown: Float32Array, fillers: readonly [HoleFiller, HoleFiller], kept: KeptPictures) {
    this.#grid = grid;
    this.#unknown = unknown;
    this.#fillers = fillers;
    this.#kept = kept;
    this.#count = unknown.reduce((sum, share) => sum + share, 0);
    this.#fit = new RingFit(grid, unknown);
    this.detail = emptyPatch(grid);
    this.#then = emptyPatch(grid);
    this.#weights = [new Float32Array(this.#then[0].values.length), new Float32Array(this.#then[1].values.length)];
    this.#shares = new Float32Array(grid.columns);
  }

  /** Pictures of which the detail is the mean; 0 where there is none. */
  get pictures(): number {
    return this.#pictures;
  }

  /** How much of the detail of each column of luma belongs into the picture now, 0–1. */
  get shares(): Float32Array {
    return this.#shares;
  }

  /** True where pictures are to be read for this frame. @param toFrame From the units of the line to its pixels. */
  isDue(toFrame: PlaneMap): boolean {
    if (this.#rests > 0) {
      this.#rests--;
      return false;
    }
    const corners = quadOf(toFrame, this.#grid.bounds);
    const hasMoved = this.#corners === undefined || corners.some((corner, i) => isApart(corner, this.#corners?.[i]));
    return hasMoved || this.#version !== this.#kept.version;
  }

  /**
   * Reads the pictures that are kept.
   *
   * @param raw What is seen, with its text.
   * @param filled The same, with the text filled in.
   */
  look(toFrame: PlaneMap, raw: LinePatch, filled: LinePatch, noise: number): void {
    const isMoving = this.#corners !== undefined && this.#version === this.#kept.version;
    this.#version = this.#kept.version;
    this.#corners = quadOf(toFrame, this.#grid.bounds);
    this.#pictures = 0;
    this.#first = undefined;
    for (const { values } of this.detail) values.fill(0);
    for (const weights of this.#weights) weights.fill(0);
    for (const { picture, covered } of this.#candidates(toFrame, isMoving)) {
      if (!this.#kept.mayRead(this.#unknown.length)) break;
      this.#take(picture, covered, toFrame, raw, filled, noise);
    }
    if (this.#pictures === 0) {
      this.#rests = this.#pause;
      this.#pause = Math.min(PAUSES[1], 2 * this.#pause);
      return;
    }
    this.#pause = PAUSES[0];
    this.#finish();
  }

  /** Compares the pictures with the present one. @param filled What is seen, with the text filled in. */
  compare(filled: LinePatch, noise: number): void {
    if (this.#pictures === 0) {
      this.#shares.fill(0);
      return;
    }
    const fits = this.#fit.measure(filled[0], this.#then[0], noise);
    for (let x = 0; x < fits.length; x++) {
      const [fit, share] = [fits[x] as number, this.#shares[x] as number];
      this.#shares[x] = this.#isFresh ? fit : share + (fit < share ? GOES : COMES) * (fit - share);
    }
    this.#isFresh = false;
  }

  /** Those that show most of what is under the text come first, and the older before the later, as text comes rather than goes unseen. */
  #candidates(toFrame: PlaneMap, isMoving: boolean) {
    const { columns, rows } = this.#grid;
    const all = this.#kept.pictures.toReversed().map((picture) => {
      const under = samplesUnder(this.#grid, toFrame, picture.quads.map(grownQuad));
      const covered = under.includes(1) ? softened(grown(under, columns, rows, 1), columns, rows) : undefined;
      let hidden = 0;
      if (covered !== undefined) {
        for (let at = 0; at < covered.length; at++) hidden += (covered[at] as number) * (this.#unknown[at] as number);
      }
      return { picture, covered, hidden };
    });
    const sorted = all.filter(({ hidden }) => hidden < MOST_HIDDEN * this.#count).sort((a, b) => a.hidden - b.hidden);
    if (!isMoving) return sorted;
    return sorted.slice(0, (sorted[0]?.hidden ?? 0) <= HARDLY_HIDDEN * this.#count ? 1 : MOST_WHILE_MOVING);
  }

  #take(
    picture: PatchSource,
    covered: Float32Array | undefined,
    toFrame: PlaneMap,
    raw: LinePatch,
    filled: LinePatch,
    noise: number,
  ): void {
    const { columns, rows } = this.#grid;
    const then = this.#then;
    readPatch(picture, this.#grid, toFrame, then);
    if (covered !== undefined) uncover(then, covered, columns, rows);
    const fits = this.#fit.measure(filled[0], then[0], noise);
    if (!fits.some((fit) => fit > LEAST_FIT)) return;
    if (this.#hasText(raw[0].values, filled[0].values, covered)) return;
    const weights = this.#unknown.map((_, at) => (fits[at % columns] as number) * (1 - (covered?.[at] ?? 0)));
    const halves = halvedMask(weights, columns, rows);
    for (const index of [0, 1, 2] as const) {
      const own = index === 0 ? weights : halves;
      const [seen, sums] = [then[index].values, this.detail[index].values];
      const offset = this.#offset(filled, index, own);
      const total = this.#weights[index === 0 ? 0 : 1];
      for (let at = 0; at < seen.length; at++) {
        sums[at] = (sums[at] as number) + (own[at] as number) * ((seen[at] as number) + offset);
        if (index !== 2) total[at] = (total[at] as number) + (own[at] as number);
      }
    }
    this.#pictures++;
  }

  /** True where what is seen of the text now was there, or more of it than in the first picture that was taken. */
  #hasText(raw: Float32Array, filled: Float32Array, covered: Float32Array | undefined): boolean {
    const then = this.#then[0].values;
    const ground = then.slice();
    this.#fillers[0].fill(ground);
    const beyond = then.map((value, at) => ((covered?.[at] ?? 0) > 0 ? Number.NaN : value - (ground[at] as number)));
    const text = raw.map((value, at) => value - (filled[at] as number));
    if (amountOf(text, beyond) > SAME_TEXT) return true;
    if (this.#first !== undefined) return amountOf(text, beyond, this.#first) > MORE_TEXT;
    this.#first = beyond;
    return false;
  }

  /** How much brighter the present is, where they are alike. */
  #offset(filled: LinePatch, index: 0 | 1 | 2, weights: Float32Array): number {
    const [now, then] = [filled[index].values, this.#then[index].values];
    let [sum, total] = [0, 0];
    for (let at = 0; at < now.length; at++) {
      sum += (weights[at] as number) * ((now[at] as number) - (then[at] as number));
      total += weights[at] as number;
    }
    return total > 0 ? sum / total : 0;
  }

  /** Means of what was read, and what they have beyond a filling. */
  #finish(): void {
    for (const index of [0, 1, 2] as const) {
      const level = index === 0 ? 0 : 1;
      const [sums, means] = [this.detail[index], this.#then[index].values];
      const weights = this.#weights[level];
      for (let at = 0; at < means.length; at++) {
        const weight = weights[at] as number;
        means[at] = weight > 0 ? (sums.values[at] as number) / weight : 0;
      }
      const unseen = weights.map((weight) => 1 - Math.min(1, weight / ENOUGH));
      if (unseen.some((share) => share > 0)) new HoleFiller(unseen, sums.width, sums.height).fill(means);
      sums.values.set(means);
      this.#fillers[level].fill(sums.values);
      for (let at = 0; at < means.length; at++) sums.values[at] = (means[at] as number) - (sums.values[at] as number);
    }
  }
}

/** How much of a text a picture has, on top of another: 1 for all of it. Where any is not a number it says nothing. */
function amountOf(text: Float32Array, picture: Float32Array, base?: Float32Array): number {
  let [both, own] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const under = base?.[at] ?? 0;
    const [all, some] = [(text[at] as number) - under, (picture[at] as number) - under];
    if (Number.isNaN(some)) continue;
    own += all * all;
    both += all * some;
  }
  return own > 0 ? both / own : 0;
}

/** Fills in what lay under texts of a picture. */
function uncover(patch: LinePatch, covered: Float32Array, columns: number, rows: number): void {
  const hidden = covered.map((share) => (share > 0 ? 1 : 0));
  const [luma, chroma] = patch;
  const halves = halvedMask(hidden, columns, rows).map((share) => (share > 0 ? 1 : 0));
  const fillers = [
    new HoleFiller(hidden, luma.width, luma.height),
    new HoleFiller(halves, chroma.width, chroma.height),
  ];
  for (const index of [0, 1, 2] as const) fillers[index === 0 ? 0 : 1]?.fill(patch[index].values);
}

/** A quad with what may stick out of it. */
function grownQuad(quad: TextQuad): TextQuad {
  const { width, height } = quadSize(quad);
  const [along, across] = [(STICKS_OUT * height) / Math.max(1, width), STICKS_OUT];
  const [a, b, c, d] = quad;
  const corner = (own: Point, beside: Point, over: Point): Point => [
    own[0] + along * (own[0] - beside[0]) + across * (own[0] - over[0]),
    own[1] + along * (own[1] - beside[1]) + across * (own[1] - over[1]),
  ];
  return [corner(a, b, d), corner(b, a, c), corner(c, d, b), corner(d, c, a)];
}

function isApart(a: Point, b: Point | undefined): boolean {
  return b === undefined || Math.hypot(a[0] - b[0], a[1] - b[1]) > MOVED;
}
