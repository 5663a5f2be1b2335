import { VitascopeError } from '../pipeline/errors.js';
import { describeTensor, type TensorSpec } from './tensor.js';

/** What one graph of a chain takes and gives. */
export interface StageInterface {
  readonly id: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** How the graphs of a chain are connected, and what it looks like from outside. */
export interface ChainPlan {
  readonly stages: readonly StageInterface[];
  /** What no stage gives: the request has to. */
  readonly inputs: readonly TensorSpec[];
  /** Outputs of the last stage. */
  readonly outputs: readonly TensorSpec[];
  /** Outputs of earlier stages, which may be asked for too; of one name, the latest. */
  readonly intermediates: readonly TensorSpec[];
  /** For each stage, which stage gives an input; those that the request gives are absent. */
  readonly links: readonly ReadonlyMap<string, number>[];
}

/**
 * Connects graphs by the names of tensors: an input is fed by the nearest earlier stage with an output of that name, or
 * else by the request.
 *
 * @throws VitascopeError `MODEL_INVALID` that names both sides where types or fixed sizes cannot agree.
 */
export function planChain(label: string, stages: readonly StageInterface[]): ChainPlan {
  const inputs = new Map<string, { stage: StageInterface; spec: TensorSpec }>();
  const links = stages.map((stage, at) => {
    const from = new Map<string, number>();
    for (const spec of stage.inputs) {
      const giver = lastWith(stages.slice(0, at), spec.name);
      if (giver >= 0) {
        checkLink(label, stages[giver] as StageInterface, stage, spec);
        from.set(spec.name, giver);
      } else {
        const known = inputs.get(spec.name);
        inputs.set(spec.name, known === undefined ? { stage, spec } : merge(label, known, stage, spec));
      }
    }
    return from;
  });
  const outputs = stages.at(-1)?.outputs ?? [];
  const earlier = stages.slice(0, -1).flatMap((stage) => stage.outputs);
  const intermediates = new Map(earlier.map((spec) => [spec.name, spec]));
  for (const { name } of outputs) intermediates.delete(name);
  return {
    stages,
    inputs: [...inputs.values()].map(({ spec }) => spec),
    outputs,
    intermediates: [...intermediates.values()],
    links,
  };
}

/** For each stage, the outputs that are needed for `targets`; a stage with none need not run. */
export function neededOutputs(
  { stages, links }: ChainPlan,
  targets: readonly string[],
): readonly (readonly string[])[] {
  const needed = stages.map(() => new Set<string>());
  for (const name of targets) needed[lastWith(stages, name)]?.add(name);
  for (let at = stages.length - 1; at > 0; at--) {
    if (needed[at]?.size === 0) continue;
    for (const [name, giver] of links[at] ?? []) needed[giver]?.add(name);
  }
  return needed.map((names) => [...names]);
}

/** The latest stage with an output of that name; -1 without one. */
export function lastWith(stages: readonly StageInterface[], output: string): number {
  return stages.findLastIndex((stage) => stage.outputs.some(({ name }) => name === output));
}

function checkLink(label: string, giver: StageInterface, taker: StageInterface, input: TensorSpec): void {
  const output = giver.outputs.find(({ name }) => name === input.name) as TensorSpec;
  if (output.type === input.type && shapesMayAgree(output.shape, input.shape)) return;
  throw new VitascopeError(
    'MODEL_INVALID',
    `model ${label}: "${giver.id}" gives "${input.name}" as ${describeTensor(output)}, "${taker.id}" expects ${describeTensor(input)}`,
    { context: { tensor: input.name, from: giver.id, to: taker.id } },
  );
}

/** Two stages take the same tensor of the request: what fixes more counts. */
function merge(
  label: string,
  known: { stage: StageInterface; spec: TensorSpec },
  stage: StageInterface,
  spec: TensorSpec,
): { stage: StageInterface; spec: TensorSpec } {
  if (known.spec.type !== spec.type || !shapesMayAgree(known.spec.shape, spec.shape)) {
    throw new VitascopeError(
      'MODEL_INVALID',
      `model ${label}: "${known.stage.id}" takes "${spec.name}" as ${describeTensor(known.spec)}, "${stage.id}" as ${describeTensor(spec)}`,
      { context: { tensor: spec.name, stages: [known.stage.id, stage.id] } },
    );
  }
  if (known.spec.shape.length === 0) return { stage: known.stage, spec };
  const shape = known.spec.shape.map((size, axis) => {
    const other = spec.shape[axis];
    return typeof size === 'string' && typeof other === 'number' ? other : size;
  });
  return { stage: known.stage, spec: { ...spec, shape } };
}

/** Sizes that are not fixed, and shapes that the file does not tell, may be anything. */
function shapesMayAgree(a: readonly (number | string)[], b: readonly (number | string)[]): boolean {
  if (a.length === 0 || b.length === 0) return true;
  if (a.length !== b.length) return false;
  return a.every((size, axis) => {
    const other = b[axis];
    return typeof size === 'string' || typeof other === 'string' || size === other;
  });
}
