import { chromaShift } from '../../../pipeline/picture.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import {
  bytesPerElement,
  type InlineTensor,
  inlineTensor,
  planeTensor,
  type SharedTensor,
  type Tensor,
} from '../../tensor.js';
import type { Stretch } from './tiles.js';

/** int64 `[n]` */
export function int64s(...values: readonly number[]): InlineTensor {
  return inlineTensor('int64', [values.length], BigInt64Array.from(values, BigInt));
}

/** Some luma rows of a picture, and the chroma rows that belong to them, in place. Rows must begin with a whole chroma sample. */
export function rowsOf(frame: VideoFrame, rows: Stretch): readonly [SharedTensor, SharedTensor, SharedTensor] {
  const { y } = chromaShift(frame.pixelFormat);
  const chroma = chromaStretch(rows, y);
  return [planeRows(frame, 0, rows), planeRows(frame, 1, chroma), planeRows(frame, 2, chroma)];
}

/** The chroma samples that cover a stretch of luma. */
export function chromaStretch({ start, end }: Stretch, shift: number): Stretch {
  return { start: start >> shift, end: (end + shift) >> shift };
}

/** Three planes under the names `Y`, `Cb`, `Cr` behind a prefix. */
export function planesNamed(prefix: string, planes: readonly [Tensor, Tensor, Tensor]): Record<string, Tensor> {
  return { [`${prefix}Y`]: planes[0], [`${prefix}Cb`]: planes[1], [`${prefix}Cr`]: planes[2] };
}

function planeRows(frame: VideoFrame, plane: 0 | 1 | 2, { start, end }: Stretch): SharedTensor {
  const whole = planeTensor(frame, plane);
  const { width } = frame.planes[plane];
  const byteOffset = whole.byteOffset + start * width * bytesPerElement(whole.type);
  return { ...whole, shape: [1, 1, end - start, width], byteOffset };
}
