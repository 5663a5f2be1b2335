import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { GraphBuilder } from '../../onnx/graph-builder.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { CropNetwork } from '../picture/crop-network.js';
import type { Box } from '../picture/crop-stage.js';
import { modelTensors, outputAt } from '../picture/model-tensors.js';
import { unknownFamily } from '../unknown-family.js';

/** Options of {@link Embedder.embed}. */
export interface EmbedOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Turns what lies in boxes into vectors that are alike when what they show is. Disposing it gives the model back. */
export interface Embedder extends AsyncDisposable {
  /**
   * A vector of length 1 for each box, in order; {@link cosine} compares them. The frame stays the caller's, and must stay open until
   * the promise settles.
   *
   * @param boxes Pixels of the frame. Default: one box, the whole frame.
   * @throws VitascopeError what `LoadedModel.run` throws.
   */
  embed(frame: VideoFrame, boxes?: readonly Box[], options?: EmbedOptions): Promise<readonly Float32Array[]>;
}

const FAMILY = 'image-embed';
const VECTORS = 'embedding.vectors';

/**
 * Loads a model that embeds pieces of pictures. Pieces are stretched to its size; where its file fixes how many a run takes, runs are filled up.
 *
 * @throws VitascopeError `MODEL_INVALID` for another family, and for a file that does not fit it; what `InferencePool.load` throws.
 * @example
 * await using embedder = await openEmbedder(model, pool);
 * const [a, b] = await embedder.embed(frame, [boxOfAnn, boxOfBob]);
 */
export async function openEmbedder(model: ModelFiles, pool: AdapterPool): Promise<Embedder> {
  const who = `openEmbedder(${model.id})`;
  if (model.entry.family !== FAMILY) throw unknownFamily(who, model, [FAMILY]);
  const tensors = await modelTensors(who, model);
  const { name, type, shape } = outputAt(who, tensors, 0, '[N, D]');
  const graph = new GraphBuilder('unit-vectors');
  const output = graph.input(
    name,
    type,
    shape.map((size, axis) => (axis === 0 ? 'N' : typeof size === 'string' ? `D${axis}` : size)),
  );
  const flat = graph.node('Flatten', [type === 'float32' ? output : graph.cast(output, 'float32')], { axis: 1 });
  const length = graph.node('ReduceL2', [flat, graph.ints([1], [1])], { keepdims: 1 });
  const unit = graph.node('Div', [flat, graph.node('Max', [length, graph.scalar(1e-12)])]);
  graph.output(VECTORS, unit, 'float32', ['N', 'D']);
  const after = [{ id: 'unit vectors', model: graph.build() }];
  const network = await CropNetwork.open(who, model, pool, tensors, after, 'edge');
  return {
    async embed(frame, boxes = [[0, 0, frame.width, frame.height]], { signal } = {}) {
      const results = await network.run(frame, boxes, signal);
      return results.map((outputs) => outputs[VECTORS] ?? new Float32Array());
    },
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

/** How alike two vectors of length 1 are: 1 the same direction, 0 nothing in common. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
