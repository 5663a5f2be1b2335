import { VitascopeError } from '../../../pipeline/errors.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { GraphBuilder } from '../../onnx/graph-builder.js';
import type { InlineTensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { clipBox } from '../picture/crop-stage.js';
import { type ImageParameters, imageParameters } from '../picture/image-parameters.js';
import { imageSelfTest } from '../picture/image-self-test.js';
import { imageInput, inputSize } from '../picture/input-size.js';
import { type Placement, placementFeeds, type Size, toPicture } from '../picture/letterbox.js';
import { modelTensors } from '../picture/model-tensors.js';
import { PictureNetwork } from '../picture/picture-network.js';
import { pictureStage } from '../picture/picture-stage.js';
import { placeFrame } from '../picture/place-frame.js';
import { unknownFamily } from '../unknown-family.js';
import type { DecoderContext, DetectorFamily } from './candidates.js';
import { choiceFeeds, chooseDetections, chosen } from './choose.js';
import type { Detection, DetectOptions, Detector } from './detector.js';
import { detr } from './detr.js';
import { fastestdet } from './fastestdet.js';
import { detectorLabels } from './labels.js';
import { rtmdet } from './rtmdet.js';
import { ssdRfb } from './ssd-rfb.js';
import { yolox } from './yolox.js';

/** Decoders by family of the catalog. */
export const detectorFamilies: Readonly<Record<string, DetectorFamily>> = {
  yolox,
  fastestdet,
  rtmdet,
  detr,
  'ssd-rfb': ssdRfb,
};

const DEFAULT_SCORE = 0.3;
const DEFAULT_NMS = 0.45;
const DEFAULT_MAX_RESULTS = 100;

/**
 * Loads a model that finds things in pictures. Letterboxing, decoding and the choice of boxes run as graphs beside the network.
 *
 * @throws VitascopeError `MODEL_INVALID` for a family that is no detector, and for a file that does not fit its family; what
 * `InferencePool.load` throws.
 * @example
 * await using detector = await openDetector(model, pool);
 * for (const { name, score, box } of await detector.detect(frame, { score: 0.5 })) console.log(name, score, box);
 */
export async function openDetector(model: ModelFiles, pool: AdapterPool): Promise<Detector> {
  const who = `openDetector(${model.id})`;
  const { family: name, adapter } = model.entry;
  const family = Object.hasOwn(detectorFamilies, name) ? detectorFamilies[name] : undefined;
  if (family === undefined) throw unknownFamily(who, model, Object.keys(detectorFamilies));
  const tensors = await modelTensors(who, model);
  const input = imageInput(who, tensors.inputs[0], adapter);
  const image = imageParameters(who, adapter, input.spec.type);
  const canvas = inputSize(who, input, adapter);
  const context: DecoderContext = { who, tensors, adapter, canvas };
  const network = await PictureNetwork.open(model, pool, {
    before: (planes) => pictureStage({ ...image.format, ...image, output: input.spec.name, planes }),
    after: [{ id: `${name} detections`, model: decoderStage(family, context) }],
    selfTest: imageSelfTest(input.spec, adapter),
  });
  return new NetworkDetector(network, family, context, image);
}

function decoderStage(family: DetectorFamily, context: DecoderContext): Uint8Array {
  const graph = new GraphBuilder('detections');
  chooseDetections(graph, family.decode(graph, context), family.choice);
  return graph.build();
}

class NetworkDetector implements Detector {
  readonly labels: readonly string[];
  readonly #network: PictureNetwork;
  readonly #family: DetectorFamily;
  readonly #context: DecoderContext;
  readonly #image: ImageParameters;

  constructor(network: PictureNetwork, family: DetectorFamily, context: DecoderContext, image: ImageParameters) {
    this.labels = detectorLabels(context.adapter, family.classes(context));
    this.#network = network;
    this.#family = family;
    this.#context = context;
    this.#image = image;
  }

  async detect(frame: VideoFrame, options: DetectOptions = {}): Promise<readonly Detection[]> {
    const { adapter, canvas } = this.#context;
    const { score = adapter.score ?? DEFAULT_SCORE, nms = adapter.nms ?? DEFAULT_NMS } = options;
    const maxResults = options.maxResults ?? DEFAULT_MAX_RESULTS;
    checkOptions(score, nms, maxResults);
    const placement = placeFrame(frame, canvas, this.#image.fit);
    const choice = choiceFeeds({ minScore: score, maxIou: nms, maxBoxes: maxResults }, this.#family.choice);
    const feeds = { ...placementFeeds(placement), ...choice };
    const outputs = await this.#network.run(frame, feeds, { signal: options.signal });
    return this.#detections(outputs, placement, frame)
      .filter((detection) => detection.score >= score)
      .sort((a, b) => b.score - a.score)
      .slice(0, maxResults);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#network[Symbol.asyncDispose]();
  }

  #detections(outputs: Readonly<Record<string, InlineTensor>>, placement: Placement, frame: Size): Detection[] {
    const boxes = outputs[chosen.boxes]?.data as Float32Array;
    const scores = outputs[chosen.scores]?.data as Float32Array;
    const classes = outputs[chosen.classes]?.data as BigInt64Array;
    const unit = this.#family.units === 'pixels' ? { width: 1, height: 1 } : this.#context.canvas;
    return Array.from(scores).flatMap((score, i) => {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(4 * i, 4 * i + 4);
      const from = toPicture(placement, x1 * unit.width, y1 * unit.height);
      const to = toPicture(placement, x2 * unit.width, y2 * unit.height);
      const box = clipBox([from.x, from.y, to.x, to.y], frame);
      const label = Number(classes[i]);
      return box === undefined ? [] : { box, score, label, name: this.labels[label] ?? `class ${label}` };
    });
  }
}

function checkOptions(score: number, nms: number, maxResults: number): void {
  const wrong = (name: string, expected: string, got: number): VitascopeError =>
    new VitascopeError('OPTION_INVALID', `detect: ${name} must be ${expected}, got ${got}`, {
      context: { [name]: got },
    });
  if (!(score >= 0 && score <= 1)) throw wrong('score', 'between 0 and 1', score);
  if (!(nms >= 0 && nms <= 1)) throw wrong('nms', 'between 0 and 1', nms);
  if (!Number.isInteger(maxResults) || maxResults < 1)
    throw wrong('maxResults', 'an integer of at least 1', maxResults);
}
