import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ModelFiles } from '../../../../models/adapters/adapter.js';
import type { AdapterParameters } from '../../../../models/catalog/adapter-parameters.js';
import type { ColorTags, PixelFormat } from '../../../../pipeline/picture.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { testFrame } from '../../../helpers/frames.js';

/** A public model file beside the repository, which is not part of it. */
export function publicModel(name: string): { readonly path: string; readonly present: boolean } {
  const path = fileURLToPath(new URL(`../../../../../shared/weights/public/${name}`, import.meta.url));
  return { path, present: existsSync(path) };
}

/** A file as a model of a family. */
export function modelFiles(path: string, adapter: AdapterParameters = {}, family = 'image-to-image'): ModelFiles {
  return { id: 'test', entry: { family, adapter }, file: () => ({ path, sha256: undefined }) };
}

export const bt709: ColorTags = { range: 'tv', matrix: 1, primaries: 1, transfer: 1, chromaLocation: 0 };

/** Waves of integers, the same as in `tests/referees/image_to_image.py`; ten-bit codes are four times as large. */
export function waves(width: number, height: number, pixelFormat: PixelFormat): VideoFrame {
  const frame = testFrame(0, { width, height, pixelFormat, color: bt709 });
  const unit = frame.bitDepth === 8 ? 1 : 4;
  fill(frame, 0, (x, y) => unit * (40 + ((x * 3 + y * 2) % 97) + (((x >> 3) * (y >> 3)) % 83)));
  fill(frame, 1, (x, y) => unit * (90 + ((x + 2 * y) % 71)));
  fill(frame, 2, (x, y) => unit * (100 + ((3 * x + y) % 61)));
  return frame;
}

/** Waves of colours that RGB has all of, so that nothing is clipped on the way. */
export function gentleWaves(width: number, height: number, pixelFormat: PixelFormat): VideoFrame {
  const frame = testFrame(0, { width, height, pixelFormat, color: bt709 });
  const unit = frame.bitDepth === 8 ? 1 : 4;
  fill(frame, 0, (x, y) => unit * (80 + ((x * 3 + y * 2) % 47) + (((x >> 3) * (y >> 3)) % 43)));
  fill(frame, 1, (x, y) => unit * (118 + ((x + 2 * y) % 21)));
  fill(frame, 2, (x, y) => unit * (118 + ((3 * x + y) % 21)));
  return frame;
}

/** An empty frame for the result of a model. */
export function canvasFor(frame: VideoFrame, scale: number): VideoFrame {
  const { pixelFormat, color, width, height } = frame;
  return testFrame(0, { width: width * scale, height: height * scale, pixelFormat, color });
}

/** The chroma of formats by their shift. */
export function formatOf(shift: number): PixelFormat {
  return shift === 0 ? 'yuv444p' : 'yuv420p';
}

export function largestDifference(a: VideoFrame, b: VideoFrame): number {
  let largest = 0;
  for (const plane of [0, 1, 2] as const) {
    const [left, right] = [a.plane(plane), b.plane(plane)];
    for (let i = 0; i < left.length; i++)
      largest = Math.max(largest, Math.abs((left[i] as number) - (right[i] as number)));
  }
  return largest;
}

function fill(frame: VideoFrame, plane: 0 | 1 | 2, code: (x: number, y: number) => number): void {
  const data = frame.plane(plane);
  const { width } = frame.planes[plane];
  for (let i = 0; i < data.length; i++) data[i] = code(i % width, Math.floor(i / width));
}
