import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { CodeColors } from '../../../operators/text/paint/code-colors.js';
import type { FramePool } from '../../../pipeline/frame-pool.js';
import { unspecifiedColor } from '../../../pipeline/picture.js';
import { type FrameProperties, VideoFrame } from '../../../pipeline/video-frame.js';

/** Samples of a plane with fractions, codes of 8 bits, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** Luma, Cb and Cr; chroma has half the columns and rows. */
export type PlanePicture = readonly [luma: Plane, cb: Plane, cr: Plane];

/** Frames of 25 a second, yuv420p, untagged. */
export function frameProperties(index: number, width: number, height: number): FrameProperties {
  return {
    ...{ pixelFormat: 'yuv420p', width, height, sampleAspectRatio: { num: 1, den: 1 }, color: unspecifiedColor },
    ...{ ptsUs: index * 40_000, durationUs: 40_000, index, fieldOrder: 'progressive' },
  };
}

/** A canvas of even sides as codes. @param rows Of the frames that it will be shown in: they decide about the matrix. */
export function planesOf(canvas: Canvas, rows: number): PlanePicture {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const colors = new CodeColors({ color: unspecifiedColor, height: rows });
  const luma = emptyPlane(width, height);
  const [cb, cr] = [emptyPlane(width / 2, height / 2), emptyPlane(width / 2, height / 2)];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const rgb = [data[4 * at] as number, data[4 * at + 1] as number, data[4 * at + 2] as number] as const;
      const codes = colors.codes(rgb);
      luma.values[at] = codes[0];
      const half = (y >> 1) * cb.width + (x >> 1);
      cb.values[half] = (cb.values[half] as number) + codes[1] / 4;
      cr.values[half] = (cr.values[half] as number) + codes[2] / 4;
    }
  }
  return [luma, cb, cr];
}

/** A canvas of even sides as a frame, which is the caller's. The pool must have a free slot. */
export function frameOf(canvas: Canvas, pool: FramePool, index = 0): VideoFrame {
  const frame = VideoFrame.tryCreate(pool, frameProperties(index, canvas.width, canvas.height));
  if (frame === undefined) throw new Error(`frameOf: the pool of ${pool.slots} slots has none free`);
  planesOf(canvas, canvas.height).forEach(({ values }, i) => {
    frame.plane(i as 0 | 1 | 2).set(values.map(Math.round));
  });
  return frame;
}

/** A frame, which stays the caller's, as a canvas. */
export function canvasOf(frame: VideoFrame): Canvas {
  const { width, height } = frame;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  const colors = new CodeColors(frame);
  const [luma, cb, cr] = [frame.plane(0), frame.plane(1), frame.plane(2)];
  const half = (width + 1) >> 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const chroma = (y >> 1) * half + (x >> 1);
      const [red, green, blue] = colors.rgb([luma[at] as number, cb[chroma] as number, cr[chroma] as number]);
      image.data[4 * at] = red;
      image.data[4 * at + 1] = green;
      image.data[4 * at + 2] = blue;
      image.data[4 * at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

export function emptyPlane(width: number, height: number): Plane {
  return { width, height, values: new Float32Array(width * height) };
}
