import { resolve } from 'node:path';
import { inspectModel } from '../onnx/inspect-model.js';
import type { TensorSpec } from '../tensor.js';

/** Inputs and outputs of a model file, in its own order. */
export interface ModelInterface {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

const known = new Map<string, Promise<ModelInterface>>();

/**
 * What a model file takes and gives, by its own word: names, element types and sizes differ from export to export. A file that has been
 * read once is not read again.
 *
 * @throws VitascopeError as `inspectModel`.
 */
export function modelInterface(path: string): Promise<ModelInterface> {
  const key = resolve(path);
  const reading = known.get(key) ?? read(key);
  known.set(key, reading);
  return reading;
}

async function read(path: string): Promise<ModelInterface> {
  try {
    const { inputs, outputs } = await inspectModel(path);
    return { inputs, outputs };
  } catch (error) {
    known.delete(path);
    throw error;
  }
}
