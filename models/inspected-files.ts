import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { inspectModel, type ModelInspection, type ModelLimits } from './onnx/inspect-model.js';

/** By path, limits, time and size of the file. */
const inspected = new Map<string, Promise<ModelInspection>>();

/**
 * What a model file says of itself, read as untrusted input; a file that this process has read and that is as it was is not read again.
 *
 * @throws VitascopeError `MODEL_INVALID`, `MODEL_NOT_FOUND`
 */
export async function inspectOnce(path: string, limits: ModelLimits = {}): Promise<ModelInspection> {
  const file = resolve(path);
  const found = await stat(file).catch(() => undefined);
  const key = JSON.stringify([file, limits, found?.mtimeMs, found?.size]);
  const reading = inspected.get(key) ?? inspectModel(file, limits);
  inspected.set(key, reading);
  try {
    return await reading;
  } catch (error) {
    inspected.delete(key);
    throw error;
  }
}
