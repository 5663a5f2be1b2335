import { asVitascopeError, VitascopeError } from '../pipeline/errors.js';
import type { BatchAxis } from './batch-axis.js';
import { deliverOutputs, type Outcome } from './deliver-outputs.js';
import { InputScratch } from './input-scratch.js';
import {
  arrayOver,
  bytesPerElement,
  elementCount,
  type InlineTensor,
  inlineTensor,
  isShared,
  type Tensor,
  type TensorSpec,
} from './tensor.js';
import { type ChainPass, WorkerChain } from './worker-chain.js';
import type { RunMember, RunOutcome, RunReport, SessionOrder, SessionReport, WarmupSizes } from './worker-protocol.js';
import { type NativeTensor, type NativeTensors, nativeTensor } from './worker-session.js';

/** Zeros for a warm-up run may take so many bytes; a model that fixes larger inputs is not warmed up. */
const MAX_WARMUP_BYTES = 2 ** 30;

/** A loaded model in a worker: carries out requests, alone or joined, with memory that it uses again and again. */
export class WorkerModel {
  readonly report: SessionReport;
  readonly #chain: WorkerChain;
  readonly #scratch = new Map<string, InputScratch>();
  /** False once a joined run gave something else than a row for each row. */
  #keepsRows = true;

  private constructor(chain: WorkerChain, loadMs: number) {
    const { inputs, outputs, intermediates } = chain.plan;
    this.#chain = chain;
    this.report = { inputs, outputs, intermediates, loadMs };
  }

  /** @throws VitascopeError `MODEL_INVALID`; `OPTION_INVALID` when an execution provider is unknown. */
  static async create(order: SessionOrder): Promise<WorkerModel> {
    const start = performance.now();
    const chain = await WorkerChain.create(order);
    return new WorkerModel(chain, performance.now() - start);
  }

  /**
   * Carries out requests that were found to fit together. When the joined run fails, each runs alone, so that the one
   * that is to blame fails alone.
   */
  async run(
    members: readonly RunMember[],
    axis: BatchAxis | undefined,
  ): Promise<{ outcomes: readonly RunOutcome[]; joined: boolean }> {
    if (members.length > 1 && axis !== undefined && this.#keepsRows) {
      const outcomes = await this.#runJoined(members, axis).catch(() => undefined);
      if (outcomes !== undefined) return { outcomes, joined: true };
    }
    const outcomes: RunOutcome[] = [];
    for (const member of members) {
      outcomes.push(await settled(() => this.#chain.run(this.#nativeFeeds(member.feeds), member.targets)));
    }
    return { outcomes, joined: false };
  }

  /** Runs the model on zeros; undefined when not every size is known. @throws VitascopeError `MODEL_INVALID` when the run fails. */
  async warmUp(sizes: WarmupSizes): Promise<number | undefined> {
    const feeds = sizes === false ? undefined : zeroFeeds(this.report.inputs, sizes);
    if (feeds === undefined) return undefined;
    try {
      const names = this.report.outputs.map((spec) => spec.name);
      const take = ({ modelMs }: ChainPass) => ({ outputs: {}, modelMs });
      return (await this.#chain.pass(this.#nativeFeeds(feeds), names, take)).modelMs;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new VitascopeError('MODEL_INVALID', `model ${this.#chain.label}: the warm-up run failed: ${reason}`, {
        cause,
      });
    }
  }

  async release(): Promise<void> {
    await this.#chain.release();
  }

  #nativeFeeds(feeds: Readonly<Record<string, Tensor>>): NativeTensors {
    const native: Record<string, NativeTensor> = {};
    for (const { name } of this.report.inputs) {
      const tensor = feeds[name];
      if (tensor === undefined) continue;
      native[name] = isShared(tensor)
        ? this.#join(name, tensor.shape, [tensor])
        : nativeTensor(tensor.type, tensor.data, tensor.shape);
    }
    return native;
  }

