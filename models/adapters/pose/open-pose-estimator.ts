import type { AdapterPool, ModelFiles } from '../adapter.js';
import type { Detector } from '../detect/detector.js';
import { unknownFamily } from '../unknown-family.js';
import { openMoveNetMulti } from './movenet-multi.js';
import { openMoveNetSingle } from './movenet-single.js';
import type { PoseEstimator } from './pose-estimator.js';
import { openPoseNet } from './posenet.js';
import { openRtmo } from './rtmo.js';
import { openRtmPose } from './rtmpose.js';

/** Estimators by family of the catalog. */
export const poseFamilies: Readonly<
  Record<string, (model: ModelFiles, pool: AdapterPool, detector?: Detector) => Promise<PoseEstimator>>
> = {
  posenet: openPoseNet,
  'movenet-single': openMoveNetSingle,
  'movenet-multi': openMoveNetMulti,
  rtmpose: openRtmPose,
  rtmo: openRtmo,
};

/** Families that take a crop of each person, and so can use a detector. */
export const topDownFamilies: readonly string[] = ['movenet-single', 'rtmpose'];

/**
 * Loads a model that finds how people stand.
 *
 * @param detector Finds people for families that take a crop of each ({@link topDownFamilies}); `adapter.detector` of an entry names a model for
 * it. It stays the caller's. Without one they take the whole picture for one person, unless boxes are given.
 * @throws VitascopeError `MODEL_INVALID` for a family that finds no poses, and for a file that does not fit its family; what
 * `InferencePool.load` throws.
 * @example
 * await using estimator = await openPoseEstimator(model, pool);
 * for (const { keypoints } of await estimator.estimate(frame)) console.log(keypoints[0]);
 */
export async function openPoseEstimator(
  model: ModelFiles,
  pool: AdapterPool,
  detector?: Detector,
): Promise<PoseEstimator> {
  const { family } = model.entry;
  const open = Object.hasOwn(poseFamilies, family) ? poseFamilies[family] : undefined;
  if (open === undefined) throw unknownFamily(`openPoseEstimator(${model.id})`, model, Object.keys(poseFamilies));
  return open(model, pool, detector);
}
