import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inCache } from './cache-errors.js';
import { folderBytes, namesIn } from './files.js';
import type { LibraryLayout } from './library-layout.js';
import type { ModelEntry } from './model-entry.js';
import { isUnlocked, withLock } from './model-lock.js';

/** What pruning removes. */
export interface PruneOptions {
  /**
   * Removes every downloaded model, and copies of models in other forms. Default false: only what no model needs. Models that were added
   * always stay.
   */
  readonly all?: boolean;
  /** Removes nothing and tells what it would. Default false. */
  readonly dryRun?: boolean;
}

/** A folder that pruning removes. */
export interface PrunedFolder {
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
  /**
   * An unfinished download, a version that the catalog has no more, a model of the catalog, or copies of any models in other forms (their
   * `id` is empty).
   */
  readonly what: 'unfinished' | 'outdated' | 'downloaded' | 'derived';
}

/** What pruning removed. */
export interface PruneReport {
  readonly removed: readonly PrunedFolder[];
  /** Of all of them. */
  readonly bytes: number;
  /** Ids of models that another process is working on; they were left alone. */
  readonly busy: readonly string[];
}

/** See `ModelLibrary.prune`. */
export async function pruneLibrary(
  layout: LibraryLayout,
  catalog: readonly ModelEntry[],
  staleLockMs: number,
  { all = false, dryRun = false }: PruneOptions,
): Promise<PruneReport> {
  const current = new Set(catalog.map((entry) => layout.modelOf(entry)));
  const ids = new Set([...(await namesIn(layout.downloads)), ...(await namesIn(layout.models))]);
  const removed: PrunedFolder[] = [];
  const busy: string[] = [];
  for (const id of ids) {
    const lock = layout.lockOf(id);
    const found = await prunable(layout, id, current, all);
    if (found.length === 0) continue;
    if (!(await isUnlocked(lock, staleLockMs))) {
      busy.push(id);
      continue;
    }
    if (!dryRun) {
      await withLock(lock, { who: `pruning ${id}`, staleMs: staleLockMs }, () => removeAll(layout, id, found));
    }
    removed.push(...found);
  }
  if (all) removed.push(...(await pruneDerived(layout.derived, dryRun)));
  return { removed, busy, bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Nobody locks them: whoever needs one makes it again. */
async function pruneDerived(path: string, dryRun: boolean): Promise<PrunedFolder[]> {
  const bytes = await folderBytes(path);
  if (bytes === 0) return [];
  if (!dryRun) await inCache(path, () => rm(path, { recursive: true, force: true }));
  return [{ id: '', path, bytes, what: 'derived' }];
}

async function prunable(
  layout: LibraryLayout,
  id: string,
  current: ReadonlySet<string>,
  all: boolean,
): Promise<PrunedFolder[]> {
  const found: PrunedFolder[] = [];
  const unfinished = join(layout.downloads, id);
  if ((await namesIn(unfinished)).length > 0) {
    found.push({ id, path: unfinished, bytes: await folderBytes(unfinished), what: 'unfinished' });
  }
  for (const version of await namesIn(join(layout.models, id))) {
    const path = join(layout.models, id, version);
    const what = current.has(path) ? 'downloaded' : 'outdated';
    if (what === 'outdated' || all) found.push({ id, path, bytes: await folderBytes(path), what });
  }
  return found;
}

async function removeAll(layout: LibraryLayout, id: string, folders: readonly PrunedFolder[]): Promise<void> {
  for (const { path } of folders) await inCache(path, () => rm(path, { recursive: true, force: true }));
  const parent = join(layout.models, id);
  if ((await namesIn(parent)).length === 0) await inCache(parent, () => rm(parent, { recursive: true, force: true }));
}
