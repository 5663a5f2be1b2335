import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { VitascopeError } from '../../pipeline/index.js';

/** Writes a file; over one that is there only if `overwrite`. @throws VitascopeError `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE` */
export async function writeNew(path: string, bytes: Uint8Array, overwrite = false): Promise<void> {
  await writeFile(path, bytes, { flag: overwrite ? 'w' : 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') throw existing(path);
    throw new VitascopeError('OUTPUT_UNWRITABLE', `cannot write ${path}: ${cause.message}`, {
      context: { path },
      cause,
    });
  });
}

/** Refuses, before any work is done, what {@link writeNew} would refuse after it. @throws VitascopeError `OUTPUT_EXISTS` */
export function refuseExisting(path: string, overwrite = false): void {
  if (!overwrite && existsSync(path)) throw existing(path);
}

function existing(path: string): VitascopeError {
  return new VitascopeError('OUTPUT_EXISTS', `${path} exists; give --overwrite to replace it`, { context: { path } });
}

/** Makes a folder, and those it lies in, if it is not there. @throws VitascopeError `OUTPUT_UNWRITABLE` */
export async function ensureFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new VitascopeError('OUTPUT_UNWRITABLE', `cannot make the folder ${path}: ${cause.message}`, {
      context: { path },
      cause,
    });
  });
}
