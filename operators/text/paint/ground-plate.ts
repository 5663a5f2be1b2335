import type { VideoFrame } from '../../../pipeline/index.js';
import type { PlaneMap } from '../plane-map.js';
import type { GroundLayer } from './blend-line.js';
import { HoleFiller } from './fill-holes.js';
import { noiseOf } from './grain.js';
import type { KeptPictures } from './kept-pictures.js';
import { emptyPatch, type LinePatch, type PatchGrid, readPatch } from './line-patch.js';
import { halvedMask } from './mask-shape.js';
import { RememberedGround } from './remembered-ground.js';

/** Share of a new frame in the ground, while nothing but grain changes. */
const CALM = 0.12;
/** Change of the ground, codes beyond what grain makes, at which a new frame counts fully: the picture behind a title moved. */
const RESTLESS = 3;
/** Share of a new measurement in what is known of the grain. */
const NOISE_SHARE = 0.1;
/** Every so manieth sample says how much grain there is. */
const NOISE_STEP = 7;
/** Reading between pixels takes grain away; this gives it back, on average. */
const LOST_NOISE = 1.2;
const MOST_NOISE = 24;

/**
 * What a line of text stands on, as it would look without the text: filled from its surroundings in every frame, and averaged over frames as long as it
 * stays alike, so that it neither flickers nor lags. Brightness as a whole follows at once, as that of old films must. Where pictures of the same shot are kept that
 * show the place without text, and still fit, it has their detail.
 */
export class GroundPlate implements GroundLayer {
  readonly grid: PatchGrid;
  readonly patch: LinePatch;
  readonly masks: readonly [Float32Array, Float32Array];
  readonly #unknown: Float32Array;
  readonly #fillers: readonly [HoleFiller, HoleFiller];
  readonly #now: LinePatch;
  /** Filled and averaged, without what is remembered. */
  readonly #plain: LinePatch;
  readonly #remembered: RememberedGround;
  #noise: number | undefined;
  #isFresh = true;

  /**
   * @param mask How much of each luma sample is to be replaced, 0–1.
   * @param foreign Of each luma sample, 1 where another line lies, of which ground can learn nothing.
   * @param kept Pictures of the same stream.
   */
  constructor(grid: PatchGrid, mask: Float32Array, foreign: Float32Array, kept: KeptPictures) {
    this.grid = grid;
    this.patch = emptyPatch(grid);
    this.#now = emptyPatch(grid);
    this.#plain = emptyPatch(grid);
    this.masks = [mask, halvedMask(mask, grid.columns, grid.rows)];
    this.#unknown = mask.map((share, at) => (share > 0 || (foreign[at] as number) > 0 ? 1 : 0));
    const unknownChroma = halvedMask(this.#unknown, grid.columns, grid.rows).map((share) => (share > 0 ? 1 : 0));
    const [luma, chroma] = this.patch;
    this.#fillers = [
      new HoleFiller(this.#unknown, luma.width, luma.height),
      new HoleFiller(unknownChroma, chroma.width, chroma.height),
    ];
    this.#remembered = new RememberedGround(grid, this.#unknown, this.#fillers, kept);
  }

  /** Standard deviation of the picture's grain, less what comes with what is remembered, codes of 8 bits. */
  get noise(): number {
    const { shares, pictures } = this.#remembered;
    const remembered = pictures === 0 ? 0 : meanOf(shares) ** 2 / pictures;
    return Math.min(MOST_NOISE, LOST_NOISE * (this.#noise ?? 0)) * Math.sqrt(1 - remembered);
  }

  /** Takes in the next frame, which stays the caller's. @param toFrame From the units of the line to its pixels. */
  next(frame: VideoFrame, toFrame: PlaneMap): void {
    readPatch(frame, this.grid, toFrame, this.#now);
    this.#measureNoise();
    const raw = this.#remembered.isDue(toFrame) ? copied(this.#now) : undefined;
    for (const index of [0, 1, 2] as const) {
      this.#fillers[index === 0 ? 0 : 1].fill(this.#now[index].values);
    }
    if (raw !== undefined) this.#remembered.look(toFrame, raw, this.#now, this.#noise ?? 0);
    this.#remembered.compare(this.#now, this.#noise ?? 0);
    const share = this.#isFresh ? 1 : this.#shareOfNow();
    for (const index of [0, 1, 2] as const) {
      this.#mixIn(index, share);
      this.#addDetail(index);
    }
    this.#isFresh = false;
  }

  /** By how it differs from the frames before; in the first frame by how neighbours differ. */
  #measureNoise(): void {
    const { width, height, values } = this.#now[0];
    const unknown = this.#unknown;
    const before = this.#plain[0].values;
    const differences: number[] = [];
    for (let at = width; at < width * (height - 1); at += NOISE_STEP) {
      if ((unknown[at] as number) > 0) continue;
      const value = values[at] as number;
      if (!this.#isFresh) differences.push(value - (before[at] as number));
      else if ((unknown[at - 1] as number) + (unknown[at + 1] as number) === 0) {
        differences.push((2 * value - (values[at - 1] as number) - (values[at + 1] as number)) / Math.sqrt(6));
      }
    }
    const measured = Float32Array.from(differences);
    const mean = this.#isFresh ? 0 : meanOf(measured);
    const noise = noiseOf(measured.map((value) => value - mean));
    // A ground that moves differs by more than its grain; the smaller figure is nearer the truth.
    const known = this.#noise ?? noise;
    this.#noise = known + NOISE_SHARE * (Math.min(noise, 1.5 * known + 0.5) - known);
  }

  /** How much of the ground the new frame makes up: little while it only differs by grain, or in brightness as a whole. */
  #shareOfNow(): number {
    const unknown = this.#unknown;
    const [now, before] = [this.#now[0].values, this.#plain[0].values];
    let [sum, squares, count] = [0, 0, 0];
    for (let at = 0; at < now.length; at++) {
      if ((unknown[at] as number) === 0) continue;
      const difference = (now[at] as number) - (before[at] as number);
      sum += difference;
      squares += difference * difference;
      count++;
    }
    if (count === 0) return 1;
    const change = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
    return Math.min(1, Math.max(CALM, (change - 0.6 * (this.#noise ?? 0)) / RESTLESS));
  }

  #mixIn(index: 0 | 1 | 2, share: number): void {
    const [now, plate] = [this.#now[index].values, this.#plain[index].values];
    let offset = 0;
    for (let at = 0; at < now.length; at++) offset += (now[at] as number) - (plate[at] as number);
    offset = this.#isFresh ? 0 : offset / now.length;
    for (let at = 0; at < now.length; at++) {
      const before = (plate[at] as number) + offset;
      plate[at] = before + share * ((now[at] as number) - before);
    }
  }

  #addDetail(index: 0 | 1 | 2): void {
    const { values, width } = this.patch[index];
    const plain = this.#plain[index].values;
    values.set(plain);
    const { detail, shares, pictures } = this.#remembered;
    if (pictures === 0) return;
    const added = detail[index].values;
    const step = index === 0 ? 1 : 2;
    for (let at = 0; at < values.length; at++) {
      const share = shares[step * (at % width)] ?? 0;
      if (share > 0) values[at] = (plain[at] as number) + share * (added[at] as number);
    }
  }
}

function copied(patch: LinePatch): LinePatch {
  return patch.map((plane) => ({ ...plane, values: plane.values.slice() })) as unknown as LinePatch;
}

function meanOf(values: Float32Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
