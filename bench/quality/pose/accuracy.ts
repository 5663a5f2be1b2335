import { firstValueFrom } from 'rxjs';
import type { PoseEstimator } from '../../../models/adapters/pose/pose-estimator.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { openFile } from '../../../streams/file/open-file.js';
import { median } from '../../statistics.js';
import { type KeypointFigures, keypointFigures } from './average-precision.js';
import { type FoundPerson, toFoundPerson } from './found-person.js';
import type { LabelledPicture } from './labelled-people.js';
import { MOST_FOUND } from './match-picture.js';

/** Low, so that curves are whole: what precision comes to at the end counts too. */
export const ACCURACY_SCORE = 0.05;

/** How near a model comes to the labels of a set of pictures, and how long it took. */
export interface Accuracy {
  readonly figures: KeypointFigures;
  /** Median of an `estimate`, milliseconds, a picture at a time. */
  readonly msPerPicture: number;
}

/** Who is found in each picture. */
export interface FoundInPicture {
  readonly picture: LabelledPicture;
  readonly found: readonly FoundPerson[];
  readonly ms: number;
}

/** Runs an estimator on pictures as the project opens them. `look` may change each of them: it takes a frame, and gives one. */
export async function findPeople(
  estimator: PoseEstimator,
  pictures: readonly LabelledPicture[],
  look?: (frame: VideoFrame) => Promise<VideoFrame>,
): Promise<readonly FoundInPicture[]> {
  const results: FoundInPicture[] = [];
  for (const picture of pictures) {
    const result = await withPicture(
      picture.path,
      async (frame) => {
        // The first run with a size sets memory up.
        if (results.length === 0) await estimator.estimate(frame);
        const startedAt = performance.now();
        const people = await estimator.estimate(frame, { score: ACCURACY_SCORE, maxPeople: MOST_FOUND });
        return { found: people.map(toFoundPerson), ms: performance.now() - startedAt };
      },
      look,
    );
    results.push({ picture, ...result });
  }
  return results;
}

/** COCO's figures of what was found. */
export function accuracyOf(results: readonly FoundInPicture[]): Accuracy {
  const judged = results.map(({ picture: { people }, found }) => ({ people, found }));
  return { figures: keypointFigures(judged), msPerPicture: median(results.map(({ ms }) => ms)) };
}

/** People of pictures who are to be found: with key points, and no crowds. */
export function countWanted(pictures: readonly LabelledPicture[]): number {
  const wanted = pictures.flatMap(({ people }) => people.filter((p) => p.num_keypoints > 0 && p.iscrowd === 0));
  return wanted.length;
}

/** Lends the first frame of a file, or what `look` makes of it. */
export async function withPicture<T>(
  path: string,
  use: (frame: VideoFrame) => Promise<T>,
  look?: (frame: VideoFrame) => Promise<VideoFrame>,
): Promise<T> {
  const opened = await firstValueFrom((await openFile(path)).video);
  const frame = look === undefined ? opened.frame : await look(opened.frame);
  try {
    return await use(frame);
  } finally {
    frame.close();
  }
}
