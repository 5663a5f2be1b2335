import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { inCache } from './cache-errors.js';
import { readJson, writeAtomically } from './files.js';
import type { InstalledFile } from './install-record.js';

const digests = z.record(z.string(), z.string());

/** Notes on the files of an unfinished download that are complete, so that a later pull knows them where nobody publishes digests. */
export class FinishedFiles {
  readonly #path: string;
  #digests: Readonly<Record<string, string>> = {};

  constructor(folder: string) {
    this.#path = join(folder, '.finished.json');
  }

  async read(): Promise<void> {
    const { success, data } = digests.safeParse(await readJson(this.#path));
    this.#digests = success ? data : {};
  }

  /** Digest of a finished file, hex. */
  sha256Of(name: string): string | undefined {
    return this.#digests[name];
  }

  async write(files: readonly InstalledFile[]): Promise<void> {
    const now = Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]));
    this.#digests = { ...this.#digests, ...now };
    await writeAtomically(this.#path, JSON.stringify(this.#digests));
  }

  async remove(): Promise<void> {
    await inCache(this.#path, () => rm(this.#path, { force: true }));
  }
}
