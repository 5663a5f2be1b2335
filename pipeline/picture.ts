import { VitascopeError } from './errors.js';
import type { Rational } from './time.js';

/**
 * The layouts a picture can have inside the pipeline: planar Y, Cb, Cr. Ten-bit samples are little-endian
 * `uint16` with the value in the low bits. Names are FFmpeg's, less the endianness.
 */
export const pixelFormats = ['yuv420p', 'yuv422p', 'yuv444p', 'yuv420p10', 'yuv422p10', 'yuv444p10'] as const;
/** One of {@link pixelFormats}. */
export type PixelFormat = (typeof pixelFormats)[number];

/** `tv` is limited range (luma 16–235 of 255), `pc` full range; names as in FFmpeg. */
export type ColorRange = 'unknown' | 'tv' | 'pc';

/**
 * How the numbers of a picture become colours. `matrix`, `primaries` and `transfer` are code points of
 * ITU-T H.273 (2 = unspecified), carried through untouched.
 */
export interface ColorTags {
  readonly range: ColorRange;
  readonly matrix: number;
  readonly primaries: number;
  readonly transfer: number;
  /** FFmpeg's `AVChromaLocation` value, 0 = unspecified. */
  readonly chromaLocation: number;
}

/** Tags of a picture that says nothing about its colours. */
export const unspecifiedColor: ColorTags = {
  range: 'unknown',
  matrix: 2,
  primaries: 2,
  transfer: 2,
  chromaLocation: 0,
};

/** Everything about a picture but its pixels and its time. */
export interface PictureFormat {
  readonly pixelFormat: PixelFormat;
  /** Pixels, before rotation and before the sample aspect ratio. */
  readonly width: number;
  readonly height: number;
  /** Width of a pixel divided by its height; `0/1` when unknown. */
  readonly sampleAspectRatio: Rational;
  readonly color: ColorTags;
  /** Degrees clockwise by which viewers see the picture turned: 0, 90, 180 or 270. Default 0. */
  readonly rotation?: number;
}

/** One plane inside a slot; rows follow each other without padding. */
export interface PlaneLayout {
  readonly byteOffset: number;
  readonly width: number;
  readonly height: number;
  readonly bytesPerSample: 1 | 2;
  readonly byteLength: number;
}

const PLANE_ALIGNMENT = 64;

/** Bits of one sample in this format. */
export function bitDepth(format: PixelFormat): 8 | 10 {
  return format.endsWith('10') ? 10 : 8;
}

/** log2 of the chroma subsampling, horizontally and vertically. */
export function chromaShift(format: PixelFormat): { x: 0 | 1; y: 0 | 1 } {
  if (format.startsWith('yuv420')) return { x: 1, y: 1 };
  if (format.startsWith('yuv422')) return { x: 1, y: 0 };
  return { x: 0, y: 0 };
}

/**
 * Places the three planes of a picture in a slot. Odd sizes round chroma up, as FFmpeg does.
 *
 * @throws VitascopeError `FRAME_FORMAT` when a side is not a positive integer.
 */
export function planeLayouts(
  format: PixelFormat,
  width: number,
  height: number,
): readonly [PlaneLayout, PlaneLayout, PlaneLayout] {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new VitascopeError(
      'FRAME_FORMAT',
      `planeLayouts: width and height must be positive integers, got ${width}×${height}`,
      { context: { width, height } },
    );
  }
  const shift = chromaShift(format);
  const bytesPerSample = bitDepth(format) > 8 ? 2 : 1;
  const chromaWidth = (width + shift.x) >> shift.x;
  const chromaHeight = (height + shift.y) >> shift.y;
  let end = 0;
  const place = (planeWidth: number, planeHeight: number): PlaneLayout => {
    const byteOffset = Math.ceil(end / PLANE_ALIGNMENT) * PLANE_ALIGNMENT;
    const byteLength = planeWidth * planeHeight * bytesPerSample;
    end = byteOffset + byteLength;
    return { byteOffset, width: planeWidth, height: planeHeight, bytesPerSample, byteLength };
  };
  return [place(width, height), place(chromaWidth, chromaHeight), place(chromaWidth, chromaHeight)];
}

/** Bytes a slot needs for a picture. */
export function pictureBytes(format: PixelFormat, width: number, height: number): number {
  const last = planeLayouts(format, width, height)[2];
  return last.byteOffset + last.byteLength;
}
