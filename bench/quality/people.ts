/**
 * How well published detectors and pose estimators do on the labelled people of a small piece of COCO.
 *
 *     npx tsx bench/quality/people.ts [--shared ../shared]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstValueFrom } from 'rxjs';
import type { ModelFiles } from '../../models/adapters/adapter.js';
import type { Detector } from '../../models/adapters/detect/detector.js';
import { openDetector } from '../../models/adapters/detect/open-detector.js';
import type { Box } from '../../models/adapters/picture/crop-stage.js';
import { openPoseEstimator } from '../../models/adapters/pose/open-pose-estimator.js';
import type { PoseEstimator } from '../../models/adapters/pose/pose-estimator.js';
import { findCatalogEntry } from '../../models/catalog/load-catalog.js';
import { InferencePool } from '../../models/inference-pool.js';
import { VitascopeError } from '../../pipeline/errors.js';
import type { VideoFrame } from '../../pipeline/video-frame.js';
import { openFile } from '../../streams/file/open-file.js';
import { type LabelledPerson, objectKeypointSimilarity } from './object-keypoint-similarity.js';

/** People with fewer labelled key points are too small or hidden to tell anything. */
const LEAST_KEYPOINTS = 5;

interface Person extends LabelledPerson {
  readonly box: Box;
}
interface Picture {
  readonly path: string;
  readonly people: readonly Person[];
}
interface Annotations {
  readonly images: readonly { readonly id: number; readonly file_name: string }[];
  readonly annotations: readonly {
    readonly image_id: number;
    readonly iscrowd: number;
    readonly num_keypoints: number;
    readonly bbox: readonly [number, number, number, number];
    readonly keypoints: readonly number[];
    readonly area: number;
  }[];
}

const { shared } = parseArgs({ options: { shared: { type: 'string', default: '../shared' } } }).values;
const pictures = ['train2017', 'val2017'].flatMap(readPictures);
await using pool = new InferencePool();

const people = pictures.reduce((sum, picture) => sum + picture.people.length, 0);
console.log(`${people} people in ${pictures.length} pictures`);
await using rtmdet = await openDetector(model('rtmdet-nano-person', 'pose/rtmdet_nano_person_end2end.onnx'), pool);
await using yolox = await openDetector(model('yolox-nano', 'detect/yolox_nano.onnx'), pool);
await using fastestdet = await openDetector(model('fastestdet', 'detect/FastestDet.onnx'), pool);
const movenet = model('movenet-lightning', 'pose/movenet_singlepose_lightning_f32.onnx');
await using inBoxes = await openPoseEstimator(movenet, pool);
await using afterDetector = await openPoseEstimator(movenet, pool, rtmdet);
await using posenet = await openPoseEstimator(model('posenet', 'pose/posenet_mobilenet_v1_075_f32_dyn.onnx'), pool);

for (const [name, detector] of Object.entries({ rtmdet, yolox, fastestdet })) {
  for (const score of [0.1, 0.3, 0.5])
    report(`${name}: people found, IoU 0.5, score ${score}`, await recall(detector, score));
}
report('MoveNet, true boxes: mean OKS', await similarity(inBoxes, true));
report('MoveNet after RTMDet: mean OKS', await similarity(afterDetector, false));
report('PoseNet: mean OKS', await similarity(posenet, false));

function report(what: string, value: number): void {
  console.log(`${what.padEnd(60)} ${value.toFixed(3)}`);
}

/** Part of the people whom a box overlaps by half. */
async function recall(detector: Detector, score: number): Promise<number> {
  return meanOverPeople(async (frame, labelled) => {
    const found = (await detector.detect(frame, { score })).filter(({ name }) => name === 'person');
    return labelled.map(({ box }) => (found.some((other) => iou(box, other.box) >= 0.5) ? 1 : 0));
  });
}

/** Of each labelled person, the most similar of the people found; 0 where there is none. */
async function similarity(estimator: PoseEstimator, trueBoxes: boolean): Promise<number> {
  return meanOverPeople(async (frame, labelled) => {
    const boxes = trueBoxes ? labelled.map(({ box }) => box) : undefined;
    const found = await estimator.estimate(frame, { boxes });
    return labelled.map((person, i) => {
      const own = trueBoxes ? found.slice(i, i + 1) : found;
      return Math.max(0, ...own.map(({ keypoints }) => objectKeypointSimilarity(person, keypoints)));
    });
  });
}

async function meanOverPeople(
  measure: (frame: VideoFrame, people: readonly Person[]) => Promise<readonly number[]>,
): Promise<number> {
  const values: number[] = [];
  for (const { path, people: labelled } of pictures) {
    if (labelled.length === 0) continue;
    const { frame } = await firstValueFrom((await openFile(path)).video);
    try {
      values.push(...(await measure(frame, labelled)));
    } finally {
      frame.close();
    }
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function readPictures(part: string): Picture[] {
  const folder = join(shared, 'data/pose/tiny_coco/tiny_coco');
  const path = join(folder, 'annotations', `person_keypoints_${part}.json`);
  const { images, annotations } = JSON.parse(readFileSync(path, 'utf8')) as Annotations;
  return images.map(({ id, file_name }) => ({
    path: join(folder, part, file_name),
    people: annotations
      .filter((one) => one.image_id === id && one.iscrowd === 0 && one.num_keypoints >= LEAST_KEYPOINTS)
      .map(({ bbox: [x, y, width, height], keypoints, area }) => ({
        box: [x, y, x + width, y + height],
        keypoints,
        area,
      })),
  }));
}

function model(id: string, file: string): ModelFiles {
  const { family, adapter } = findCatalogEntry(id);
  return {
    id,
    entry: { family, adapter },
    file: (name = 'model.onnx') => {
      if (name === 'model.onnx') return { path: join(shared, 'weights/public', file), sha256: undefined };
      throw new VitascopeError('MODEL_NOT_FOUND', `there is no ${name}`);
    },
  };
}

function iou(a: Box, b: Box): number {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const area = ([x1, y1, x2, y2]: Box): number => (x2 - x1) * (y2 - y1);
  return (width * height) / (area(a) + area(b) - width * height);
}
