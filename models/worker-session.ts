import * as ort from 'onnxruntime-node';
import { asVitascopeError, VitascopeError } from '../pipeline/errors.js';
import type { SessionSettings } from './session-settings.js';
import {
  arrayOver,
  bytesPerElement,
  describeTensor,
  elementCount,
  formatShape,
  type InlineTensor,
  inlineTensor,
  isShared,
  isTensorType,
  type SharedTensor,
  type Tensor,
  type TensorArray,
  type TensorSpec,
  type TensorType,
} from './tensor.js';
import type { OutputTargets } from './tensor-check.js';
import type { RunReport, SessionOrder, SessionReport, WarmupSizes } from './worker-protocol.js';

/** A tensor of the runtime of a type that we know. */
type NumericTensor = ort.Tensor & { readonly type: TensorType; readonly data: TensorArray };

/** One model inside a worker thread: the native session and the memory through which shared tensors reach it. */
export class WorkerSession {
  readonly #label: string;
  readonly #session: ort.InferenceSession;
  readonly #inputs: readonly TensorSpec[];
  readonly #outputs: readonly TensorSpec[];
  /** The binding refuses shared memory, so inputs pass through these; each grows to the largest size it has seen. */
  readonly #scratch = new Map<string, ArrayBuffer>();

  private constructor(label: string, session: ort.InferenceSession) {
    this.#label = label;
    this.#session = session;
    this.#inputs = session.inputMetadata.map((metadata) => toSpec(label, 'input', metadata));
    this.#outputs = session.outputMetadata.map((metadata) => toSpec(label, 'output', metadata));
  }

  /**
   * Loads a model and warms it up.
   *
   * @throws VitascopeError `MODEL_INVALID`; `OPTION_INVALID` when an execution provider is unknown.
   */
  static async create(order: SessionOrder): Promise<{ session: WorkerSession; report: SessionReport }> {
    const start = performance.now();
    const native = await createNative(order);
    try {
      const session = new WorkerSession(order.label, native);
      const loadMs = performance.now() - start;
      const warmupMs = await session.#warmUp(order.warmup);
      return { session, report: { inputs: session.#inputs, outputs: session.#outputs, loadMs, warmupMs } };
    } catch (error) {
      await native.release();
      throw error;
    }
  }

  /** @throws VitascopeError `INFERENCE_FAILED`; `INFERENCE_INPUT` when an output does not fit its target. */
  async run(feeds: Readonly<Record<string, Tensor>>, targets: OutputTargets): Promise<RunReport> {
    const names = Object.keys(targets);
    const { results, modelMs } = await this.#runNative(this.#nativeFeeds(feeds), names);
    const outputs: Record<string, InlineTensor> = {};
    const shared: [NumericTensor, SharedTensor][] = [];
    for (const name of names) {
      const result = this.#result(results, name);
      const target = targets[name];
      if (target === 'inline' || target === undefined) outputs[name] = toInline(result);
      else shared.push([this.#fitting(result, target, name), target]);
    }
    // Only once every output fits is any target written, so that a failed run leaves the frames as they were.
    for (const [result, target] of shared) writeShared(result, target);
    return { outputs, modelMs };
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #nativeFeeds(feeds: Readonly<Record<string, Tensor>>): Record<string, ort.Tensor> {
    return Object.fromEntries(
      this.#inputs.flatMap((spec) => {
        const tensor = feeds[spec.name];
        return tensor === undefined ? [] : [[spec.name, this.#toNative(spec.name, tensor)]];
      }),
    );
  }

  #toNative(name: string, tensor: Tensor): ort.Tensor {
    if (!isShared(tensor)) return new ort.Tensor(tensor.type, tensor.data, tensor.shape);
    const length = elementCount(tensor.shape);
    const byteLength = length * bytesPerElement(tensor.type);
    const scratch = this.#scratchFor(name, byteLength);
    new Uint8Array(scratch, 0, byteLength).set(new Uint8Array(tensor.buffer, tensor.byteOffset, byteLength));
    return new ort.Tensor(tensor.type, arrayOver(tensor.type, scratch, 0, length), tensor.shape);
  }

  #scratchFor(name: string, byteLength: number): ArrayBuffer {
    const kept = this.#scratch.get(name);
    if (kept !== undefined && kept.byteLength >= byteLength) return kept;
    const grown = new ArrayBuffer(byteLength);
    this.#scratch.set(name, grown);
    return grown;
  }

  async #runNative(
    feeds: Record<string, ort.Tensor>,
    names: readonly string[],
  ): Promise<{ results: ort.InferenceSession.ReturnType; modelMs: number }> {
    const start = performance.now();
    try {
      // Outputs are not preallocated: the binding (1.30) copies them on return anyhow.
      const results = await this.#session.run(feeds, names);
      return { results, modelMs: performance.now() - start };
    } catch (error) {
      throw asVitascopeError(error, 'INFERENCE_FAILED', `model ${this.#label}`);
    }
  }

  #result(results: ort.InferenceSession.ReturnType, name: string): NumericTensor {
    const result = results[name];
    if (result !== undefined && isNumeric(result)) return result;
    throw new VitascopeError('INFERENCE_FAILED', `model ${this.#label}: the runtime returned no tensor "${name}"`);
  }

