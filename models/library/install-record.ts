import { join } from 'node:path';
import { z } from 'zod';
import { fileBytes, readJson, writeAtomically } from './files.js';
import type { ModelEntry } from './model-entry.js';

const installedFile = z.object({
  name: z.string(),
  bytes: z.int().nonnegative(),
  /** Digest of the file as it was installed, hex. */
  sha256: z.string(),
  /** Where it came from: an address, or a path. */
  from: z.string(),
  /** The digest is that of a first download: its publisher gives none. */
  pinned: z.boolean().optional(),
});
/** A file of an installed model. */
export type InstalledFile = z.output<typeof installedFile>;

const installRecord = z.object({
  format: z.literal(1),
  /** As the entry was when the model was installed. */
  entry: z.looseObject({ id: z.string(), version: z.string() }).transform((entry) => entry as unknown as ModelEntry),
  files: z.array(installedFile),
  installed: z.string(),
});
/** `.vitascope.json` in the folder of an installed model. */
export type InstallRecord = z.output<typeof installRecord>;

const NAME = '.vitascope.json';

/** The record of a model's folder; `undefined` when there is none that can be read. */
export async function readRecord(folder: string): Promise<InstallRecord | undefined> {
  const { success, data } = installRecord.safeParse(await readJson(join(folder, NAME)));
  return success ? data : undefined;
}

/** Writes the record; it is written last, and makes the folder count. */
export async function writeRecord(folder: string, entry: ModelEntry, files: readonly InstalledFile[]): Promise<void> {
  const record = { format: 1, entry, files, installed: new Date().toISOString() };
  await writeAtomically(join(folder, NAME), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** True when every file is there and has its size. Digests are what `verify` is for. */
export async function isWhole(folder: string, { files }: InstallRecord): Promise<boolean> {
  for (const { name, bytes } of files) if ((await fileBytes(join(folder, name))) !== bytes) return false;
  return true;
}
