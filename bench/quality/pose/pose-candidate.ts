import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelFiles } from '../../../models/adapters/adapter.js';
import { openDetector } from '../../../models/adapters/detect/open-detector.js';
import { openPoseEstimator } from '../../../models/adapters/pose/open-pose-estimator.js';
import type { PoseEstimator } from '../../../models/adapters/pose/pose-estimator.js';
import { findCatalogEntry } from '../../../models/catalog/load-catalog.js';
import type { InferencePool } from '../../../models/inference-pool.js';
import { embeddedModels, modelInFolder } from '../../../models/library/embedded-models.js';
import { VitascopeError } from '../../../pipeline/errors.js';

/** Height and width of what a network is shown, pixels. */
export type InputSize = readonly [height: number, width: number];

/** A way to find poses that figures are made for. */
export interface PoseCandidate {
  readonly id: string;
  readonly title: string;
  /** Whether `size` changes anything. */
  readonly sized: boolean;
  /** Loads it. `size`: about what the network is shown. */
  open(pool: InferencePool, size?: InputSize): Promise<PoseEstimator>;
}

/** Weights of ../shared, by their ids in the catalog. */
export const publicWeights = {
  posenet: 'pose/posenet_mobilenet_v1_075_f32_dyn.onnx',
  'movenet-lightning': 'pose/movenet_singlepose_lightning_f32.onnx',
  'rtmdet-nano-person': 'pose/rtmdet_nano_person_end2end.onnx',
  'yolox-nano': 'detect/yolox_nano.onnx',
  fastestdet: 'detect/FastestDet.onnx',
} as const;
/** One of {@link publicWeights}. */
export type PublicModel = keyof typeof publicWeights;

/** The embedded model and the public pipelines; or, for each that is not on this machine, why. `shared` holds `weights/public`. */
export async function poseCandidates(shared: string): Promise<readonly (PoseCandidate | string)[]> {
  const found = await embeddedCandidates();
  const embedded = found.length > 0 ? found : ['the package embeds no model for poses'];
  return [
    ...embedded,
    ifThere(shared, ['posenet'], {
      id: 'posenet',
      title: 'PoseNet MobileNet v1 0.75',
      sized: true,
      open: (pool, size) => openPoseEstimator(publicModel(shared, 'posenet', size), pool),
    }),
    ifThere(shared, ['rtmdet-nano-person', 'movenet-lightning'], {
      id: 'rtmdet-movenet',
      title: 'RTMDet-nano + MoveNet Lightning',
      sized: false,
      open: (pool) => openTopDown(shared, pool),
    }),
  ];
}

/** Those of `models`, or else all that are there; and why others are left out. @throws Error when one of `models` is not there. */
export async function wantedCandidates(
  shared: string,
  models: readonly string[] | undefined,
): Promise<{ readonly candidates: readonly PoseCandidate[]; readonly skipped: readonly string[] }> {
  if (models !== undefined) {
    return { candidates: await Promise.all(models.map((id) => poseCandidate(shared, id))), skipped: [] };
  }
  const all = await poseCandidates(shared);
  return {
    candidates: all.filter((one): one is PoseCandidate => typeof one !== 'string'),
    skipped: all.filter((one) => typeof one === 'string'),
  };
}

/** The candidate of that id, or the model in that folder. @throws Error that names those there are, and why others are not. */
export async function poseCandidate(shared: string, id: string): Promise<PoseCandidate> {
  if (id.includes('/')) return inFolder(id);
  const all = await poseCandidates(shared);
  const found = all.find((one): one is PoseCandidate => typeof one !== 'string' && one.id === id);
  if (found !== undefined) return found;
  const told = all.map((one) => (typeof one === 'string' ? one : `"${one.id}"`)).join('; ');
  throw new Error(`no model "${id}" for poses; there are: ${told}`);
}

/** A public model with what the catalog says of it, its file in `shared`. */
export function publicModel(shared: string, id: PublicModel, size?: InputSize): ModelFiles {
  const { family, adapter } = findCatalogEntry(id);
  const path = join(shared, 'weights/public', publicWeights[id]);
  const model: ModelFiles = {
    id,
    entry: { family, adapter },
    file: (name = 'model.onnx') => {
      if (name === 'model.onnx') return { path, sha256: undefined };
      throw new VitascopeError('MODEL_NOT_FOUND', `there is no ${name}`);
    },
  };
  return size === undefined ? model : withSize(model, size);
}

async function embeddedCandidates(): Promise<PoseCandidate[]> {
  const models = (await embeddedModels()).filter(({ entry }) => entry.task === 'pose');
  return models.map((model) => candidateOf(model));
}

async function inFolder(path: string): Promise<PoseCandidate> {
  const model = await modelInFolder(path);
  if (model === undefined) throw new Error(`no model in ${path}`);
  return candidateOf(model);
}

function candidateOf(model: ModelFiles): PoseCandidate {
  return {
    id: model.id,
    title: model.id,
    sized: true,
    open: (pool, size) => openPoseEstimator(size === undefined ? model : withSize(model, size), pool),
  };
}

function withSize(model: ModelFiles, [height, width]: InputSize): ModelFiles {
  const { family, adapter } = model.entry;
  const entry = { family, adapter: { ...adapter, size: [height, width] as [number, number] } };
  return { id: model.id, entry, file: (name) => model.file(name) };
}

async function openTopDown(shared: string, pool: InferencePool): Promise<PoseEstimator> {
  const detector = await openDetector(publicModel(shared, 'rtmdet-nano-person'), pool);
  const estimator = await openPoseEstimator(publicModel(shared, 'movenet-lightning'), pool, detector);
  return {
    estimate: (frame, options) => estimator.estimate(frame, options),
    async [Symbol.asyncDispose]() {
      await estimator[Symbol.asyncDispose]();
      await detector[Symbol.asyncDispose]();
    },
  };
}

function ifThere(shared: string, needed: readonly PublicModel[], candidate: PoseCandidate): PoseCandidate | string {
  const paths = needed.map((id) => join(shared, 'weights/public', publicWeights[id]));
  const absent = paths.find((path) => !existsSync(path));
  return absent === undefined ? candidate : `${candidate.title}: skipped, there is no ${absent}`;
}