  #fitting(result: NumericTensor, target: SharedTensor, name: string): NumericTensor {
    const same = result.dims.length === target.shape.length && result.dims.every((d, i) => d === target.shape[i]);
    if (same) return result;
    throw new VitascopeError(
      'INFERENCE_INPUT',
      `InferencePool.run(${this.#label}): output "${name}" came out as ${describeTensor({ type: result.type, shape: result.dims })}, its target expects ${describeTensor(target)}`,
      { context: { output: name, target: formatShape(target.shape), got: formatShape(result.dims) } },
    );
  }

  async #warmUp(sizes: WarmupSizes): Promise<number | undefined> {
    const feeds = sizes === false ? undefined : zeroFeeds(this.#inputs, sizes);
    if (feeds === undefined) return undefined;
    try {
      const { modelMs } = await this.#runNative(
        this.#nativeFeeds(feeds),
        this.#outputs.map((spec) => spec.name),
      );
      return modelMs;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new VitascopeError('MODEL_INVALID', `model ${this.#label}: the warm-up run failed: ${reason}`, { cause });
    }
  }
}

async function createNative(order: SessionOrder): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(order.path, sessionOptions(order.settings));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isOption = message.includes('sessionOptions.') || message.includes('backend not found');
    throw asVitascopeError(error, isOption ? 'OPTION_INVALID' : 'MODEL_INVALID', `model ${order.label}`);
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

/** Zeros for every input, if every size is known. An empty shape may be a shape the file does not tell, so it counts as unknown. */
function zeroFeeds(
  inputs: readonly TensorSpec[],
  sizes: Readonly<Record<string, number>>,
): Record<string, InlineTensor> | undefined {
  const feeds: Record<string, InlineTensor> = {};
  for (const { name, type, shape } of inputs) {
    const known = shape.flatMap((size) => (typeof size === 'number' ? size : (sizes[size] ?? [])));
    if (shape.length === 0 || known.length < shape.length) return undefined;
    const length = elementCount(known);
    const data = arrayOver(type, new ArrayBuffer(length * bytesPerElement(type)), 0, length);
    feeds[name] = inlineTensor(type, known, data as never);
  }
  return feeds;
}

function isNumeric(tensor: ort.Tensor): tensor is NumericTensor {
  return isTensorType(tensor.type);
}

function toInline(result: NumericTensor): InlineTensor {
  const { buffer, byteOffset, length } = result.data;
  // A view of our own, since newer Node versions have a Float16Array and the runtime then uses it.
  const data = arrayOver(result.type, buffer, byteOffset, length);
  return { type: result.type, shape: [...result.dims], data } as InlineTensor;
}

function writeShared({ data }: NumericTensor, target: SharedTensor): void {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  new Uint8Array(target.buffer, target.byteOffset, bytes.byteLength).set(bytes);
}
