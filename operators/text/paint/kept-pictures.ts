import type { PlaneData, VideoFrame } from '../../../pipeline/index.js';
import { HardCut } from '../../shot-change/hard-cut.js';
import { lumaGrid } from '../../shot-change/luma-grid.js';
import { boundsOf } from '../quad-math.js';
import type { TextQuad } from '../texts-meta.js';
import type { PatchSource } from './line-patch.js';

/** Pictures of a shot that are kept, and bytes that they may take together; one is kept however large it is. */
const MOST_PICTURES = 4;
const MOST_BYTES = 32 * 2 ** 20;
/** Time from one to the next, microseconds. */
const KEPT_EVERY_US = 400_000;
/** Share of a text that must lie under another for both to take the same place. */
const SAME_PLACE = 0.7;

/** Samples of luma that lines may read of them in one frame: a wall of moving text is not to make frames late. */
const MOST_READ = 500_000;

/** A picture of the shot before texts were painted into it. */
export interface KeptPicture extends PatchSource {
  /** Where text lay in it. */
  readonly quads: readonly TextQuad[];
}

/**
 * Remembers what a shot looked like where no text was: copies of a few of its pictures, at their full size, at most four and 32 MiB (one where a single one
 * takes more). Another shot, size or format begins anew. A picture is not kept where one that is kept already shows more, as while a subtitle stands.
 */
export class KeptPictures {
  readonly #cuts = new HardCut();
  /** Latest first. */
  #pictures: Copy[] = [];
  #lastUs = Number.NEGATIVE_INFINITY;
  #version = 0;
  #read = 0;

  /** Latest first. Not to be held on to: their memory is used again. */
  get pictures(): readonly KeptPicture[] {
    return this.#pictures;
  }

  /** Another number whenever the pictures are others. */
  get version(): number {
    return this.#version;
  }

  /** True where a line may still read so many samples of a picture in this frame; they count as read then. */
  mayRead(samples: number): boolean {
    this.#read += samples;
    return this.#read <= MOST_READ;
  }

  /** Takes in the next frame, which stays the caller's, as it is before anything is painted. @param quads Of all texts in it. */
  see(frame: VideoFrame, quads: readonly TextQuad[]): void {
    this.#read = 0;
    const isCut = this.#cuts.isFirst(lumaGrid(frame));
    if (isCut || frame.ptsUs < this.#lastUs || this.#pictures[0]?.isLike(frame) === false) this.#forget();
    if (frame.ptsUs - this.#lastUs < KEPT_EVERY_US) return;
    const boxes = quads.map(boundsOf);
    if (this.#pictures.some((kept) => kept.showsMoreThan(boxes))) return;
    this.#lastUs = frame.ptsUs;
    this.#version++;
    const oldest = this.#pictures.length >= mostPictures(frame) ? this.#pictures.pop() : undefined;
    const copy = oldest ?? new Copy(frame);
    copy.take(frame, quads);
    this.#pictures.unshift(copy);
  }

  #forget(): void {
    if (this.#pictures.length > 0) this.#version++;
    this.#pictures = [];
    this.#lastUs = Number.NEGATIVE_INFINITY;
  }
}

function mostPictures({ planes }: VideoFrame): number {
  const bytes = planes.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return Math.max(1, Math.min(MOST_PICTURES, Math.trunc(MOST_BYTES / bytes)));
}

type Box = readonly [number, number, number, number];

/** Planes of a frame in memory of its own. */
class Copy implements KeptPicture {
  readonly pixelFormat: PatchSource['pixelFormat'];
  readonly bitDepth: PatchSource['bitDepth'];
  readonly planes: PatchSource['planes'];
  readonly #data: readonly [PlaneData, PlaneData, PlaneData];
  #quads: readonly TextQuad[] = [];
  #boxes: readonly Box[] = [];

  constructor(frame: VideoFrame) {
    this.pixelFormat = frame.pixelFormat;
    this.bitDepth = frame.bitDepth;
    this.planes = frame.planes;
    this.#data = [empty(frame.plane(0)), empty(frame.plane(1)), empty(frame.plane(2))];
  }

  get quads(): readonly TextQuad[] {
    return this.#quads;
  }

  plane(index: 0 | 1 | 2): PlaneData {
    return this.#data[index];
  }

  take(frame: VideoFrame, quads: readonly TextQuad[]): void {
    for (const index of [0, 1, 2] as const) this.#data[index].set(frame.plane(index));
    this.#quads = quads;
    this.#boxes = quads.map(boundsOf);
  }

  isLike({ pixelFormat, planes }: VideoFrame): boolean {
    const [own, other] = [this.planes[0], planes[0]];
    return pixelFormat === this.pixelFormat && own.width === other.width && own.height === other.height;
  }

  /** True where all its texts stand in places that are taken, and others are taken as well. */
  showsMoreThan(boxes: readonly Box[]): boolean {
    return (
      this.#boxes.every((own) => boxes.some((box) => isMostlyUnder(own, box))) &&
      boxes.some((box) => !this.#boxes.some((own) => isMostlyUnder(box, own)))
    );
  }
}

function empty(plane: PlaneData): PlaneData {
  return plane instanceof Uint8Array ? new Uint8Array(plane.length) : new Uint16Array(plane.length);
}

function isMostlyUnder(a: Box, b: Box): boolean {
  const across = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const down = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return across > 0 && down > 0 && across * down >= SAME_PLACE * (a[2] - a[0]) * (a[3] - a[1]);
}
