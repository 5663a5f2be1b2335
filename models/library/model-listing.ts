import { type CatalogEntry, type DownloadSize, downloadSize } from '../catalog/catalog-entry.js';
import { folderBytes } from './files.js';
import { isWhole, readRecord } from './install-record.js';
import type { InstalledModel } from './installed-model.js';
import type { LibraryLayout } from './library-layout.js';
import type { ModelEntry, ModelState } from './model-entry.js';
import { type PinTable, pinKey } from './pins.js';

/** A model in a list: what is known of it, and how much of it is here. */
export interface ModelListing {
  readonly id: string;
  readonly entry: ModelEntry;
  readonly state: ModelState;
  /** Bytes on disk, those of an unfinished download included. */
  readonly bytes: number;
  /** What pulling it transfers, as far as it is published; `undefined` for models that cannot be pulled. */
  readonly download: DownloadSize | undefined;
  /**
   * Where the digests come from that its files must have. `not pinned yet`: a file has no published digest, and that of the first
   * download will be pinned.
   */
  readonly digest: 'published' | 'pinned on first use' | 'not pinned yet' | 'as added' | 'none';
}

/** An embedded or added model in a list. */
export async function listInstalled(model: InstalledModel): Promise<ModelListing> {
  const { id, entry, state, folder } = model;
  const digest =
    state === 'added' ? 'as added' : model.files.every(({ sha256 }) => sha256 !== '') ? 'published' : 'none';
  return { id, entry, state, bytes: await folderBytes(folder), download: undefined, digest };
}

/** A model of the catalog in a list. */
export async function listCatalogEntry(
  entry: CatalogEntry,
  layout: LibraryLayout,
  pins: PinTable,
): Promise<ModelListing> {
  const { state, bytes } = await presence(entry, layout);
  return {
    id: entry.id,
    entry,
    state,
    bytes,
    download: entry.files.length === 0 ? undefined : downloadSize(entry),
    digest: digestOf(entry, pins),
  };
}

async function presence(entry: CatalogEntry, layout: LibraryLayout): Promise<{ state: ModelState; bytes: number }> {
  const folder = layout.modelOf(entry);
  const record = await readRecord(folder);
  const installed = await folderBytes(folder);
  if (record !== undefined && (await isWhole(folder, record))) return { state: 'downloaded', bytes: installed };
  const bytes = installed + (await folderBytes(layout.downloadOf(entry)));
  return { state: bytes > 0 ? 'partial' : 'available', bytes };
}

function digestOf(entry: CatalogEntry, pins: PinTable): ModelListing['digest'] {
  if (entry.files.length === 0) return 'none';
  const open = entry.files.filter(({ sha256 }) => sha256 === undefined);
  if (open.length === 0) return 'published';
  return open.every(({ name }) => pins[pinKey(entry, name)] !== undefined) ? 'pinned on first use' : 'not pinned yet';
}
