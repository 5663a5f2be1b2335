import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { asVitascopeError, VitascopeError } from '../../pipeline/errors.js';

/**
 * A file made from a model file, kept in the folder of the models (`VITASCOPE_MODELS`, else `vitascope/models` in the platform's folder for
 * caches) under `.derived`, so that it is made once for each contents of the model. It may be deleted at any time.
 *
 * @param kind What is made of it: letters, digits and hyphens. Another way of making it needs another kind.
 * @returns The path of the file.
 * @throws VitascopeError `MODEL_NOT_FOUND` when the model cannot be read; `MODEL_CACHE` when the file cannot be written; what `make` throws.
 */
export async function derivedFile(
  path: string,
  kind: string,
  make: (model: Uint8Array) => Uint8Array,
): Promise<string> {
  const model = await readFile(path).catch((cause: unknown) => {
    throw new VitascopeError('MODEL_NOT_FOUND', `model file ${path} cannot be read`, { cause, context: { path } });
  });
  const digest = createHash('sha256').update(model).digest('hex');
  const folder = derivedFolder();
  const target = join(folder, `${digest.slice(0, 32)}.${kind}.onnx`);
  if ((await stat(target).catch(() => undefined)) !== undefined) return target;
  const contents = make(model);
  const partial = `${target}.${randomUUID()}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(partial, contents);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw asVitascopeError(error, 'MODEL_CACHE', `model file ${path}: a copy in ${folder} cannot be written`);
  }
  return target;
}

function derivedFolder(): string {
  const given = process.env.VITASCOPE_MODELS;
  const models =
    given === undefined || given === '' ? join(envPaths('vitascope', { suffix: '' }).cache, 'models') : given;
  return join(resolve(models), '.derived');
}
