import { VitascopeError } from '../../pipeline/errors.js';
import type { ModelContract } from '../model-contract.js';
import { describeTensor, type TensorSpec } from '../tensor.js';
import type { CatalogContract, CatalogTensor } from './catalog-entry.js';

/**
 * Finds the tensors of a catalog entry in a real file: by name, and by position where the entry does not know the name. The result has
 * names, types and shapes as in the file, in the order of the entry, so that adapters go by position only.
 *
 * Sizes that the entry leaves open and the file fixes are fine: look at the shapes of the result.
 *
 * @param who Who asks, for the message.
 * @throws VitascopeError `MODEL_INVALID` that names the first difference.
 */
export function bindContract(who: string, expected: CatalogContract, actual: ModelContract): ModelContract {
  if (expected.moreInputs !== true && actual.inputs.length !== expected.inputs.length) {
    throw new VitascopeError(
      'MODEL_INVALID',
      `${who}: the model must have ${expected.inputs.length} inputs, it has ${names(actual.inputs)}`,
      { context: { expected: expected.inputs.length, got: actual.inputs.length } },
    );
  }
  return {
    inputs: bindAll(who, 'input', expected.inputs, actual.inputs),
    outputs: bindAll(who, 'output', expected.outputs, actual.outputs),
  };
}

function bindAll(
  who: string,
  side: 'input' | 'output',
  expected: readonly CatalogTensor[],
  actual: readonly TensorSpec[],
): TensorSpec[] {
  return expected.map((tensor, position) => {
    const found = tensor.name === '?' ? actual[position] : actual.find(({ name }) => name === tensor.name);
    if (found !== undefined && agrees(tensor, found)) return found;
    const wanted = tensor.name === '?' ? `${side} ${position + 1}` : `${side} "${tensor.name}"`;
    const got = found === undefined ? `only ${names(actual)}` : `"${found.name}" ${describeTensor(found)}`;
    throw new VitascopeError(
      'MODEL_INVALID',
      `${who}: ${wanted} must be ${describeTensor(tensor)}, the model has ${got}`,
      {
        context: { [side]: tensor.name, expected: describeTensor(tensor), got },
      },
    );
  });
}

function agrees(expected: CatalogTensor, actual: TensorSpec): boolean {
  if (expected.type !== '?' && expected.type !== actual.type) return false;
  if (actual.shape.length === 0) return true;
  if (expected.shape.length !== actual.shape.length) return false;
  return expected.shape.every((size, axis) => {
    const given = actual.shape[axis];
    return typeof size === 'string' || typeof given === 'string' || size === given;
  });
}

function names(specs: readonly TensorSpec[]): string {
  return specs.length === 0 ? 'none' : specs.map(({ name }) => `"${name}"`).join(', ');
}
