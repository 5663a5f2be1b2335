import type { ModelContract } from '../../model-contract.js';
import { GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import type { Detector } from '../detect/detector.js';
import { CropNetwork, type CropOutputs } from '../picture/crop-network.js';
import { imageParameters } from '../picture/image-parameters.js';
import { modelTensors, outputAt } from '../picture/model-tensors.js';
import type { Keypoint, PoseEstimator } from './pose-estimator.js';
import { TopDownEstimator } from './top-down.js';

const KEYPOINTS = 'rtmpose.keypoints';
const PADDING = 1.25;
const DEFAULT_SCORE = 0.3;

/**
 * RTMPose: one crop for each person; coordinates are classes (SimCC).
 *
 * @throws VitascopeError `MODEL_INVALID`; what `InferencePool.load` throws.
 * @see Jiang et al. 2023, "RTMPose"; Li et al. 2022, "SimCC"
 */
export async function openRtmPose(model: ModelFiles, pool: AdapterPool, detector?: Detector): Promise<PoseEstimator> {
  const who = `openPoseEstimator(${model.id})`;
  const { adapter } = model.entry;
  const tensors = await modelTensors(who, model);
  const split = typeof adapter.simccSplit === 'number' ? adapter.simccSplit : 2;
  const after = [{ id: 'SimCC', model: simccStage(who, tensors, split) }];
  const { pad } = imageParameters(who, adapter);
  const network = await CropNetwork.open(who, model, pool, tensors, after, pad);
  const padding = typeof adapter.boxPadding === 'number' ? adapter.boxPadding : PADDING;
  const score = adapter.score ?? DEFAULT_SCORE;
  return new TopDownEstimator({ padding, score, keypoints }, network, detector);
}

function keypoints(outputs: CropOutputs): readonly Keypoint[] {
  const values = outputs[KEYPOINTS] ?? new Float32Array();
  return Array.from({ length: values.length / 3 }, (_, i): Keypoint => {
    const [x = 0, y = 0, score = 0] = values.subarray(3 * i, 3 * i + 3);
    return [x, y, score];
  });
}

/** Scores of x `[N, K, w·split]` and of y `[N, K, h·split]` → `[N, K, 3]`: x and y, 0–1 over the crop, and the mean of both maxima. */
function simccStage(who: string, tensors: ModelContract, split: number): Uint8Array {
  const graph = new GraphBuilder('simcc');
  const axis = (position: number, meaning: string): { at: Value; peak: Value } => {
    const { name, type } = outputAt(who, tensors, position, meaning);
    const input = graph.input(name, type, ['N', 'K', `${meaning} bins`]);
    const scores = type === 'float32' ? input : graph.cast(input, 'float32');
    const bins = graph.cast(graph.node('Shape', [scores], { start: 2, end: 3 }), 'float32');
    const best = graph.cast(graph.node('ArgMax', [scores], { axis: 2, keepdims: 1 }), 'float32');
    // Bin n of split s stands for pixel n / s, whose centre is half a pixel further.
    const centre = graph.node('Add', [best, graph.scalar(0.5 * split)]);
    return {
      at: graph.node('Div', [centre, bins]),
      peak: graph.node('ReduceMax', [scores, graph.ints([1], [2])], { keepdims: 1 }),
    };
  };
  const [x, y] = [axis(0, 'scores of x'), axis(1, 'scores of y')];
  const mean = graph.node('Mul', [graph.node('Add', [x.peak, y.peak]), graph.scalar(0.5)]);
  const score = graph.node('Clip', [mean, graph.scalar(0), graph.scalar(1)]);
  graph.output(KEYPOINTS, graph.node('Concat', [x.at, y.at, score], { axis: 2 }), 'float32', ['N', 'K', 3]);
  return graph.build();
}
