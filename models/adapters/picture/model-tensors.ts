import { VitascopeError } from '../../../pipeline/errors.js';
import { bindContract } from '../../catalog/bind-contract.js';
import { inspectOnce } from '../../inspected-files.js';
import type { ModelContract } from '../../model-contract.js';
import type { TensorSpec } from '../../tensor.js';
import type { ModelFiles } from '../adapter.js';

/**
 * Inputs and outputs of a model's file, read without loading it: in the order of the catalog's contract where the entry has one, else in
 * that of the file.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`; `MODEL_INVALID` for a file that is no model, or not the one that the entry tells of.
 */
export async function modelTensors(who: string, model: ModelFiles, file = 'model.onnx'): Promise<ModelContract> {
  const { inputs, outputs } = await inspectOnce(model.file(file).path);
  const contract = model.entry.contract?.[file];
  return contract === undefined ? { inputs, outputs } : bindContract(who, contract, { inputs, outputs });
}

/** The output at a position. @throws VitascopeError `MODEL_INVALID` when the model has fewer. */
export function outputAt(who: string, { outputs }: ModelContract, position: number, meaning: string): TensorSpec {
  const output = outputs[position];
  if (output !== undefined) return output;
  throw new VitascopeError(
    'MODEL_INVALID',
    `${who}: output ${position + 1} must be ${meaning}, the model has ${outputs.length} outputs`,
    { context: { position, outputs: outputs.map(({ name }) => name) } },
  );
}
