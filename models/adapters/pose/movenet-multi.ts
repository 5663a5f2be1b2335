import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { GraphBuilder } from '../../onnx/graph-builder.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { clipBox } from '../picture/crop-stage.js';
import { type Placement, toPicture } from '../picture/letterbox.js';
import { modelTensors, outputAt } from '../picture/model-tensors.js';
import { WholePictureNetwork } from '../picture/whole-picture-network.js';
import { yxScores } from './movenet-single.js';
import { bestPeople, boxOfKeypoints, estimateLimits } from './person.js';
import type { EstimateOptions, Keypoint, PersonPose, PoseEstimator } from './pose-estimator.js';

const PEOPLE = 'movenet.people';
/** Numbers for each person: 17 × (y, x, score), y1, x1, y2, x2, score. */
const ROW = 56;
const DEFAULT_SCORE = 0.2;

/**
 * MoveNet for up to six people.
 *
 * @throws VitascopeError `MODEL_INVALID`; what `InferencePool.load` throws.
 */
export async function openMoveNetMulti(model: ModelFiles, pool: AdapterPool): Promise<PoseEstimator> {
  const who = `openPoseEstimator(${model.id})`;
  const tensors = await modelTensors(who, model);
  const { name, type } = outputAt(who, tensors, 0, `[1, 6, ${ROW}]`);
  const graph = new GraphBuilder('people');
  const output = graph.input(name, type, [1, 'people', ROW]);
  graph.output(PEOPLE, type === 'float32' ? output : graph.cast(output, 'float32'), 'float32', [1, 'people', ROW]);
  const after = [{ id: 'people', model: graph.build() }];
  return new MoveNetMulti(model, await WholePictureNetwork.open(who, model, pool, tensors, after));
}

class MoveNetMulti implements PoseEstimator {
  readonly #model: ModelFiles;
  readonly #network: WholePictureNetwork;

  constructor(model: ModelFiles, network: WholePictureNetwork) {
    this.#model = model;
    this.#network = network;
  }

  async estimate(frame: VideoFrame, options: EstimateOptions = {}): Promise<readonly PersonPose[]> {
    const limits = estimateLimits(options, this.#model.entry.adapter.score ?? DEFAULT_SCORE);
    const { outputs, placement } = await this.#network.run(frame, {}, { signal: options.signal });
    const rows = outputs[PEOPLE]?.data as Float32Array;
    const people = Array.from({ length: rows.length / ROW }, (_, i) =>
      personOf(rows.subarray(ROW * i, ROW * (i + 1)), placement, frame),
    );
    return bestPeople(people, limits);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#network[Symbol.asyncDispose]();
  }
}

function personOf(row: Float32Array, placement: Placement, frame: VideoFrame): PersonPose {
  const { width, height } = placement.canvas;
  const place = (x: number, y: number) => toPicture(placement, x * width, y * height);
  const keypoints = yxScores(row).map(([atX, atY, sure]): Keypoint => {
    const { x, y } = place(atX, atY);
    return [x, y, sure];
  });
  const [y1 = 0, x1 = 0, y2 = 0, x2 = 0, score = 0] = row.subarray(51);
  const [from, to] = [place(x1, y1), place(x2, y2)];
  const box = clipBox([from.x, from.y, to.x, to.y], frame) ?? boxOfKeypoints(keypoints, frame);
  return { score, box, keypoints };
}
