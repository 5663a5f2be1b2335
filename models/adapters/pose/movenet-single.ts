import { GraphBuilder } from '../../onnx/graph-builder.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import type { Detector } from '../detect/detector.js';
import { CropNetwork } from '../picture/crop-network.js';
import { imageParameters } from '../picture/image-parameters.js';
import { modelTensors, outputAt } from '../picture/model-tensors.js';
import type { Keypoint, PoseEstimator } from './pose-estimator.js';
import { TopDownEstimator } from './top-down.js';

const KEYPOINTS = 'movenet.keypoints';
/** Measured with RTMDet-nano on 115 labelled people of COCO: average precision 0.43, and 0.38 with the usual 1.25. */
const PADDING = 1;
const DEFAULT_SCORE = 0.1;

/**
 * MoveNet for one person, on a square crop of each person where boxes are known.
 *
 * @throws VitascopeError `MODEL_INVALID`; what `InferencePool.load` throws.
 */
export async function openMoveNetSingle(
  model: ModelFiles,
  pool: AdapterPool,
  detector?: Detector,
): Promise<PoseEstimator> {
  const who = `openPoseEstimator(${model.id})`;
  const { adapter } = model.entry;
  const tensors = await modelTensors(who, model);
  const { name, type } = outputAt(who, tensors, 0, '[1, 1, 17, 3]');
  const graph = new GraphBuilder('keypoints');
  const output = graph.input(name, type, ['N', 1, 17, 3]);
  graph.output(KEYPOINTS, type === 'float32' ? output : graph.cast(output, 'float32'), 'float32', ['N', 1, 17, 3]);
  const after = [{ id: 'key points', model: graph.build() }];
  const { pad } = imageParameters(who, adapter);
  const network = await CropNetwork.open(who, model, pool, tensors, after, pad);
  const padding = typeof adapter.boxPadding === 'number' ? adapter.boxPadding : PADDING;
  const score = adapter.score ?? DEFAULT_SCORE;
  const keypoints = (outputs: Readonly<Record<string, Float32Array>>): readonly Keypoint[] =>
    yxScores(outputs[KEYPOINTS]);
  return new TopDownEstimator({ padding, score, keypoints }, network, detector);
}

/** y, x, score of each key point in a row → key points. */
export function yxScores(values: Float32Array = new Float32Array()): Keypoint[] {
  return Array.from({ length: 17 }, (_, i): Keypoint => {
    const [y = 0, x = 0, score = 0] = values.subarray(3 * i, 3 * i + 3);
    return [x, y, score];
  });
}
