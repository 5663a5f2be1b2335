import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { ModelContract } from '../../model-contract.js';
import { GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import type { InlineTensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { type Placement, toPicture } from '../picture/letterbox.js';
import { modelTensors, outputAt } from '../picture/model-tensors.js';
import { WholePictureNetwork } from '../picture/whole-picture-network.js';
import { decodePoseNet, type GridPerson, type Peak, type PoseNetFields } from './decode-posenet.js';
import { Field } from './field.js';
import { bestPeople, boxOfKeypoints, estimateLimits } from './person.js';
import type { EstimateOptions, Keypoint, PersonPose, PoseEstimator } from './pose-estimator.js';

const DEFAULT_SCORE = 0.25;
/** Input pixels, as in the paper's implementations. */
const NMS_RADIUS = 20;
/** Peaks that may start a person; each person has up to 17. */
const MAX_PEAKS = 512;

const names = {
  heat: 'posenet.heat',
  short: 'posenet.short',
  mid: 'posenet.mid',
  peaks: 'posenet.peaks',
  peakScores: 'posenet.peakScores',
} as const;

/**
 * PoseNet: several people, bottom-up. Peaks of the heat maps are found in a graph; only they are looked at here.
 *
 * @throws VitascopeError `MODEL_INVALID`; what `InferencePool.load` throws.
 */
export async function openPoseNet(model: ModelFiles, pool: AdapterPool): Promise<PoseEstimator> {
  const who = `openPoseEstimator(${model.id})`;
  const tensors = await modelTensors(who, model);
  const stage = { id: 'peaks', model: peakStage(who, tensors) };
  return new PoseNet(model, await WholePictureNetwork.open(who, model, pool, tensors, [stage]));
}

class PoseNet implements PoseEstimator {
  readonly #model: ModelFiles;
  readonly #network: WholePictureNetwork;

  constructor(model: ModelFiles, network: WholePictureNetwork) {
    this.#model = model;
    this.#network = network;
  }

  async estimate(frame: VideoFrame, options: EstimateOptions = {}): Promise<readonly PersonPose[]> {
    const { adapter } = this.#model.entry;
    const limits = estimateLimits(options, adapter.score ?? DEFAULT_SCORE);
    const { outputs, placement } = await this.#network.run(frame, {}, { signal: options.signal });
    const fields = fieldsOf(outputs, adapter.strides?.[0] ?? 16);
    const probability = adapter.activation === 'sigmoid' ? sigmoid : (score: number): number => score;
    const peaks = peaksOf(outputs, fields.heat).filter(({ score }) => probability(score) >= limits.score);
    const people = decodePoseNet(peaks, fields, { ...limits, radius: NMS_RADIUS, probability });
    return bestPeople(
      people.map((person) => toPerson(person, placement, fields.stride, frame)),
      limits,
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#network[Symbol.asyncDispose]();
  }
}

/** Passes the maps on, and finds local maxima of the heat maps (3 × 3), best first. */
function peakStage(who: string, tensors: ModelContract): Uint8Array {
  const graph = new GraphBuilder('peaks');
  const map = (position: number, meaning: string, channels: number): Value => {
    const { name, type } = outputAt(who, tensors, position, meaning);
    const value = graph.input(name, type, [1, 'rows', 'columns', channels]);
    return type === 'float32' ? value : graph.cast(value, 'float32');
  };
  const heat = map(0, 'heat maps', 17);
  const planar = graph.node('Transpose', [heat], { perm: [0, 3, 1, 2] });
  const highest = graph.node('MaxPool', [planar], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  const nothing = graph.scalar(-1e9);
  const maxima = graph.reshape(graph.node('Where', [graph.node('Equal', [planar, highest]), planar, nothing]), [-1]);
  const count = graph.node('Min', [graph.ints([1], [MAX_PEAKS]), graph.node('Shape', [maxima])]);
  const [scores, indices] = graph.nodes('TopK', [maxima, count], 2, { axis: 0 }) as [Value, Value];
  graph.output(names.heat, heat, 'float32', [1, 'rows', 'columns', 17]);
  graph.output(names.short, map(1, 'short-range offsets', 34), 'float32', [1, 'rows', 'columns', 34]);
  graph.output(names.mid, map(2, 'mid-range offsets', 64), 'float32', [1, 'rows', 'columns', 64]);
  graph.output(names.peakScores, scores, 'float32', ['peaks']);
  graph.output(names.peaks, indices, 'int64', ['peaks']);
  return graph.build();
}

function fieldsOf(outputs: Readonly<Record<string, InlineTensor>>, stride: number): PoseNetFields {
  const field = (name: string): Field => {
    const {
      data,
      shape: [, rows = 0, columns = 0, channels = 0],
    } = outputs[name] as InlineTensor;
    return new Field(data as Float32Array, [rows, columns, channels]);
  };
  return { heat: field(names.heat), shortOffsets: field(names.short), midOffsets: field(names.mid), stride };
}

/** Indices count key points, then rows, then columns. */
function peaksOf(outputs: Readonly<Record<string, InlineTensor>>, { width, height }: Field): Peak[] {
  const scores = outputs[names.peakScores]?.data as Float32Array;
  const indices = outputs[names.peaks]?.data as BigInt64Array;
  return Array.from(scores, (score, i) => {
    const index = Number(indices[i]);
    const cell = index % (width * height);
    return {
      keypoint: Math.floor(index / (width * height)),
      row: Math.floor(cell / width),
      column: cell % width,
      score,
    };
  });
}

function toPerson({ score, points }: GridPerson, placement: Placement, stride: number, frame: VideoFrame): PersonPose {
  const keypoints = points.map((point): Keypoint => {
    // Cells lie on pixel centres: cell n is pixel n · stride, whose centre is half a pixel further.
    const { x, y } = toPicture(placement, point.x * stride + 0.5, point.y * stride + 0.5);
    return [x, y, point.score];
  });
  return { score, box: boxOfKeypoints(keypoints, frame), keypoints };
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