  /** Tensors one after another in memory that the runtime can read. */
  #join(name: string, shape: readonly number[], tensors: readonly Tensor[]): NativeTensor {
    const scratch = this.#scratch.get(name) ?? new InputScratch();
    this.#scratch.set(name, scratch);
    const { tensor, bytes } = scratch.reserve((tensors[0] as Tensor).type, shape);
    let at = 0;
    for (const each of tensors) {
      const part = bytesOf(each);
      bytes.set(part, at);
      at += part.byteLength;
    }
    return tensor;
  }

  async #runJoined(members: readonly RunMember[], axis: BatchAxis): Promise<RunOutcome[]> {
    const [first] = members as readonly [RunMember];
    const rows = members.map(({ feeds }) => rowsOf(feeds, axis));
    const total = rows.reduce((sum, each) => sum + each, 0);
    const feeds: Record<string, NativeTensor> = {};
    for (const [name, tensor] of Object.entries(first.feeds)) {
      const batched = axis.inputs.has(name);
      const shape = batched ? [total, ...tensor.shape.slice(1)] : tensor.shape;
      const tensors = (batched ? members : [first]).map((member) => member.feeds[name] as Tensor);
      feeds[name] = this.#join(name, shape, tensors);
    }
    const names = Object.keys(first.targets);
    const { outcomes } = await this.#chain.pass(feeds, names, (pass) => ({
      outputs: {},
      outcomes: this.#split(pass, members, rows, names),
    }));
    return outcomes;
  }

  /** Gives each request its rows of the outputs, and its share of the time. */
  #split(
    pass: ChainPass,
    members: readonly RunMember[],
    rows: readonly number[],
    names: readonly string[],
  ): RunOutcome[] {
    const total = rows.reduce((sum, each) => sum + each, 0);
    const wrong = names.find((name) => pass.outcome(name).dims[0] !== total);
    if (wrong !== undefined) {
      // It would fail every time.
      this.#keepsRows = false;
      throw new VitascopeError(
        'INFERENCE_FAILED',
        `model ${this.#chain.label}: output "${wrong}" has not the rows of its inputs`,
      );
    }
    let from = 0;
    return members.map(({ targets }, at) => {
      const count = rows[at] ?? 0;
      const start = from;
      from += count;
      const part = (name: string): Outcome => rowsFrom(pass.outcome(name), start, count, targets[name] === 'inline');
      const [modelMs, coreMs] = [(pass.modelMs * count) / total, (pass.coreMs * count) / total];
      try {
        return { report: { outputs: deliverOutputs(this.#chain.label, part, targets), modelMs, coreMs } };
      } catch (error) {
        return failureOf(error);
      }
    });
  }
}

async function settled(run: () => Promise<RunReport>): Promise<RunOutcome> {
  try {
    return { report: await run() };
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown): RunOutcome {
  const { code, message, context } = asVitascopeError(error, 'INFERENCE_FAILED', 'inference worker');
  return { failure: { code, message, context } };
}

function rowsOf(feeds: Readonly<Record<string, Tensor>>, axis: BatchAxis): number {
  const [name = ''] = axis.inputs;
  return feeds[name]?.shape[0] ?? 0;
}

/** Some rows of a tensor; in memory of their own when they are to leave the worker. */
function rowsFrom({ type, dims, data }: Outcome, start: number, count: number, own: boolean): Outcome {
  const rest = dims.slice(1);
  const size = elementCount(rest);
  const [from, to] = [start * size, (start + count) * size];
  return { type, dims: [count, ...rest], data: own ? data.slice(from, to) : data.subarray(from, to) };
}

function bytesOf(tensor: Tensor): Uint8Array {
  if (!isShared(tensor)) return new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  return new Uint8Array(tensor.buffer, tensor.byteOffset, elementCount(tensor.shape) * bytesPerElement(tensor.type));
}

/** Zeros for every input, if every size is known. An empty shape may be a shape the file does not tell, so it counts as unknown. */
function zeroFeeds(
  inputs: readonly TensorSpec[],
  sizes: Readonly<Record<string, number>>,
): Record<string, InlineTensor> | undefined {
  const feeds: Record<string, InlineTensor> = {};
  let bytes = 0;
  for (const { name, type, shape } of inputs) {
    const known = shape.flatMap((size) => (typeof size === 'number' ? size : (sizes[size] ?? [])));
    if (shape.length === 0 || known.length < shape.length) return undefined;
    const length = elementCount(known);
    bytes += length * bytesPerElement(type);
    if (bytes > MAX_WARMUP_BYTES) return undefined;
    const data = arrayOver(type, new ArrayBuffer(length * bytesPerElement(type)), 0, length);
    feeds[name] = inlineTensor(type, known, data as never);
  }
  return feeds;
}
