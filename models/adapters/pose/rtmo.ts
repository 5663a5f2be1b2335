import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { ModelContract } from '../../model-contract.js';
import { GraphBuilder } from '../../onnx/graph-builder.js';
import type { InlineTensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { networkOutput } from '../detect/candidates.js';
import { choiceFeeds, chooseDetections, chosen } from '../detect/choose.js';
import { clipBox } from '../picture/crop-stage.js';
import { type Placement, toPicture } from '../picture/letterbox.js';
import { modelTensors, outputAt } from '../picture/model-tensors.js';
import { WholePictureNetwork } from '../picture/whole-picture-network.js';
import { bestPeople, boxOfKeypoints, estimateLimits } from './person.js';
import type { EstimateOptions, Keypoint, PersonPose, PoseEstimator } from './pose-estimator.js';

const KEYPOINTS = 'rtmo.keypoints';
const DEFAULT_SCORE = 0.3;
const DEFAULT_NMS = 0.45;

/**
 * RTMO: several people in one pass, boxes and key points together.
 *
 * @throws VitascopeError `MODEL_INVALID`; what `InferencePool.load` throws.
 * @see Lu et al. 2023, "RTMO"
 */
export async function openRtmo(model: ModelFiles, pool: AdapterPool): Promise<PoseEstimator> {
  const who = `openPoseEstimator(${model.id})`;
  const tensors = await modelTensors(who, model);
  const after = [{ id: 'people', model: peopleStage(who, tensors) }];
  return new Rtmo(model, await WholePictureNetwork.open(who, model, pool, tensors, after));
}

/** Drops boxes that overlap better ones, and keeps the key points of the rest. */
function peopleStage(who: string, tensors: ModelContract): Uint8Array {
  const graph = new GraphBuilder('people');
  const dets = networkOutput(graph, outputAt(who, tensors, 0, 'boxes [1, N, 5]'));
  const keypoints = networkOutput(graph, outputAt(who, tensors, 1, 'key points [1, N, 17, 3]'));
  const candidates = { boxes: graph.slice(dets, 1, 0, 4), scores: graph.slice(dets, 1, 4, 5) };
  const { box } = chooseDetections(graph, candidates, 'nms');
  graph.output(KEYPOINTS, graph.node('Gather', [keypoints, box], { axis: 0 }), 'float32', ['M', 17, 3]);
  return graph.build();
}

class Rtmo implements PoseEstimator {
  readonly #model: ModelFiles;
  readonly #network: WholePictureNetwork;

  constructor(model: ModelFiles, network: WholePictureNetwork) {
    this.#model = model;
    this.#network = network;
  }

  async estimate(frame: VideoFrame, options: EstimateOptions = {}): Promise<readonly PersonPose[]> {
    const { score, nms = DEFAULT_NMS } = this.#model.entry.adapter;
    const limits = estimateLimits(options, score ?? DEFAULT_SCORE);
    const choice = { minScore: limits.score, maxIou: nms, maxBoxes: limits.maxPeople };
    const feeds = choiceFeeds(choice, 'nms');
    const { outputs, placement } = await this.#network.run(frame, feeds, { signal: options.signal });
    return bestPeople(peopleOf(outputs, placement, frame), limits);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#network[Symbol.asyncDispose]();
  }
}

function peopleOf(
  outputs: Readonly<Record<string, InlineTensor>>,
  placement: Placement,
  frame: VideoFrame,
): PersonPose[] {
  const scores = outputs[chosen.scores]?.data as Float32Array;
  const boxes = outputs[chosen.boxes]?.data as Float32Array;
  const points = outputs[KEYPOINTS]?.data as Float32Array;
  return Array.from(scores, (score, i) => {
    const keypoints = Array.from({ length: 17 }, (_, k): Keypoint => {
      const [atX = 0, atY = 0, sure = 0] = points.subarray((17 * i + k) * 3, (17 * i + k + 1) * 3);
      const { x, y } = toPicture(placement, atX, atY);
      return [x, y, sure];
    });
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(4 * i, 4 * i + 4);
    const [from, to] = [toPicture(placement, x1, y1), toPicture(placement, x2, y2)];
    return { score, box: clipBox([from.x, from.y, to.x, to.y], frame) ?? boxOfKeypoints(keypoints, frame), keypoints };
  });
}
