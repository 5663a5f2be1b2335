import { VitascopeError } from '../../../pipeline/errors.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { LoadedModel } from '../../loaded-model.js';
import type { GraphStage } from '../../model-source.js';
import type { SelfTest } from '../../providers/self-test.js';
import type { InlineTensor, Tensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { type PlaneType, pictureFeeds, planeTypeOf } from './picture-input.js';

/** The graphs around a network that looks at pictures. */
export interface PictureNetworkStages {
  /** Makes the graph before the network; it takes a picture through `pictureInput`. */
  readonly before: (planes: PlaneType) => Uint8Array;
  readonly after?: readonly GraphStage[];
  /** How the network proves an execution provider. */
  readonly selfTest?: SelfTest;
}

/** How a run of {@link PictureNetwork} is different from the simplest one. */
export interface PictureRunOptions {
  /** Names of the outputs wanted. Default: those of the last stage. */
  readonly outputs?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A network with a stage before it that takes frames as they are. That stage depends on the depth of the planes, so there is a session for
 * eight bits, and one for ten from the first such frame on.
 */
export class PictureNetwork implements AsyncDisposable {
  readonly #model: ModelFiles;
  readonly #pool: AdapterPool;
  readonly #stages: PictureNetworkStages;
  readonly #variableShapes: boolean;
  readonly #loads = new Map<PlaneType, Promise<LoadedModel>>();
  #closed = false;

  private constructor(model: ModelFiles, pool: AdapterPool, stages: PictureNetworkStages, variableShapes: boolean) {
    this.#model = model;
    this.#pool = pool;
    this.#stages = stages;
    this.#variableShapes = variableShapes;
  }

  /**
   * Loads the network with its stages for eight bits.
   *
   * @param variableShapes True when the number or size of images changes from run to run.
   * @throws VitascopeError what `InferencePool.load` throws.
   */
  static async open(
    model: ModelFiles,
    pool: AdapterPool,
    stages: PictureNetworkStages,
    variableShapes = false,
  ): Promise<PictureNetwork> {
    const network = new PictureNetwork(model, pool, stages, variableShapes);
    await network.#load('uint8');
    return network;
  }

  /**
   * Runs on one frame, which stays the caller's and must stay open until the promise settles.
   *
   * @param feeds What the stages need beside the picture.
   * @throws VitascopeError what `LoadedModel.run` throws; `MODEL_NOT_FOUND` after the network was disposed.
   */
  async run(
    frame: VideoFrame,
    feeds: Readonly<Record<string, Tensor>>,
    { outputs, signal }: PictureRunOptions = {},
  ): Promise<Readonly<Record<string, InlineTensor>>> {
    if (this.#closed) throw new VitascopeError('MODEL_NOT_FOUND', `model ${this.#model.id} has been closed`);
    const model = await this.#load(planeTypeOf(frame));
    const targets = outputs && Object.fromEntries(outputs.map((name) => [name, 'inline' as const]));
    const result = await model.run({ ...pictureFeeds(frame), ...feeds }, { outputs: targets, signal });
    return result.outputs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const loads = [...this.#loads.values()];
    this.#loads.clear();
    const models = await Promise.allSettled(loads);
    await Promise.all(models.map((model) => (model.status === 'fulfilled' ? model.value.close() : undefined)));
  }

  #load(planes: PlaneType): Promise<LoadedModel> {
    const known = this.#loads.get(planes);
    if (known !== undefined) return known;
    const { path, sha256 } = this.#model.file();
    const { before, after = [], selfTest } = this.#stages;
    const load = this.#pool.load(
      {
        id: this.#model.id,
        path,
        ...(sha256 === undefined ? {} : { sha256 }),
        before: [{ id: `picture of ${planes}`, model: before(planes) }],
        after,
        ...(selfTest === undefined ? {} : { selfTest }),
      },
      { session: { variableShapes: this.#variableShapes } },
    );
    this.#loads.set(planes, load);
    load.catch(() => {
      if (this.#loads.get(planes) === load) this.#loads.delete(planes);
    });
    return load;
  }
}
