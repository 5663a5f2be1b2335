import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { ModelContract } from '../../model-contract.js';
import type { GraphStage } from '../../model-source.js';
import type { InlineTensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { type Box, cropFeeds, cropStage } from './crop-stage.js';
import { imageParameters } from './image-parameters.js';
import { imageSelfTest } from './image-self-test.js';
import { imageInput, inputSize } from './input-size.js';
import type { Size } from './letterbox.js';
import { PictureNetwork } from './picture-network.js';

/** The most crops a run is given where the file does not fix their number. */
const MAX_BATCH = 16;

/** What a network says of one crop: its part of an output, without the batch axis. */
export type CropOutputs = Readonly<Record<string, Float32Array>>;

/** A network that looks at pieces of a picture. Any number of them may be asked about; how many go into a run is settled here. */
export class CropNetwork implements AsyncDisposable {
  /** Pixels of a crop. */
  readonly size: Size;
  readonly #network: PictureNetwork;
  readonly #batch: number | undefined;

  private constructor(size: Size, network: PictureNetwork, batch: number | undefined) {
    this.size = size;
    this.#network = network;
    this.#batch = batch;
  }

  /**
   * @param after Stages whose float32 outputs have the batch as their first axis.
   * @throws VitascopeError `MODEL_INVALID`; what `InferencePool.load` throws.
   */
  static async open(
    who: string,
    model: ModelFiles,
    pool: AdapterPool,
    tensors: ModelContract,
    after: readonly GraphStage[],
    outside: number | 'edge',
  ): Promise<CropNetwork> {
    const { adapter } = model.entry;
    const input = imageInput(who, tensors.inputs[0], adapter);
    const { format } = imageParameters(who, adapter, input.spec.type);
    const size = inputSize(who, input, adapter);
    const before = (planes: 'uint8' | 'uint16'): Uint8Array =>
      cropStage({ ...format, size, outside, output: input.spec.name, planes });
    const network = await PictureNetwork.open(
      model,
      pool,
      { before, after, selfTest: imageSelfTest(input.spec, adapter) },
      input.batch === undefined,
    );
    return new CropNetwork(size, network, input.batch);
  }

  /**
   * Runs on pieces of a frame, which stays the caller's. Pieces are stretched to {@link size}.
   *
   * @returns For each box, in order.
   * @throws VitascopeError what `LoadedModel.run` throws.
   */
  async run(frame: VideoFrame, boxes: readonly Box[], signal?: AbortSignal): Promise<readonly CropOutputs[]> {
    const batches: Promise<readonly CropOutputs[]>[] = [];
    const step = this.#batch ?? MAX_BATCH;
    for (let from = 0; from < boxes.length; from += step) {
      batches.push(this.#runBatch(frame, boxes.slice(from, from + step), signal));
    }
    // Not before the last one has settled, since the frame is the caller's again from then on.
    const settled = await Promise.allSettled(batches);
    return settled.flatMap((batch) => {
      if (batch.status === 'rejected') throw batch.reason;
      return batch.value;
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#network[Symbol.asyncDispose]();
  }

  async #runBatch(frame: VideoFrame, boxes: readonly Box[], signal: AbortSignal | undefined): Promise<CropOutputs[]> {
    const count = this.#batch ?? boxes.length;
    const filled = Array.from({ length: count }, (_, i) => boxes[Math.min(i, boxes.length - 1)] as Box);
    const outputs = await this.#network.run(frame, cropFeeds(filled, this.size), { signal });
    return boxes.map((_, i) =>
      Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, row(tensor, i, count)])),
    );
  }
}

function row({ data }: InlineTensor, index: number, count: number): Float32Array {
  const length = data.length / count;
  return (data as Float32Array).slice(index * length, (index + 1) * length);
}
