import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { type ImageModel, type ImageModelOptions, openImageModel } from '../../models/adapters/image/image-model.js';
import { builtinCatalog } from '../../models/catalog/load-catalog.js';
import { defaultInferencePool } from '../../models/default-pool.js';
import type { InferencePool } from '../../models/inference-pool.js';
import {
  FramePool,
  mapOrdered,
  reportModelMs,
  VideoFrame,
  type VideoSample,
  VitascopeError,
  withFrame,
} from '../../pipeline/index.js';
import { expectModel, findModel, type ModelFinder } from '../library-model.js';

/** Options of operators that run an image-to-image model, beside those that graphs write. */
export interface ImageOperatorOptions {
  /** Where the model runs. Default: the pool that all operators share. It stays the caller's. */
  readonly pool?: Pick<InferencePool, 'load' | 'workers'> | undefined;
  /** Where the model is found. Default: the `ModelLibrary` of the environment. */
  readonly library?: ModelFinder | undefined;
}

/** What {@link imageOperator} makes. */
export interface ImageOperatorPlan extends ImageOperatorOptions {
  readonly operator: 'stylize' | 'upscale';
  /** Id of the model in the library. */
  readonly model: string | undefined;
  readonly passage: ImageModelOptions;
  /** 0–1, see `ImageRunOptions`. */
  readonly strength?: number | undefined;
  /** Output frames that may be open downstream at once. */
  readonly slots: number;
}

/**
 * Runs an image-to-image model on every frame: video → video. The result is written into the received frame where nobody else holds it, it keeps its size,
 * and the network sees it as a whole; else into a frame of the operator's own, and the received one is closed.
 *
 * @throws VitascopeError `OPTION_INVALID`, `MODEL_NOT_FOUND` at once.
 */
export function imageOperator(plan: ImageOperatorPlan): MonoTypeOperatorFunction<VideoSample> {
  const id = checkedModel(plan);
  return (source) =>
    new Observable((subscriber) => {
      const pool = plan.pool ?? defaultInferencePool();
      const { workers: concurrency } = pool;
      const results = new FramePool({ slots: plan.slots + concurrency, name: plan.operator });
      let opening: Promise<ImageModel> | undefined;
      subscriber.add(() => void opening?.then((model) => model.close()).catch(() => undefined));
      const open = async (): Promise<ImageModel> => {
        const files = await findModel(plan.operator, id, plan.operator, plan.library);
        return openImageModel(files, pool, plan.passage);
      };
      const work = async (sample: VideoSample, signal: AbortSignal): Promise<VideoSample> => {
        opening ??= open();
        return processSample(await opening, sample, results, plan, signal);
      };
      source.pipe(mapOrdered(work, { concurrency })).subscribe(subscriber);
    });
}

async function processSample(
  model: ImageModel,
  sample: VideoSample,
  results: FramePool,
  { passage, strength }: ImageOperatorPlan,
  signal: AbortSignal,
): Promise<VideoSample> {
  const { frame } = sample;
  const { scale } = model;
  const inPlace = frame.writable && scale === 1 && passage.passage === 'whole';
  const size = { width: frame.width * scale, height: frame.height * scale };
  const into = inPlace ? frame : await VideoFrame.create(results, { ...frame.properties(), ...size }, signal);
  try {
    const { modelMs } = await model.process(frame, into, { strength, signal });
    reportModelMs(sample, modelMs);
  } catch (error) {
    if (into !== frame) into.close();
    throw error;
  }
  if (into !== frame) frame.close();
  return withFrame(sample, into);
}

function checkedModel({ operator, model, library }: ImageOperatorPlan): string {
  if (model === undefined) {
    const ids = builtinCatalog().flatMap(({ id, task, files }) => (task === operator && files.length > 0 ? [id] : []));
    throw new VitascopeError(
      'OPTION_INVALID',
      `${operator}: model must be given, none ships with the package; run \`vitascope models pull ID\` with one of ${ids.join(', ')}, and set ${operator}.model=ID`,
      { context: { operator, known: ids } },
    );
  }
  if (/[/\\]|\.onnx$/.test(model)) {
    throw new VitascopeError(
      'OPTION_INVALID',
      `${operator}: model must be the id of a model, got ${model}; add a file with \`vitascope models add FILE --id ID --task ${operator}\``,
      { context: { operator, model } },
    );
  }
  if (library === undefined) expectModel(operator, model, operator);
  return model;
}
