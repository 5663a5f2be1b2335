import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { VitascopeError } from '../../pipeline/errors.js';
import type { ExternalTensor } from './visit-graphs.js';

/**
 * Checks the weights that a model keeps in other files: each must be a file inside the model's own folder, links followed, and long enough.
 *
 * @param path The model, for messages.
 * @param folder Its folder.
 * @param maxBytes Largest size of all these files together.
 * @returns The files, relative to the folder.
 * @throws VitascopeError `MODEL_INVALID`
 */
export async function checkExternalFiles(
  path: string,
  folder: string,
  tensors: readonly ExternalTensor[],
  maxBytes: number,
): Promise<readonly string[]> {
  const sizes = new Map<string, number>();
  for (const { name, location, offset, length } of tensors) {
    let size = sizes.get(location);
    if (size === undefined) {
      size = await sizeInside(path, folder, location);
      sizes.set(location, size);
    }
    const end = offset + (length ?? 0);
    if (Number.isSafeInteger(end) && offset >= 0 && end >= offset && end <= size) continue;
    throw invalid(
      path,
      location,
      `the file has ${size} bytes, too few for the tensor "${name}" at ${offset} of ${length ?? '?'} bytes`,
    );
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (total > maxBytes)
    throw invalid(path, [...sizes.keys()].join(', '), `they have ${total} bytes, at most ${maxBytes} are allowed`);
  return [...sizes.keys()];
}

async function sizeInside(path: string, folder: string, location: string): Promise<number> {
  if (location === '' || isAbsolute(location) || location.split(/[/\\]/).includes('..') || location.includes('\0')) {
    throw invalid(path, location, "lie outside the model's folder");
  }
  const home = await realpath(folder);
  const file = await realpath(join(home, location)).catch(() => undefined);
  if (file === undefined) throw invalid(path, location, 'that file is missing');
  const inside = relative(home, file);
  if (inside.startsWith(`..${sep}`) || inside === '..' || isAbsolute(inside)) {
    throw invalid(path, location, "lead outside the model's folder");
  }
  const found = await stat(file);
  if (!found.isFile()) throw invalid(path, location, 'that is no file');
  return found.size;
}

function invalid(path: string, location: string, why: string): VitascopeError {
  return new VitascopeError('MODEL_INVALID', `model file ${path}: its weights in "${location}": ${why}`, {
    context: { path, location },
  });
}
