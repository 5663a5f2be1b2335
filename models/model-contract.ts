import { VitascopeError } from '../pipeline/errors.js';
import { describeTensor, type TensorSpec } from './tensor.js';

/**
 * What an operator counts on. For an input, a number means "I feed this size" and a symbol "I feed any size"; for an
 * output, a number means "I read this size" and a symbol "any size suits me". The model may have further outputs, but no
 * further inputs.
 */
export interface ModelContract {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/**
 * Compares a model with what its user counts on.
 *
 * @throws VitascopeError `MODEL_INVALID` that names the first difference.
 */
export function checkContract(
  who: string,
  contract: ModelContract,
  model: ModelContract & { readonly intermediates?: readonly TensorSpec[] },
): void {
  for (const expected of contract.inputs) compare(who, 'input', expected, model.inputs);
  const outputs = [...model.outputs, ...(model.intermediates ?? [])];
  for (const expected of contract.outputs) compare(who, 'output', expected, outputs);
  for (const spec of model.inputs) {
    if (contract.inputs.some((expected) => expected.name === spec.name)) continue;
    throw new VitascopeError('MODEL_INVALID', `${who}: the contract has no input "${spec.name}", the model needs one`, {
      context: { input: spec.name },
    });
  }
}

function compare(who: string, side: 'input' | 'output', expected: TensorSpec, specs: readonly TensorSpec[]): void {
  const actual = specs.find((spec) => spec.name === expected.name);
  if (actual !== undefined && actual.type === expected.type && shapesAgree(side, expected.shape, actual.shape)) return;
  const got =
    actual === undefined ? `only ${specs.map((spec) => `"${spec.name}"`).join(', ')}` : describeTensor(actual);
  throw new VitascopeError(
    'MODEL_INVALID',
    `${who}: ${side} "${expected.name}" must be ${describeTensor(expected)}, the model has ${got}`,
    { context: { [side]: expected.name, expected: describeTensor(expected), got } },
  );
}

function shapesAgree(
  side: 'input' | 'output',
  expected: readonly (number | string)[],
  actual: readonly (number | string)[],
): boolean {
  if (actual.length === 0) return true;
  if (actual.length !== expected.length) return false;
  return expected.every((size, axis) => {
    const given = actual[axis];
    if (typeof given === 'string' || size === given) return true;
    return side === 'output' && typeof size === 'string';
  });
}
