import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { librarySettings } from '../../models/library/library-settings.js';
import type { FolderReport, ModelCacheReport } from './report.js';

/** Looks at the folders that work needs. A folder that is not there yet is judged by where it would be made. */
export async function folderReports(modelFolder: string): Promise<FolderReport[]> {
  return await Promise.all([
    folderReport('work', process.cwd()),
    folderReport('temporary', tmpdir()),
    folderReport('models', modelFolder),
  ]);
}

/** Counts the models that were pulled. @throws VitascopeError `OPTION_INVALID` for a mirror that is no address. */
export async function modelCacheReport(): Promise<ModelCacheReport> {
  // Without the catalog: what is wrong with it is no matter of the cache.
  const { folder, mirror, offline } = librarySettings({ catalog: [] });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((file) => sizeOf(join(file.parentPath, file.name))));
  return {
    folder,
    models: files.filter(({ name }) => name.endsWith('.onnx')).length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    mirror: mirror ?? null,
    offline,
  };
}

async function folderReport(purpose: FolderReport['purpose'], path: string): Promise<FolderReport> {
  const existing = nearestExisting(path);
  const space = await statfs(existing).catch(() => undefined);
  return {
    purpose,
    path,
    freeBytes: space === undefined ? null : space.bavail * space.bsize,
    writable: await isWritable(existing),
  };
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

/** Rights alone do not tell: a disk may be mounted read-only, or be full. */
async function isWritable(folder: string): Promise<boolean> {
  const file = join(folder, `.vitascope-${randomUUID()}`);
  try {
    await writeFile(file, 'x', { flag: 'wx' });
    return true;
  } catch {
    return false;
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
