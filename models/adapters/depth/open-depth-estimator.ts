import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { ModelContract } from '../../model-contract.js';
import { GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import { inlineTensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { modelTensors, outputAt } from '../picture/model-tensors.js';
import { resize } from '../picture/resize-picture.js';
import { WholePictureNetwork } from '../picture/whole-picture-network.js';
import { unknownFamily } from '../unknown-family.js';

/** How near everything in a frame is, relative to the rest of that frame. */
export interface DepthMap {
  readonly width: number;
  readonly height: number;
  /** Row by row, 0 for the farthest point of the frame to 1 for the nearest; inverse depth, not metres. */
  readonly nearness: Float32Array;
}

/** Options of {@link DepthEstimator.estimate}. */
export interface DepthOptions {
  /** `model`: as the network gives it; `frame`: as large as the frame, bilinear. Default `model`. */
  readonly size?: 'model' | 'frame' | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Says how near things in frames are. Disposing it gives the model back. */
export interface DepthEstimator extends AsyncDisposable {
  /**
   * The frame stays the caller's, and must stay open until the promise settles.
   *
   * @throws VitascopeError what `LoadedModel.run` throws.
   */
  estimate(frame: VideoFrame, options?: DepthOptions): Promise<DepthMap>;
}

const FAMILY = 'image-depth';
const names = { model: 'depth.nearness', frame: 'depth.nearnessOfFrame', size: 'depth.frameSize' } as const;

/**
 * Loads a model that gives relative inverse depth. Each frame is stretched to the range 0–1 by itself.
 *
 * @throws VitascopeError `MODEL_INVALID` for another family, and for a file that does not fit it; what `InferencePool.load` throws.
 * @example
 * await using depth = await openDepthEstimator(model, pool);
 * const { width, height, nearness } = await depth.estimate(frame, { size: 'frame' });
 */
export async function openDepthEstimator(model: ModelFiles, pool: AdapterPool): Promise<DepthEstimator> {
  const who = `openDepthEstimator(${model.id})`;
  if (model.entry.family !== FAMILY) throw unknownFamily(who, model, [FAMILY]);
  const tensors = await modelTensors(who, model);
  const after = [
    { id: 'nearness', model: nearnessStage(who, tensors) },
    { id: 'frame size', model: enlargeStage() },
  ];
  const network = await WholePictureNetwork.open(who, model, pool, tensors, after);
  return {
    async estimate(frame, { size = 'model', signal } = {}) {
      const name = names[size];
      const { outputs } = await network.run(frame, sizeFeed(frame), { outputs: [name], signal });
      const { shape, data } = outputs[name] as NonNullable<(typeof outputs)[string]>;
      return { width: shape[3] ?? 0, height: shape[2] ?? 0, nearness: data as Float32Array };
    },
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

/** Cuts the margins off and stretches to 0–1: `[1, 1, h, w]`. The network's output is as large as its input. */
function nearnessStage(who: string, tensors: ModelContract): Uint8Array {
  const graph = new GraphBuilder('nearness');
  const { name, type, shape } = outputAt(who, tensors, 0, '[1, H, W]');
  const output = graph.input(
    name,
    type,
    shape.map((size, axis) => (typeof size === 'string' ? `depth${axis}` : size)),
  );
  const floats = type === 'float32' ? output : graph.cast(output, 'float32');
  const sides = graph.node('Shape', [floats], { start: -2 });
  const map = graph.node('Reshape', [floats, graph.node('Concat', [graph.ints([2], [1, 1]), sides], { axis: 0 })]);
  const inner = cutMargins(graph, map);
  const low = graph.node('ReduceMin', [inner], { keepdims: 1 });
  const high = graph.node('ReduceMax', [inner], { keepdims: 1 });
  const spread = graph.node('Max', [graph.node('Sub', [high, low]), graph.scalar(1e-9)]);
  const nearness = graph.node('Div', [graph.node('Sub', [inner, low]), spread]);
  graph.output(names.model, nearness, 'float32', [1, 1, 'h', 'w']);
  return graph.build();
}

function cutMargins(graph: GraphBuilder, map: Value): Value {
  const margins = graph.node('Neg', [graph.input('margins', 'int64', [4])]);
  const none = graph.ints([2], [0, 0]);
  const [from, to] = [graph.slice(margins, 0, 0, 2), graph.slice(margins, 0, 2, 4)];
  return graph.node('Pad', [map, graph.node('Concat', [none, from, none, to], { axis: 0 })]);
}

function enlargeStage(): Uint8Array {
  const graph = new GraphBuilder('frame-size');
  const map = graph.input(names.model, 'float32', [1, 1, 'h', 'w']);
  const size = graph.input(names.size, 'int64', [2]);
  graph.output(names.frame, resize(graph, map, size), 'float32', [1, 1, 'H', 'W']);
  return graph.build();
}

function sizeFeed({ height, width }: VideoFrame) {
  return { [names.size]: inlineTensor('int64', [2], BigInt64Array.of(BigInt(height), BigInt(width))) };
}
