import { Observable, type OperatorFunction } from 'rxjs';
import type { z } from 'zod';
import type { PoseEstimator } from '../../../models/adapters/pose/pose-estimator.js';
import { defaultInferencePool } from '../../../models/default-pool.js';
import type { InferencePool } from '../../../models/inference-pool.js';
import { planThreads } from '../../../models/session-settings.js';
import { mapOrdered, type OperatorDefinition, type VideoSample } from '../../../pipeline/index.js';
import type { ModelFinder } from '../../library-model.js';
import { parseOptions } from '../../options.js';
import type { PoseMeta } from '../pose-meta.js';
import { smoothOptions } from '../smooth/smooth-options.js';
import { trackOptions } from '../track/track-options.js';
import {
  type EstimatePoseSettings,
  estimatePoseOptions,
  smoothSettingsOf,
  trackSettingsOf,
} from './estimate-options.js';
import { followPeople } from './follow-people.js';
import { lookAtPeople } from './look-at-people.js';
import { personFollower } from './person-follower.js';
import { expectPoseModels, openPoseNetworks } from './pose-choice.js';
import { PoseModel } from './pose-model.js';

/** Options of {@link estimatePose}: those of graphs, and what programs bring along. */
export interface EstimatePoseOptions extends z.input<typeof estimatePoseOptions> {
  /** Where the models run. Default: the pool that all operators share. It stays the caller's. */
  readonly pool?: Pick<InferencePool, 'load' | 'workers'> | undefined;
  /** Where the models are found. Default: the `ModelLibrary` of the environment. */
  readonly library?: ModelFinder | undefined;
  /** Finds people in the place of `model`. It is asked about several frames at once, and stays the caller's. */
  readonly estimator?: PoseEstimator | undefined;
}

/** Frames that the network may be asked about at once: one more than there are workers, so that none waits for the event loop. */
function concurrencyFor(workers: number): number {
  return workers + 1;
}

/**
 * Finds people and how they stand, and follows them: video → video with `poses`. Each person has 17 key points (`coco17`) and an id that they keep for as
 * long as they are in view; a hard cut ends all ids. Key points are smoothed over time; on frames that the network does not look at (see `every`), people
 * go on as they moved, and `ageMs` says how long ago they were seen.
 *
 * Frames pass as they are, in order. The models are loaded when the first frame comes, and given back at the end. Under overload in live streams
 * (`every: 'auto'`) the network looks less often; frames wait for a look only where one is taken.
 *
 * @throws VitascopeError `OPTION_INVALID`, `MODEL_NOT_FOUND` at once; the stream fails with `MODEL_INVALID` and with what the inference pool fails
 * with, such as `WORKER_LOST`.
 * @see Papandreou et al. 2018, PersonLab; Bewley et al. 2016, SORT; Casiez et al. 2012, the One-Euro filter
 * @example film.video.pipe(estimatePose({ every: 2 }), drawPose())
 */
export function estimatePose<Meta extends object>(
  options: EstimatePoseOptions = {},
): OperatorFunction<VideoSample<Meta>, VideoSample<Meta & PoseMeta>> {
  const { pool: givenPool, library, estimator, ...rest } = options;
  const settings = parseOptions('estimate-pose', estimatePoseOptions, rest);
  const wish = { ...settings, estimator };
  if (library === undefined) expectPoseModels(wish);
  return (source) =>
    new Observable((subscriber) => {
      const pool = givenPool ?? defaultInferencePool();
      const model = new PoseModel((timed) => openPoseNetworks(wish, timed, library), pool, settings);
      subscriber.add(() => void model.close());
      source
        .pipe(
          mapOrdered(lookAtPeople<Meta>(model, settings.every), { concurrency: concurrencyFor(pool.workers) }),
          mapOrdered(followPeople<Meta>(personFollower(settings), settings.maxPeople)),
        )
        .subscribe(subscriber);
    });
}

/** Fast film has so many frames a second; how many a film has is not known here. */
const FAST_FPS = 60;
/** No film is looked at again for longer, frames: the most that `every` can be. */
const MAX_WARMUP = 250;

/** So many that everybody who may still be hidden, and the distance to the last look, lies inside; the filters have settled long before. */
function warmupFrames(settings: EstimatePoseSettings): number {
  const toLastLook = settings.every === 'auto' ? 0 : settings.every - 1;
  const track = trackSettingsOf(settings);
  const { holdMs } = smoothOptions.parse(smoothSettingsOf(settings));
  const memoryMs = track === undefined ? 0 : Math.max(trackOptions.parse(track).maxAgeMs, holdMs);
  return Math.min(MAX_WARMUP, Math.max(toLastLook, Math.ceil((memoryMs * FAST_FPS) / 1000)));
}

export const estimatePoseDefinition: OperatorDefinition<EstimatePoseSettings> = {
  name: 'estimate-pose',
  summary: 'Finds people and their 17 key points, follows them, and attaches them as data; pictures stay as they are.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: [],
  provides: ['poses'],
  keepsPictures: true,
  options: estimatePoseOptions,
  demand: () => ({ holds: concurrencyFor(planThreads({}).workers) + 1, needs: 1 }),
  warmupFrames,
  create: (options) => {
    const operator = estimatePose(options);
    return ([video]) => [operator(video as Observable<VideoSample>)];
  },
};
