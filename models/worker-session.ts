import * as ort from 'onnxruntime-node';
import { asVitascopeError, VitascopeError } from '../pipeline/errors.js';
import type { SessionSettings } from './session-settings.js';
import { isTensorType, type TensorArray, type TensorSpec, type TensorType } from './tensor.js';

/** A tensor of the runtime of a type that we know. */
export type NativeTensor = ort.Tensor & { readonly type: TensorType; readonly data: TensorArray };
/** Tensors by name. */
export type NativeTensors = Readonly<Record<string, NativeTensor>>;

/** A tensor for the runtime over `data`, which must not be shared memory: the binding refuses that. */
export function nativeTensor(type: TensorType, data: TensorArray, shape: readonly number[]): NativeTensor {
  return new ort.Tensor(type, data, shape) as NativeTensor;
}

/** One graph inside a worker thread. */
export class WorkerSession {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly #label: string;
  readonly #session: ort.InferenceSession;

  private constructor(label: string, session: ort.InferenceSession) {
    this.#label = label;
    this.#session = session;
    this.inputs = session.inputMetadata.map((metadata) => toSpec(label, 'input', metadata));
    this.outputs = session.outputMetadata.map((metadata) => toSpec(label, 'output', metadata));
  }

  /**
   * Loads a graph from a file, or from the bytes of one.
   *
   * @throws VitascopeError `MODEL_INVALID`; `OPTION_INVALID` when an execution provider is unknown.
   */
  static async create(label: string, model: string | Uint8Array, settings: SessionSettings): Promise<WorkerSession> {
    const native = await createNative(label, model, settings);
    try {
      return new WorkerSession(label, native);
    } catch (error) {
      await native.release();
      throw error;
    }
  }

  /** The outputs of these names, in buffers of their own. @throws VitascopeError `INFERENCE_FAILED` */
  async run(feeds: NativeTensors, names: readonly string[]): Promise<{ results: NativeTensors; ms: number }> {
    const start = performance.now();
    try {
      // Outputs are not preallocated: the binding (1.30) writes into memory that it is given, and returns a copy all the same.
      const results = await this.#session.run(feeds, names);
      const ms = performance.now() - start;
      for (const name of names) this.#check(name, results[name]);
      return { results: results as NativeTensors, ms };
    } catch (error) {
      throw asVitascopeError(error, 'INFERENCE_FAILED', `model ${this.#label}`);
    }
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #check(name: string, result: ort.Tensor | undefined): void {
    if (result !== undefined && isTensorType(result.type)) return;
    throw new VitascopeError('INFERENCE_FAILED', `model ${this.#label}: the runtime returned no tensor "${name}"`);
  }
}

async function createNative(
  label: string,
  model: string | Uint8Array,
  settings: SessionSettings,
): Promise<ort.InferenceSession> {
  try {
    const options = sessionOptions(settings);
    // Two calls, since the binding tells files and bytes apart by the overload.
    return typeof model === 'string'
      ? await ort.InferenceSession.create(model, options)
      : await ort.InferenceSession.create(model, options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isOption = message.includes('sessionOptions.') || message.includes('backend not found');
    throw asVitascopeError(error, isOption ? 'OPTION_INVALID' : 'MODEL_INVALID', `model ${label}`);
  }
}

function sessionOptions(settings: SessionSettings): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [...settings.executionProviders],
    intraOpNumThreads: settings.intraOpThreads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableMemPattern: !settings.variableShapes,
    // Failures come back as errors; the runtime would print each to stderr as well.
    logSeverityLevel: 4,
    // Idle threads that spin take the cores that decoders and encoders need.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  };
}

function toSpec(label: string, side: string, metadata: ort.InferenceSession.ValueMetadata): TensorSpec {
  if (metadata.isTensor && isTensorType(metadata.type)) {
    const shape = metadata.shape.map((size) => (size === '' ? '?' : size));
    return { name: metadata.name, type: metadata.type, shape };
  }
  const kind = metadata.isTensor ? `a tensor of ${metadata.type}` : 'no tensor';
  throw new VitascopeError(
    'MODEL_INVALID',
    `model ${label}: ${side} "${metadata.name}" is ${kind}, which is not supported`,
    {
      context: { [side]: metadata.name },
    },
  );
}
