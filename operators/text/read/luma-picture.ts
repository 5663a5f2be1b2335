import type { VideoFrame } from '../../../pipeline/index.js';
import type { CvMat, CvModule } from '../open-cv-types.js';

/** Longest side of the picture that motion is measured in; finer is slower and hardly better. */
const LONGEST_SIDE = 960;

/** Luma of a frame in OpenCV's memory, 8 bits, perhaps scaled down. It begins with one owner, as frames do. */
export class LumaPicture {
  readonly mat: CvMat;
  /** Pixels of {@link mat} for a pixel of the frame, at most 1. */
  readonly scale: number;
  readonly ptsUs: number;
  /** Of the frame, pixels. */
  readonly width: number;
  readonly height: number;
  #owners = 1;

  /** Copies what it needs of a frame, which stays the caller's. */
  constructor(cv: CvModule, frame: VideoFrame) {
    this.ptsUs = frame.ptsUs;
    this.width = frame.width;
    this.height = frame.height;
    const full = eightBits(cv, frame);
    this.scale = Math.min(1, LONGEST_SIDE / Math.max(frame.width, frame.height));
    if (this.scale === 1) {
      this.mat = full;
      return;
    }
    this.mat = new cv.Mat();
    const size = new cv.Size(Math.round(frame.width * this.scale), Math.round(frame.height * this.scale));
    cv.resize(full, this.mat, size, 0, 0, cv.INTER_AREA);
    full.delete();
  }

  retain(): this {
    this.#owners++;
    return this;
  }

  close(): void {
    if (--this.#owners === 0) this.mat.delete();
  }
}

function eightBits(cv: CvModule, frame: VideoFrame): CvMat {
  const mat = new cv.Mat(frame.height, frame.width, cv.CV_8UC1);
  if (frame.bitDepth === 8) {
    mat.data.set(frame.plane(0));
    return mat;
  }
  const wide = new cv.Mat(frame.height, frame.width, cv.CV_16UC1);
  wide.data16U.set(frame.plane(0));
  wide.convertTo(mat, cv.CV_8UC1, 1 / 4);
  wide.delete();
  return mat;
}
