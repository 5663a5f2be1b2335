import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { VitascopeError } from '../../pipeline/errors.js';
import { type CatalogEntry, catalogEntry } from './catalog-entry.js';
import { modelTasks } from './families.js';

let builtin: readonly CatalogEntry[] | undefined;

/**
 * The models that the package knows of, by task and then by id. It is read once; nothing is fetched.
 *
 * @throws VitascopeError `MODEL_INVALID` when a file of the package is damaged.
 */
export function builtinCatalog(): readonly CatalogEntry[] {
  builtin ??= readCatalog(catalogFolder());
  return builtin;
}

/**
 * Reads a folder of entries, `<task>/<id>.json`.
 *
 * @throws VitascopeError `MODEL_INVALID` that names the file and what is wrong with it.
 */
export function readCatalog(folder: string): readonly CatalogEntry[] {
  return modelTasks.flatMap((task) => {
    const inside = join(folder, task);
    if (!existsSync(inside)) return [];
    const files = readdirSync(inside).filter((name) => name.endsWith('.json'));
    const ids = files.map((name) => name.slice(0, -'.json'.length)).sort();
    return ids.map((id) => readEntry(join(inside, `${id}.json`), task, id));
  });
}

/**
 * Checks an entry that comes from elsewhere, such as one that an application adds to the catalog.
 *
 * @param where Where it comes from, for the message.
 * @throws VitascopeError `MODEL_INVALID` that lists what is wrong.
 */
export function parseCatalogEntry(value: unknown, where: string): CatalogEntry {
  const { success, data, error } = catalogEntry.safeParse(value);
  if (success) return data;
  throw new VitascopeError('MODEL_INVALID', `catalog entry ${where}:\n${z.prettifyError(error)}`, {
    context: { where },
    cause: error,
  });
}

/**
 * The entry `id` of a catalog.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND` with a guess at what was meant.
 */
export function findCatalogEntry(id: string, catalog: readonly CatalogEntry[] = builtinCatalog()): CatalogEntry {
  const found = catalog.find((entry) => entry.id === id);
  if (found !== undefined) return found;
  const guess = similarId(id, catalog);
  throw new VitascopeError(
    'MODEL_NOT_FOUND',
    `the catalog has no model "${id}"${guess === undefined ? '' : `, did you mean "${guess}"?`}`,
    { context: { id, guess } },
  );
}

/** The id of a catalog that is most like `id`, if one is like it at all. */
export function similarId(id: string, catalog: readonly { readonly id: string }[]): string | undefined {
  if (catalog.length === 0) return undefined;
  const nearest = closest(
    id,
    catalog.map((entry) => entry.id),
  );
  return distance(id, nearest) <= Math.max(2, id.length / 3) ? nearest : undefined;
}

function readEntry(path: string, task: string, id: string): CatalogEntry {
  const entry = parseCatalogEntry(readJson(path), path);
  if (entry.id === id && entry.task === task) return entry;
  throw new VitascopeError(
    'MODEL_INVALID',
    `catalog entry ${path} must be of task ${task} and id ${id}, got ${entry.task} and ${entry.id}`,
    { context: { path, id: entry.id, task: entry.task } },
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new VitascopeError('MODEL_INVALID', `catalog entry ${path} is no JSON`, { context: { path }, cause });
  }
}

/** The sources lie two folders below the package root, the compiled files three; the entries are not compiled. */
function catalogFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'models', 'catalog');
    if (existsSync(join(candidate, 'colorize'))) return candidate;
    if (folder === dirname(folder)) {
      throw new VitascopeError('MODEL_NOT_FOUND', 'the catalog of the package is missing: install the package again');
    }
  }
}
