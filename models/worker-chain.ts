import { VitascopeError } from '../pipeline/errors.js';
import { type ChainPlan, lastWith, neededOutputs, planChain, type StageInterface } from './chain-plan.js';
import { deliverOutputs, type Outcome } from './deliver-outputs.js';
import { discardBuffers } from './discard-buffers.js';
import type { GraphStage } from './graph-stage.js';
import { describeTensor, type InlineTensor, type TensorSpec } from './tensor.js';
import type { OutputTargets } from './tensor-check.js';
import type { SessionOrder } from './worker-protocol.js';
import { type NativeTensor, type NativeTensors, WorkerSession } from './worker-session.js';

/** A pass through the graphs: what came out, and the time in the runtime, milliseconds. */
export interface ChainPass {
  readonly outcome: (name: string) => Outcome;
  readonly modelMs: number;
  /** The part of it in the model's own graph. */
  readonly coreMs: number;
}

/** A model inside a worker thread, with the graphs that run before and after it. */
export class WorkerChain {
  readonly label: string;
  readonly plan: ChainPlan;
  readonly #sessions: readonly WorkerSession[];
  /** Which of the sessions is the model's own. */
  readonly #core: number;
  /** By the names of targets, which outputs each stage has to give. */
  readonly #needed = new Map<string, readonly (readonly string[])[]>();

  private constructor(order: SessionOrder, sessions: readonly WorkerSession[]) {
    this.label = order.label;
    this.#sessions = sessions;
    this.#core = order.before.length;
    const ids = [...order.before.map(({ id }) => id), order.label, ...order.after.map(({ id }) => id)];
    const stages = sessions.map(({ inputs, outputs }, at): StageInterface => ({ id: ids[at] ?? '', inputs, outputs }));
    this.plan = planChain(order.label, stages);
  }

  /**
   * Loads a model and its stages.
   *
   * @throws VitascopeError `MODEL_INVALID`; `OPTION_INVALID` when an execution provider is unknown.
   */
  static async create(order: SessionOrder): Promise<WorkerChain> {
    const sessions: WorkerSession[] = [];
    const settings = { ...order.settings, executionProviders: ['cpu'] };
    const addStages = async (stages: readonly GraphStage[]): Promise<void> => {
      for (const { id, model } of stages) {
        sessions.push(await WorkerSession.create(`${order.label}, stage ${id}`, model, settings));
      }
    };
    try {
      await addStages(order.before);
      sessions.push(await WorkerSession.create(order.label, order.path, order.settings));
      await addStages(order.after);
      return new WorkerChain(order, sessions);
    } catch (error) {
      await Promise.all(sessions.map((session) => session.release()));
      throw error;
    }
  }

  /**
   * Runs what is needed for the outputs `names`, hands them to `take`, and gives their memory back; what `take` returns
   * of it inline is kept.
   *
   * @throws VitascopeError `INFERENCE_FAILED`, and what `take` throws.
   */
  async pass<T extends { readonly outputs: Readonly<Record<string, InlineTensor>> }>(
    feeds: NativeTensors,
    names: readonly string[],
    take: (pass: ChainPass) => T,
  ): Promise<T> {
    const produced: NativeTensors[] = [];
    const kept = new Set<ArrayBufferLike>();
    try {
      const times = await this.#runStages(feeds, names, produced);
      const outcome = (name: string): Outcome => produced[lastWith(this.plan.stages, name)]?.[name] as NativeTensor;
      const taken = take({ outcome, ...times });
      for (const { data } of Object.values(taken.outputs)) kept.add(data.buffer);
      return taken;
    } finally {
      const buffers = produced.flatMap((tensors) => Object.values(tensors).map(({ data }) => data.buffer));
      discardBuffers(buffers.filter((buffer) => !kept.has(buffer)));
    }
  }

  /** {@link pass} with outputs to where they are wanted. */
  async run(
    feeds: NativeTensors,
    targets: OutputTargets,
  ): Promise<{ outputs: Record<string, InlineTensor>; modelMs: number; coreMs: number }> {
    return this.pass(feeds, Object.keys(targets), ({ outcome, modelMs, coreMs }) => ({
      outputs: deliverOutputs(this.label, outcome, targets),
      modelMs,
      coreMs,
    }));
  }

  async release(): Promise<void> {
    for (const session of this.#sessions) await session.release();
  }

  async #runStages(
    feeds: NativeTensors,
    names: readonly string[],
    produced: NativeTensors[],
  ): Promise<{ modelMs: number; coreMs: number }> {
    let [modelMs, coreMs] = [0, 0];
    for (const [at, wanted] of this.#neededFor(names).entries()) {
      if (wanted.length === 0) {
        produced.push({});
        continue;
      }
      const session = this.#sessions[at] as WorkerSession;
      const { results, ms } = await session.run(this.#stageFeeds(at, feeds, produced), wanted);
      produced.push(results);
      modelMs += ms;
      if (at === this.#core) coreMs = ms;
    }
    return { modelMs, coreMs };
  }

  #neededFor(names: readonly string[]): readonly (readonly string[])[] {
    const key = names.join('\n');
    const needed = this.#needed.get(key) ?? neededOutputs(this.plan, names);
    this.#needed.set(key, needed);
    return needed;
  }

  #stageFeeds(at: number, feeds: NativeTensors, produced: readonly NativeTensors[]): NativeTensors {
    const own: Record<string, NativeTensor> = {};
    for (const spec of this.plan.stages[at]?.inputs ?? []) {
      const giver = this.plan.links[at]?.get(spec.name);
      const tensor = giver === undefined ? feeds[spec.name] : produced[giver]?.[spec.name];
      if (tensor === undefined) continue;
      if (giver !== undefined) this.#checkPassed(giver, at, spec, tensor);
      own[spec.name] = tensor;
    }
    return own;
  }

  /** Sizes that only the run tells: what a stage gives must be what the next one takes. */
  #checkPassed(giver: number, taker: number, spec: TensorSpec, { type, dims }: NativeTensor): void {
    const { shape } = spec;
    const fits = dims.length === shape.length && shape.every((size, i) => typeof size === 'string' || size === dims[i]);
    if (type === spec.type && (fits || shape.length === 0)) return;
    const [from, to] = [this.plan.stages[giver]?.id, this.plan.stages[taker]?.id];
    throw new VitascopeError(
      'INFERENCE_FAILED',
      `model ${this.label}: "${from}" gave "${spec.name}" as ${describeTensor({ type, shape: dims })}, "${to}" expects ${describeTensor(spec)}`,
      { context: { tensor: spec.name, from, to } },
    );
  }
}
