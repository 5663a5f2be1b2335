import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDetector } from '../../../models/adapters/detect/open-detector.js';
import type { Box } from '../../../models/adapters/picture/crop-stage.js';
import { openPoseEstimator } from '../../../models/adapters/pose/open-pose-estimator.js';
import { InferencePool } from '../../../models/inference-pool.js';
import { boxOverlap } from '../../../operators/pose/track/pose-similarity.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { withPicture } from './accuracy.js';
import { toFoundPerson } from './found-person.js';
import { labelSimilarity } from './label-similarity.js';
import { type LabelledPerson, type LabelledPicture, readTinyCoco } from './labelled-people.js';
import { markdownTable, threeDigits } from './markdown-table.js';
import { type PublicModel, publicModel, publicWeights } from './pose-candidate.js';
import type { PoseFigures } from './section.js';

/** People with fewer labelled key points are too small or hidden to tell anything. */
const LEAST_KEYPOINTS = 5;
/** A detector has found whom a box of it overlaps this much. */
const FOUND_OVERLAP = 0.5;
const scores = [0.1, 0.3, 0.5];
const detectors = ['rtmdet-nano-person', 'yolox-nano', 'fastestdet'] as const satisfies readonly PublicModel[];

/** What limits top-down pipelines: how many of the labelled people detectors find, and how well MoveNet does in the boxes of the labels. */
export const detectorFigures: PoseFigures = async ({ shared, progress }) => {
  const pictures = readTinyCoco(join(shared, 'data')).map(withClearPeople);
  await using pool = new InferencePool();
  const rows: string[][] = [];
  for (const id of detectors.filter((one) => isThere(shared, one))) {
    await using detector = await openDetector(publicModel(shared, id), pool);
    const recalls: number[] = [];
    for (const score of scores) {
      progress(`${id} from ${score}`);
      recalls.push(
        await meanOverPeople(pictures, async (frame, people) => {
          const found = (await detector.detect(frame, { score })).filter(({ name }) => name === 'person');
          return people.map((person) => Number(found.some(({ box }) => isFoundBy(person, box))));
        }),
      );
    }
    rows.push([id, ...recalls.map(threeDigits)]);
  }
  const inBoxes = isThere(shared, 'movenet-lightning') ? await similarityInBoxes(shared, pictures, pool) : undefined;
  const count = pictures.reduce((sum, { people }) => sum + people.length, 0);
  return {
    title: 'What limits pipelines with a detector',
    markdown: markdownTable(['people found', ...scores.map((score) => `from score ${score}`)], rows),
    notes: [
      `${count} people with at least ${LEAST_KEYPOINTS} labelled key points in all of tiny_coco; found: overlap of boxes (IoU) ${FOUND_OVERLAP}`,
      `MoveNet Lightning in the boxes of the labels: mean object keypoint similarity ${threeDigits(inBoxes)}`,
    ],
  };
};

async function similarityInBoxes(
  shared: string,
  pictures: readonly LabelledPicture[],
  pool: InferencePool,
): Promise<number> {
  await using estimator = await openPoseEstimator(publicModel(shared, 'movenet-lightning'), pool);
  return await meanOverPeople(pictures, async (frame, people) => {
    const found = await estimator.estimate(frame, { boxes: people.map(boxOf) });
    return people.map((person, i) => {
      const own = found[i];
      return own === undefined ? 0 : labelSimilarity(person, toFoundPerson(own));
    });
  });
}

async function meanOverPeople(
  pictures: readonly LabelledPicture[],
  measure: (frame: VideoFrame, people: readonly LabelledPerson[]) => Promise<readonly number[]>,
): Promise<number> {
  const values: number[] = [];
  for (const { path, people } of pictures) {
    if (people.length > 0) values.push(...(await withPicture(path, (frame) => measure(frame, people))));
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function withClearPeople(picture: LabelledPicture): LabelledPicture {
  const isClear = ({ iscrowd, num_keypoints }: LabelledPerson) => iscrowd === 0 && num_keypoints >= LEAST_KEYPOINTS;
  return { ...picture, people: picture.people.filter(isClear) };
}

function isFoundBy(person: LabelledPerson, box: Box): boolean {
  return boxOverlap(boxOf(person), box) >= FOUND_OVERLAP;
}

function boxOf({ bbox: [x, y, width, height] }: LabelledPerson): Box {
  return [x, y, x + width, y + height];
}

function isThere(shared: string, id: PublicModel): boolean {
  return existsSync(join(shared, 'weights/public', publicWeights[id]));
}
