import type { ModelContract } from './model-contract.js';
import type { TensorSpec } from './tensor.js';

/** Where a model has one axis for many requests. */
export interface BatchAxis {
  /** Inputs that are joined along their first axis; requests must agree in all others. */
  readonly inputs: ReadonlySet<string>;
  /** Outputs that are split along their first axis. */
  readonly outputs: ReadonlySet<string>;
}

/**
 * Finds the axis along which requests can be joined: the first of inputs and outputs, where it has the same symbol, or is
 * unknown (`?`). Nothing when no input has it, or when an output has it not. Many exporters give the axis another name in
 * each tensor; there a contract that calls it the same counts.
 */
export function batchAxis(file: ModelContract, contract?: ModelContract): BatchAxis | undefined {
  const model = {
    inputs: named(file.inputs, contract?.inputs),
    outputs: named(file.outputs, contract?.outputs),
  };
  const symbol = model.inputs.map(({ shape }) => shape[0]).find((size) => typeof size === 'string' && size !== '?');
  const isBatched = ({ shape: [first] }: TensorSpec): boolean =>
    first === '?' || (first !== undefined && first === symbol);
  const inputs = model.inputs.filter(isBatched);
  if (inputs.length === 0 || model.outputs.length === 0 || !model.outputs.every(isBatched)) return undefined;
  return {
    inputs: new Set(inputs.map(({ name }) => name)),
    outputs: new Set(model.outputs.map(({ name }) => name)),
  };
}

/** The model's tensors, with the first axis called as the contract calls it, if it may have any size. */
function named(specs: readonly TensorSpec[], wanted: readonly TensorSpec[] = []): readonly TensorSpec[] {
  return specs.map((spec) => {
    const [first, ...rest] = spec.shape;
    const name = wanted.find((other) => other.name === spec.name)?.shape[0];
    return typeof first === 'string' && typeof name === 'string' ? { ...spec, shape: [name, ...rest] } : spec;
  });
}
