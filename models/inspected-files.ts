import { stat } from 'node:fs/promises';
import { inspectModel, type ModelLimits } from './onnx/inspect-model.js';

/** By path, limits, time and size of the file. */
const sound = new Set<string>();

/**
 * Inspects a model file as untrusted input, unless this process has already and the file is as it was.
 *
 * @throws VitascopeError `MODEL_INVALID`, `MODEL_NOT_FOUND`
 */
export async function inspectOnce(path: string, limits: ModelLimits = {}): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  const key = JSON.stringify([path, limits, found?.mtimeMs, found?.size]);
  if (found !== undefined && sound.has(key)) return;
  await inspectModel(path, limits);
  sound.add(key);
}
