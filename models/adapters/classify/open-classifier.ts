import { readFile } from 'node:fs/promises';
import { VitascopeError } from '../../../pipeline/errors.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import { inlineTensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { activated, networkOutput } from '../detect/candidates.js';
import { modelTensors, outputAt } from '../picture/model-tensors.js';
import { WholePictureNetwork } from '../picture/whole-picture-network.js';
import { unknownFamily } from '../unknown-family.js';

/** What a picture may show. */
export interface Classification {
  /** Number of the class, from 0, in the order of the model. For ImageNet that is the order of the 1000 WordNet ids. */
  readonly index: number;
  /** Its name, where the model comes with a file `labels.txt` (a line for each class). */
  readonly label: string | undefined;
  /** 0–1 */
  readonly probability: number;
}

/** Options of {@link Classifier.classify}. */
export interface ClassifyOptions {
  /** How many classes are told. Default 5. */
  readonly top?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Says what frames show. Disposing it gives the model back. */
export interface Classifier extends AsyncDisposable {
  /**
   * The most probable classes, best first. The frame stays the caller's, and must stay open until the promise settles.
   *
   * @throws VitascopeError `OPTION_INVALID`; what `LoadedModel.run` throws.
   */
  classify(frame: VideoFrame, options?: ClassifyOptions): Promise<readonly Classification[]>;
}

const FAMILY = 'imagenet-classify';
const names = { top: 'classes.top', probabilities: 'classes.probabilities', indices: 'classes.indices' } as const;
const DEFAULT_TOP = 5;

/**
 * Loads a model that says what a picture shows: one score for each class.
 *
 * @throws VitascopeError `MODEL_INVALID` for another family, and for a file that does not fit it; what `InferencePool.load` throws.
 * @example
 * await using classifier = await openClassifier(model, pool);
 * const [best] = await classifier.classify(frame, { top: 1 });
 */
export async function openClassifier(model: ModelFiles, pool: AdapterPool): Promise<Classifier> {
  const who = `openClassifier(${model.id})`;
  if (model.entry.family !== FAMILY) throw unknownFamily(who, model, [FAMILY]);
  const tensors = await modelTensors(who, model);
  const graph = new GraphBuilder('classes');
  const output = networkOutput(graph, outputAt(who, tensors, 0, '[1, classes]'));
  const probabilities = activated(graph, graph.reshape(output, [-1]), model.entry.adapter);
  const wanted = graph.node('Min', [graph.input(names.top, 'int64', [1]), graph.node('Shape', [probabilities])]);
  const [best, indices] = graph.nodes('TopK', [probabilities, wanted], 2, { axis: 0 }) as [Value, Value];
  graph.output(names.probabilities, best, 'float32', ['top']);
  graph.output(names.indices, indices, 'int64', ['top']);
  const labels = await readLabels(model);
  const after = [{ id: 'classes', model: graph.build() }];
  return new NetworkClassifier(await WholePictureNetwork.open(who, model, pool, tensors, after), labels);
}

class NetworkClassifier implements Classifier {
  readonly #network: WholePictureNetwork;
  readonly #labels: readonly string[] | undefined;

  constructor(network: WholePictureNetwork, labels: readonly string[] | undefined) {
    this.#network = network;
    this.#labels = labels;
  }

  async classify(
    frame: VideoFrame,
    { top = DEFAULT_TOP, signal }: ClassifyOptions = {},
  ): Promise<readonly Classification[]> {
    if (!Number.isInteger(top) || top < 1) {
      throw new VitascopeError('OPTION_INVALID', `classify: top must be an integer of at least 1, got ${top}`, {
        context: { top },
      });
    }
    const feeds = { [names.top]: inlineTensor('int64', [1], BigInt64Array.of(BigInt(top))) };
    const { outputs } = await this.#network.run(frame, feeds, { signal });
    const indices = outputs[names.indices]?.data as BigInt64Array;
    return Array.from(outputs[names.probabilities]?.data as Float32Array, (probability, i) => {
      const index = Number(indices[i]);
      return { index, label: this.#labels?.[index], probability };
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#network[Symbol.asyncDispose]();
  }
}

async function readLabels(model: ModelFiles): Promise<readonly string[] | undefined> {
  try {
    const text = await readFile(model.file('labels.txt').path, 'utf8');
    return text.trimEnd().split(/\r?\n/);
  } catch (error) {
    if (error instanceof VitascopeError && error.code === 'MODEL_NOT_FOUND') return undefined;
    throw error;
  }
}
