import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { ModelContract } from '../../model-contract.js';
import type { GraphStage } from '../../model-source.js';
import type { InlineTensor, Tensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { type ImageParameters, imageParameters } from './image-parameters.js';
import { imageSelfTest } from './image-self-test.js';
import { type ImageInput, imageInput, inputSize } from './input-size.js';
import { type Placement, placementFeeds } from './letterbox.js';
import { PictureNetwork } from './picture-network.js';
import { pictureStage } from './picture-stage.js';
import { placeFrame } from './place-frame.js';

/** What a network that looks at whole pictures gives, and where the picture lay in its input. */
export interface PlacedResult {
  readonly outputs: Readonly<Record<string, InlineTensor>>;
  readonly placement: Placement;
}

/** A network that looks at whole pictures, which come to its size as the catalog says. */
export class WholePictureNetwork implements AsyncDisposable {
  readonly #who: string;
  readonly #model: ModelFiles;
  readonly #input: ImageInput;
  readonly #image: ImageParameters;
  readonly #network: PictureNetwork;

  private constructor(
    who: string,
    model: ModelFiles,
    input: ImageInput,
    image: ImageParameters,
    network: PictureNetwork,
  ) {
    this.#who = who;
    this.#model = model;
    this.#input = input;
    this.#image = image;
    this.#network = network;
  }

  /** @throws VitascopeError `MODEL_INVALID`; what `InferencePool.load` throws. */
  static async open(
    who: string,
    model: ModelFiles,
    pool: AdapterPool,
    tensors: ModelContract,
    after: readonly GraphStage[],
  ): Promise<WholePictureNetwork> {
    const { adapter } = model.entry;
    const input = imageInput(who, tensors.inputs[0], adapter);
    const image = imageParameters(who, adapter, input.spec.type);
    inputSize(who, input, adapter);
    const { format, pad, interpolation } = image;
    const before = (planes: 'uint8' | 'uint16'): Uint8Array =>
      pictureStage({ ...format, pad, interpolation, output: input.spec.name, planes });
    const network = await PictureNetwork.open(model, pool, {
      before,
      after,
      selfTest: imageSelfTest(input.spec, adapter),
    });
    return new WholePictureNetwork(who, model, input, image, network);
  }

  /** Where a frame lies in the input. */
  place(frame: VideoFrame): Placement {
    return placeFrame(frame, inputSize(this.#who, this.#input, this.#model.entry.adapter, frame), this.#image.fit);
  }

  /** Runs on a frame, which stays the caller's. @throws VitascopeError what `LoadedModel.run` throws. */
  async run(
    frame: VideoFrame,
    feeds: Readonly<Record<string, Tensor>>,
    options: { readonly outputs?: readonly string[] | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<PlacedResult> {
    const placement = this.place(frame);
    const outputs = await this.#network.run(frame, { ...placementFeeds(placement), ...feeds }, options);
    return { outputs, placement };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#network[Symbol.asyncDispose]();
  }
}
