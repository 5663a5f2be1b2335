import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CatalogEntry, CatalogFile } from '../../../models/catalog/catalog-entry.js';
import type { ModelLibraryOptions } from '../../../models/library/library-settings.js';
import type { ModelState } from '../../../models/library/model-entry.js';
import { ModelLibrary } from '../../../models/library/model-library.js';
import { fixture } from '../helpers.js';

/** Bytes that repeat nowhere, so that a piece in a wrong place changes the digest. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A small model that the inspector takes. */
export const realModel = readFileSync(fixture('double').path);

export function entryWith(files: readonly CatalogFile[], more: Partial<CatalogEntry> = {}): CatalogEntry {
  return {
    id: 'tiny',
    title: 'Tiny',
    task: 'stylize',
    family: 'image-to-image',
    version: '1.0',
    licence: { code: 'MIT', weights: 'MIT', commercial: 'yes' },
    source: 'https://example.org/tiny',
    files: [...files],
    contract: {},
    adapter: {},
    facts: 'Made for tests.',
    ...more,
  };
}

/** The entry of one file with published size and digest. */
export function entryOf(url: string, content: Buffer, more: Partial<CatalogEntry> = {}): CatalogEntry {
  return entryWith([{ name: 'model.onnx', url, bytes: content.length, sha256: sha256(content) }], more);
}

/** A library without the patience of the real one, and without the environment. */
export function libraryIn(
  folder: string,
  catalog: CatalogEntry | CatalogEntry[],
  options: ModelLibraryOptions = {},
): ModelLibrary {
  const download = { retries: 3, retryDelayMs: 1, ...options.download };
  return new ModelLibrary({ env: {}, folder, catalog: [catalog].flat(), ...options, download });
}

/** How much of the model is here, as the listing says. */
export async function stateOf(library: ModelLibrary, id = 'tiny'): Promise<ModelState | undefined> {
  return (await library.list()).find((listing) => listing.id === id)?.state;
}
