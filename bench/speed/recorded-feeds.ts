import type { InferencePool } from '../../models/inference-pool.js';
import type { InferenceResult, LoadedModel, RunOptions } from '../../models/loaded-model.js';
import type { ModelSource } from '../../models/model-source.js';
import {
  arrayOver,
  elementCount,
  isShared,
  type Tensor,
  type TensorArray,
  type TensorType,
} from '../../models/tensor.js';
import type { OutputTargets } from '../../models/tensor-check.js';
import { colorize } from '../../operators/colorize/colorize.js';
import { consumeFrames, takeFrames } from '../../pipeline/index.js';
import { openFile } from '../../streams/file/open-file.js';

/** What one graph of a model was fed for one frame. */
export interface RecordedGraph {
  readonly id: string;
  readonly path: string;
  readonly feeds: readonly {
    readonly name: string;
    readonly type: TensorType;
    readonly shape: readonly number[];
    readonly data: TensorArray;
  }[];
}

/** Enough that every graph has run on a frame with a predecessor. */
const FRAMES = 8;

/** Runs `colorize` with its defaults on the first frames of a film and keeps what its graphs were last fed, in the order of their first use. */
export async function recordFeeds(film: string, pool: InferencePool): Promise<readonly RecordedGraph[]> {
  const recorder = new RecordingPool(pool);
  const { video } = await openFile(film);
  await consumeFrames(video.pipe(takeFrames(FRAMES), colorize({ pool: recorder })), async () => undefined);
  return [...recorder.graphs.values()];
}

class RecordingPool implements Pick<InferencePool, 'load' | 'workers'> {
  readonly graphs = new Map<string, RecordedGraph>();
  readonly #pool: InferencePool;

  constructor(pool: InferencePool) {
    this.#pool = pool;
  }

  get workers(): number {
    return this.#pool.workers;
  }

  async load(source: ModelSource): Promise<LoadedModel> {
    return new RecordingModel(await this.#pool.load(source), (feeds) => {
      this.graphs.set(source.id, { id: source.id, path: source.path, feeds: copies(feeds) });
    });
  }
}

class RecordingModel implements LoadedModel {
  readonly #model: LoadedModel;
  readonly #record: (feeds: Readonly<Record<string, Tensor>>) => void;

  constructor(model: LoadedModel, record: (feeds: Readonly<Record<string, Tensor>>) => void) {
    this.#model = model;
    this.#record = record;
  }

  get id() {
    return this.#model.id;
  }
  get inputs() {
    return this.#model.inputs;
  }
  get outputs() {
    return this.#model.outputs;
  }
  get intermediates() {
    return this.#model.intermediates;
  }
  get batches() {
    return this.#model.batches;
  }
  get loadMs() {
    return this.#model.loadMs;
  }
  get warmupMs() {
    return this.#model.warmupMs;
  }

  run<const Targets extends OutputTargets>(
    feeds: Readonly<Record<string, Tensor>>,
    options?: RunOptions<Targets>,
  ): Promise<InferenceResult<Targets>> {
    this.#record(feeds);
    return this.#model.run(feeds, options);
  }

  metrics() {
    return this.#model.metrics();
  }
  close() {
    return this.#model.close();
  }
  [Symbol.asyncDispose]() {
    return this.close();
  }
}

function copies(feeds: Readonly<Record<string, Tensor>>): RecordedGraph['feeds'] {
  return Object.entries(feeds).map(([name, tensor]) => {
    const { type, shape } = tensor;
    if (!isShared(tensor)) return { name, type, shape, data: tensor.data.slice() };
    const data = arrayOver(type, tensor.buffer, tensor.byteOffset, elementCount(shape));
    // The runtime takes no shared memory.
    return { name, type, shape, data: new (data.constructor as new (from: TensorArray) => TensorArray)(data) };
  });
}
