import prettyBytes from 'pretty-bytes';
import { VitascopeError } from '../../pipeline/errors.js';

/** A failure of the file system in the library's folder as one of ours; errors of ours stay as they are. */
export function cacheError(path: string, cause: unknown): VitascopeError {
  if (cause instanceof VitascopeError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new VitascopeError(
      'MODEL_CACHE_FULL',
      `no space is left for ${path}; make room, or choose another folder with VITASCOPE_MODELS`,
      { context: { path }, cause },
    );
  }
  return new VitascopeError('MODEL_CACHE', `the folder of the models cannot be used, ${path}: ${message}`, {
    context: { path, errno: code },
    cause,
  });
}

/** Too little space, known before anything is written. */
export function tooLittleSpace(who: string, folder: string, needed: number, free: number): VitascopeError {
  return new VitascopeError(
    'MODEL_CACHE_FULL',
    `${who} needs ${prettyBytes(needed)} in ${folder}, and ${prettyBytes(free)} are free; make room, or choose another folder with VITASCOPE_MODELS`,
    { context: { path: folder, needed, free } },
  );
}

/** What `signal` stopped, as one of our errors. */
export function stopped(who: string, cause?: unknown): VitascopeError {
  return new VitascopeError('ABORTED', `${who} was stopped; what was fetched is kept`, { cause });
}

/** Does something with the library's folder; failures of the file system become errors of ours. */
export async function inCache<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw cacheError(path, cause);
  }
}
