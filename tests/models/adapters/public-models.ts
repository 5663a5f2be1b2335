import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstValueFrom } from 'rxjs';
import type { ModelFiles } from '../../../models/adapters/adapter.js';
import type { AdapterParameters } from '../../../models/catalog/adapter-parameters.js';
import { findCatalogEntry } from '../../../models/catalog/load-catalog.js';
import { VitascopeError } from '../../../pipeline/errors.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { openFile } from '../../../streams/file/open-file.js';

const shared = join(dirname(fileURLToPath(import.meta.url)), '../../../../shared');
const coco = join(shared, 'data/pose/tiny_coco/tiny_coco');

/** Pictures of ../shared that the referees looked at, by the names they have there. */
export const pictures = {
  tennis: join(coco, 'train2017/000000391895.jpg'),
  river: join(coco, 'train2017/000000184613.jpg'),
  crossing: join(coco, 'val2017/000000252219.jpg'),
  kitchen: join(coco, 'val2017/000000397133.jpg'),
  standing: join(coco, 'train2017/000000574769.jpg'),
  walking: join(shared, 'data/video/woman-walking.mp4'),
} as const;
export type PictureName = keyof typeof pictures;

/** A published weight file of ../shared. */
export function weights(path: string): string {
  return join(shared, 'weights/public', path);
}

/** Why tests with public models cannot run; `undefined` when they can. */
export function missing(path: string): string | undefined {
  const needed = [weights(path), ...Object.values(pictures)];
  const absent = needed.find((file) => !existsSync(file));
  return absent === undefined ? undefined : `there is no ${absent}`;
}

/** A file with the parameters that the catalog has for the model of that name. */
export function catalogModel(id: string, path: string): ModelFiles {
  const { family, adapter } = findCatalogEntry(id);
  return modelFiles(family, path, adapter);
}

/** A file as a model of a family. */
export function modelFiles(family: string, path: string, adapter: AdapterParameters = {}): ModelFiles {
  return {
    id: `test-${family}`,
    entry: { family, adapter },
    file: (name = 'model.onnx') => {
      if (name === 'model.onnx') return { path, sha256: undefined };
      throw new VitascopeError('MODEL_NOT_FOUND', `there is no ${name}`);
    },
  };
}

/** The first picture of a file; the caller closes it. */
export async function firstFrame(path: string): Promise<VideoFrame> {
  const { video } = await openFile(path);
  return (await firstValueFrom(video)).frame;
}

/** Intersection over union of two boxes. */
export function iou(a: readonly number[], b: readonly number[]): number {
  const [ax1 = 0, ay1 = 0, ax2 = 0, ay2 = 0] = a;
  const [bx1 = 0, by1 = 0, bx2 = 0, by2 = 0] = b;
  const width = Math.min(ax2, bx2) - Math.max(ax1, bx1);
  const height = Math.min(ay2, by2) - Math.max(ay1, by1);
  const inter = Math.max(0, width) * Math.max(0, height);
  return inter / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - inter);
}
