import {
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_RANGE_UNSPECIFIED,
  type AVColorRange,
  type AVPixelFormat,
} from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import {
  type ColorRange,
  type ColorTags,
  type PlaneLayout,
  planeLayouts,
  type VideoFrame,
  VitascopeError,
} from '../../pipeline/index.js';
import { repeatEdges } from '../even-sides.js';
import { avCheck } from './av.js';
import { slotPicture } from './slot-picture.js';

const avRanges: Readonly<Record<ColorRange, AVColorRange>> = {
  unknown: AVCOL_RANGE_UNSPECIFIED,
  tv: AVCOL_RANGE_MPEG,
  pc: AVCOL_RANGE_JPEG,
};

export function colorRangeOf(range: AVColorRange): ColorRange {
  if (range === AVCOL_RANGE_JPEG) return 'pc';
  return range === AVCOL_RANGE_MPEG ? 'tv' : 'unknown';
}

/** Colour tags as FFmpeg holds them on frames, codec contexts and codec parameters. */
interface AvColor {
  colorRange: AVColorRange;
  colorSpace: number;
  colorPrimaries: number;
  colorTrc: number;
  chromaLocation: number;
}

export function colorTagsOf(source: AvColor): ColorTags {
  return {
    range: colorRangeOf(source.colorRange),
    matrix: source.colorSpace,
    primaries: source.colorPrimaries,
    transfer: source.colorTrc,
    chromaLocation: source.chromaLocation,
  };
}

export function setColorTags(target: object, color: ColorTags): void {
  Object.assign(target, {
    colorRange: avRanges[color.range],
    colorSpace: color.matrix,
    colorPrimaries: color.primaries,
    colorTrc: color.transfer,
    chromaLocation: color.chromaLocation,
  });
}

const bytesOfPlane = (frame: VideoFrame, plane: 0 | 1 | 2): Uint8Array => {
  const { byteOffset, byteLength } = frame.planes[plane];
  return new Uint8Array(frame.buffer, byteOffset, byteLength);
};

function planesOf(av: Frame): { data: Buffer[]; linesize: number[] } {
  const data = av.data;
  if (data === null) throw new VitascopeError('FRAME_FORMAT', 'picture copy: the frame holds no pixels');
  return { data, linesize: av.linesize };
}

/** Copies rows between two plane memories; one copy when neither has padding. */
function copyRows(
  from: Uint8Array,
  fromStride: number,
  to: Uint8Array,
  toStride: number,
  rowBytes: number,
  rows: number,
) {
  if (fromStride === rowBytes && toStride === rowBytes) {
    to.set(from.subarray(0, rowBytes * rows));
    return;
  }
  for (let y = 0; y < rows; y++) {
    to.set(from.subarray(y * fromStride, y * fromStride + rowBytes), y * toStride);
  }
}

/** Copies the planes of a decoded picture into a frame of the same format. */
export function copyFromAv(av: Frame, frame: VideoFrame): void {
  if (copyNatively(av, slotPicture(frame, av.format as AVPixelFormat))) return;
  const { data, linesize } = planesOf(av);
  for (const plane of [0, 1, 2] as const) copyPlaneFromAv(data, linesize, frame, plane);
}

/** Copies luma from a grey picture and makes chroma neutral. */
export function copyGrayFromAv(av: Frame, frame: VideoFrame): void {
  copyLumaFromAv(av, frame);
  const neutral = frame.bitDepth === 8 ? 128 : 512;
  frame.plane(1).fill(neutral);
  frame.plane(2).fill(neutral);
}

function copyLumaFromAv(av: Frame, frame: VideoFrame): void {
  if (copyNatively(av, slotPicture(frame, av.format as AVPixelFormat))) return;
  const { data, linesize } = planesOf(av);
  copyPlaneFromAv(data, linesize, frame, 0);
}

/** False when there is nothing to copy from or to. */
function copyNatively(from: Frame | undefined, to: Frame | undefined): boolean {
  if (from === undefined || to === undefined) return false;
  avCheck(to.copy(from), 'FRAME_FORMAT', 'picture copy');
  return true;
}

function copyPlaneFromAv(data: Buffer[], linesize: number[], frame: VideoFrame, plane: 0 | 1 | 2): void {
  const { width, height, bytesPerSample } = frame.planes[plane];
  const rowBytes = width * bytesPerSample;
  copyRows(data[plane] as Buffer, linesize[plane] as number, bytesOfPlane(frame, plane), rowBytes, rowBytes, height);
}

/** Copies a frame's planes into an allocated AVFrame of the same format. */
export function copyToAv(frame: VideoFrame, av: Frame): void {
  if (copyNatively(slotPicture(frame, av.format as AVPixelFormat), av)) return;
  const { data, linesize } = planesOf(av);
  for (const plane of [0, 1, 2] as const) {
    const { width, height, bytesPerSample } = frame.planes[plane];
    const rowBytes = width * bytesPerSample;
    copyRows(bytesOfPlane(frame, plane), rowBytes, data[plane] as Buffer, linesize[plane] as number, rowBytes, height);
  }
}

/** {@link copyToAv} into a picture that may be a column or row larger: the last ones are repeated. */
export function copyWideningToAv(frame: VideoFrame, av: Frame): void {
  copyToAv(frame, av);
  if (av.width === frame.width && av.height === frame.height) return;
  const { data, linesize } = planesOf(av);
  for (const [plane, wider] of planeLayouts(frame.pixelFormat, av.width, av.height).entries()) {
    repeatEdges(data[plane] as Buffer, linesize[plane] as number, frame.planes[plane] as PlaneLayout, wider);
  }
}
