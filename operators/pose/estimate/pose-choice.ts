import type { AdapterPool, ModelFiles } from '../../../models/adapters/adapter.js';
import { openDetector } from '../../../models/adapters/detect/open-detector.js';
import { type Embedder, openEmbedder } from '../../../models/adapters/embed/open-embedder.js';
import { openPoseEstimator, topDownFamilies } from '../../../models/adapters/pose/open-pose-estimator.js';
import type { PoseEstimator } from '../../../models/adapters/pose/pose-estimator.js';
import { builtinCatalog } from '../../../models/catalog/load-catalog.js';
import { VitascopeError } from '../../../pipeline/index.js';
import { expectModel, findModel, type ModelFinder } from '../../library-model.js';
import { openTogether } from '../../open-together.js';
import type { EstimatePoseSettings } from './estimate-options.js';

const OPERATOR = 'estimate-pose';

/** What looks at people: opened once, given back by {@link close}. */
export interface PoseNetworks {
  readonly estimator: PoseEstimator;
  readonly embedder: Embedder | undefined;
  close(): Promise<void>;
}

/** Which models look at people. */
export interface PoseWish extends Pick<EstimatePoseSettings, 'model' | 'detector' | 'appearance'> {
  /** In the place of `model` and `detector`; it stays the caller's. */
  readonly estimator?: PoseEstimator | undefined;
}

/**
 * Looks, at once, whether the models can be on this machine; see {@link expectModel}.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `OPTION_INVALID`
 */
export function expectPoseModels({ model, detector, appearance, estimator }: PoseWish): void {
  if (appearance !== undefined) expectModel(OPERATOR, appearance, 'embed');
  if (estimator !== undefined) return;
  expectModel(OPERATOR, model, 'pose');
  const finder = detector ?? builtinCatalog().find(({ id }) => id === model)?.adapter.detector;
  if (finder !== undefined) expectModel(OPERATOR, finder, 'detect');
}

/**
 * Finds and loads the models; nothing stays loaded when one of them fails.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`, `OPTION_INVALID`; what `InferencePool.load` throws.
 */
export async function openPoseNetworks(
  wish: PoseWish,
  pool: AdapterPool,
  library?: ModelFinder,
): Promise<PoseNetworks> {
  return openTogether(async (keep) => {
    const open = async (): Promise<PoseEstimator> => {
      const files = await findModel(OPERATOR, wish.model, 'pose', library);
      const detector = detectorFor(files, wish.detector);
      if (detector === undefined) return keep(await openPoseEstimator(files, pool));
      const finder = keep(await openDetector(await findModel(OPERATOR, detector, 'detect', library), pool));
      return keep(await openPoseEstimator(files, pool, finder));
    };
    const estimator = wish.estimator ?? (await open());
    const embedder =
      wish.appearance === undefined
        ? undefined
        : keep(await openEmbedder(await findModel(OPERATOR, wish.appearance, 'embed', library), pool));
    return { estimator, embedder };
  });
}

/** Whoever names a detector wants it used. */
function detectorFor({ id, entry }: ModelFiles, wanted: string | undefined): string | undefined {
  if (topDownFamilies.includes(entry.family)) return wanted ?? entry.adapter.detector;
  if (wanted === undefined) return undefined;
  throw new VitascopeError(
    'OPTION_INVALID',
    `${OPERATOR}: detector must not be given with ${id}, which finds people itself, got ${wanted}`,
    { context: { operator: OPERATOR, model: id, detector: wanted } },
  );
}
