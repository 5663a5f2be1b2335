import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { VitascopeError } from '../../pipeline/errors.js';
import { inCache } from './cache-errors.js';
import { writeAtomically } from './files.js';
import type { ModelEntry } from './model-entry.js';
import { withLock } from './model-lock.js';

const pin = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  /** Where the first download came from. */
  url: z.string(),
  /** When. */
  pinned: z.string(),
});
/** The digest of a first download. */
export type Pin = z.output<typeof pin>;
const pinTable = z.record(z.string(), pin);
/** Pins by {@link pinKey}. */
export type PinTable = z.output<typeof pinTable>;

/** `ID@VERSION/FILE`. */
export function pinKey(entry: Pick<ModelEntry, 'id' | 'version'>, file: string): string {
  return `${entry.id}@${entry.version}/${file}`;
}

/**
 * Reads `pins.json`; no pins when there is no such file.
 *
 * @throws VitascopeError `MODEL_CACHE` when it is damaged: going on would pin whatever comes next.
 */
export async function readPins(path: string): Promise<PinTable> {
  const text = await inCache(path, () =>
    readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      throw error;
    }),
  );
  try {
    return pinTable.parse(JSON.parse(text));
  } catch (cause) {
    throw new VitascopeError('MODEL_CACHE', `${path} is damaged; correct it, or delete it to pin digests anew`, {
      context: { path },
      cause,
    });
  }
}

/** Adds pins. Those that are there stay as they are. */
export async function addPins(path: string, pins: PinTable, staleMs: number): Promise<void> {
  if (Object.keys(pins).length === 0) return;
  await withLock(`${path}.lock`, { who: 'pins.json', staleMs }, async () => {
    const all = { ...pins, ...(await readPins(path)) };
    const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
    await writeAtomically(path, `${JSON.stringify(sorted, undefined, 2)}\n`);
  });
}
