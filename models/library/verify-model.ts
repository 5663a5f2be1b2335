import { join } from 'node:path';
import { fileBytes, sha256Of } from './files.js';
import type { InstalledFile } from './install-record.js';
import type { ModelState } from './model-entry.js';

/** What checking a file gave. */
export interface FileReport {
  readonly name: string;
  readonly ok: boolean;
  /** Hex; `undefined` for files of the package that have none written down. */
  readonly expected: string | undefined;
  /** Hex; `undefined` when the file is missing. */
  readonly actual: string | undefined;
  /** Who said what is expected: the catalog or package, the first download, or the file as it was added. */
  readonly digest: 'published' | 'pinned on first use' | 'as added';
}

/** What checking a model gave. */
export interface VerifyReport {
  readonly id: string;
  readonly state: ModelState;
  readonly version: string;
  /** Every file is there, and is what it was. */
  readonly ok: boolean;
  readonly files: readonly FileReport[];
}

/** Hashes the files of a model, and compares them with what they were. */
export async function verifyFiles(
  folder: string,
  files: readonly InstalledFile[],
  state: ModelState,
  signal?: AbortSignal,
): Promise<readonly FileReport[]> {
  const reports: FileReport[] = [];
  for (const { name, sha256, pinned } of files) {
    const path = join(folder, name);
    const expected = sha256 || undefined;
    const actual = (await fileBytes(path)) === undefined ? undefined : await sha256Of(path, { signal });
    const digest = state === 'added' ? 'as added' : pinned === true ? 'pinned on first use' : 'published';
    reports.push({ name, ok: actual !== undefined && (expected ?? actual) === actual, expected, actual, digest });
  }
  return reports;
}
