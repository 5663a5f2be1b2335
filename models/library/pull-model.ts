import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { VitascopeError } from '../../pipeline/errors.js';
import type { CatalogEntry, CatalogFile } from '../catalog/catalog-entry.js';
import { inspectModel } from '../onnx/inspect-model.js';
import type { ExtractedFile } from './archive-member.js';
import { inCache, stopped, tooLittleSpace } from './cache-errors.js';
import { type Downloaded, type DownloadTools, downloadFile } from './download-file.js';
import { extractTar } from './extract-tar.js';
import { extractZip } from './extract-zip.js';
import { fileBytes, moveDurably, sha256Of, syncFolder } from './files.js';
import { FinishedFiles } from './finished-files.js';
import { type InstalledFile, writeRecord } from './install-record.js';
import type { LibraryLayout } from './library-layout.js';
import { addressesOf } from './mirror.js';
import { addPins, type PinTable, pinKey, readPins } from './pins.js';
import type { PullMeter } from './pull-progress.js';
import { type FileTransfer, planTransfers } from './pull-transfers.js';

/** What a pull needs of the library. */
export interface PullTools extends DownloadTools {
  readonly layout: LibraryLayout;
  readonly mirror: string | undefined;
  readonly staleLockMs: number;
  readonly meter: PullMeter;
  readonly signal: AbortSignal;
}

/**
 * Fetches all files of a catalog entry, checks them, and puts the finished folder in its place. The caller holds the lock of the model.
 * After an abort or a failure, what was fetched stays for the next time.
 *
 * @param fresh Forgets what was fetched before.
 * @throws VitascopeError `DOWNLOAD_FAILED`, `MODEL_HASH`, `MODEL_INVALID`, `MODEL_CACHE`, `MODEL_CACHE_FULL`, `ABORTED`.
 */
export async function pullModel(entry: CatalogEntry, tools: PullTools, fresh: boolean): Promise<void> {
  const { layout, signal } = tools;
  const folder = layout.downloadOf(entry);
  await inCache(folder, async () => {
    if (fresh) await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  });
  try {
    const pins = await readPins(layout.pins);
    const pull = new Pull(entry, folder, pins, tools);
    const files = await pull.run();
    await addPins(layout.pins, pull.newPins(files), tools.staleLockMs);
    await pull.forget();
    await writeRecord(folder, entry, files);
    await settle(folder, layout.modelOf(entry));
  } catch (error) {
    if (signal.aborted && !(error instanceof VitascopeError)) throw stopped(`model ${entry.id}`, error);
    throw error;
  }
}

class Pull {
  readonly #entry: CatalogEntry;
  readonly #folder: string;
  readonly #pins: PinTable;
  readonly #tools: PullTools;
  readonly #finished: FinishedFiles;

  constructor(entry: CatalogEntry, folder: string, pins: PinTable, tools: PullTools) {
    this.#entry = entry;
    this.#folder = folder;
    this.#pins = pins;
    this.#tools = tools;
    this.#finished = new FinishedFiles(folder);
  }

  get #who(): string {
    return `model ${this.#entry.id}`;
  }

  async run(): Promise<InstalledFile[]> {
    const transfers = planTransfers(this.#entry.files);
    for (const { name, bytes } of transfers) this.#tools.meter.expect(name, bytes);
    await this.#finished.read();
    await this.#checkSpace(transfers);
    const files: InstalledFile[] = [];
    for (const transfer of transfers) {
      files.push(...(await this.#fetch(transfer)));
      await this.#finished.write(files);
    }
    await this.#inspect(files);
    return files;
  }

  /** The notes on finished files are not part of the model. */
  async forget(): Promise<void> {
    await this.#finished.remove();
  }

  /** Digests of files whose publisher gives none, as they are pinned from now on. */
  newPins(files: readonly InstalledFile[]): PinTable {
    const pinned = new Date().toISOString();
    const fresh = files.filter((file) => file.pinned === true);
    return Object.fromEntries(
      fresh.map(({ name, sha256, bytes, from }) => [pinKey(this.#entry, name), { sha256, bytes, url: from, pinned }]),
    );
  }

  async #checkSpace(transfers: readonly FileTransfer[]): Promise<void> {
    let needed = 0;
    const archives = transfers.filter(({ archive }) => archive !== undefined);
    for (const { name, bytes } of [...this.#entry.files, ...archives]) {
      const path = join(this.#folder, name);
      needed += Math.max(0, (bytes ?? 0) - ((await fileBytes(path)) ?? (await fileBytes(`${path}.part`)) ?? 0));
    }
    const free = await this.#tools.freeBytes();
    if (needed > free) throw tooLittleSpace(this.#who, this.#folder, needed, free);
  }

  async #fetch(transfer: FileTransfer): Promise<InstalledFile[]> {
    const done = await this.#alreadyThere(transfer);
    if (done !== undefined) return done;
    if (transfer.archive !== undefined) return this.#unpack(transfer, await this.#download(transfer));
    const downloaded = await this.#download(transfer);
    return transfer.files.map((file) => this.#installed(file, downloaded, downloaded.url));
  }

  async #download(transfer: FileTransfer): Promise<Downloaded> {
    const { meter, mirror, signal, layout } = this.#tools;
    const [file] = transfer.files;
    const pin = transfer.archive === undefined && file !== undefined ? this.#pinOf(file) : undefined;
    const path = join(this.#folder, transfer.name);
    const there = transfer.archive === undefined ? undefined : await this.#finishedArchive(path, transfer);
    if (there !== undefined) return there;
    meter.begin('downloading', file?.name ?? transfer.name);
    const request = {
      who: this.#who,
      addresses: addressesOf(transfer, mirror),
      path,
      bytes: transfer.bytes,
      sha256: transfer.sha256 ?? pin?.sha256,
      pinnedIn: transfer.sha256 === undefined && pin !== undefined ? layout.pins : undefined,
      signal,
      onBytes: (bytes: number, total: number | undefined) => meter.at(transfer.name, bytes, total),
    };
    return downloadFile(request, this.#tools);
  }

  /** An archive that was fetched, but not unpacked, by a process that ended. Without a digest it is not trusted. */
  async #finishedArchive(path: string, { sha256, url, name }: FileTransfer): Promise<Downloaded | undefined> {
    const bytes = await fileBytes(path);
    if (bytes === undefined) return undefined;
    this.#tools.meter.begin('verifying', name);
    if (sha256 !== undefined && (await sha256Of(path, { signal: this.#tools.signal })) === sha256) {
      return { sha256, bytes, url };
    }
    await inCache(path, () => rm(path, { force: true }));
    return undefined;
  }

  async #unpack(transfer: FileTransfer, downloaded: Downloaded): Promise<InstalledFile[]> {
    const { meter, maxFileBytes, freeBytes, signal } = this.#tools;
    const archive = join(this.#folder, transfer.name);
    meter.begin('extracting', transfer.files[0]?.name ?? transfer.name);
    const members = transfer.files.map(({ name, bytes, archive: inside }) => ({
      member: inside?.member ?? name,
      path: join(this.#folder, name),
      bytes,
    }));
    // Weights hardly shrink: what grows far more is a bomb.
    const maxBytes = Math.min(maxFileBytes, Math.max(64 << 20, downloaded.bytes * 200));
    const extract = transfer.archive === 'zip' ? extractZip : extractTar;
    try {
      const extracted = await extract({ who: this.#who, archive, members, maxBytes, freeBytes, signal });
      const files: InstalledFile[] = [];
      for (const file of transfer.files) {
        const path = join(this.#folder, file.name);
        files.push(await this.#checked(file, extracted.get(path) as ExtractedFile, downloaded.url));
      }
      await inCache(archive, () => rm(archive, { force: true }));
      return files;
    } catch (error) {
      const code = error instanceof VitascopeError ? error.code : undefined;
      // One that holds the wrong thing is fetched anew the next time.
      if (code === 'MODEL_INVALID' || code === 'MODEL_HASH') await rm(archive, { force: true });
      throw error;
    }
  }

  async #checked(file: CatalogFile, extracted: ExtractedFile, from: string): Promise<InstalledFile> {
    const expected = file.sha256 ?? this.#pinOf(file)?.sha256;
    if (expected === undefined || extracted.sha256 === expected) return this.#installed(file, extracted, from);
    await rm(join(this.#folder, file.name), { force: true });
    const where = file.sha256 === undefined ? ` (pinned in ${this.#tools.layout.pins})` : '';
    throw new VitascopeError(
      'MODEL_HASH',
      `${this.#who}: ${file.archive?.member ?? file.name} of ${from} must have SHA-256 ${expected}${where}, got ${extracted.sha256}; the file was removed`,
      { context: { url: from, expected, actual: extracted.sha256, bytes: extracted.bytes } },
    );
  }

  /** Files that an earlier pull completed. They are hashed again. */
  async #alreadyThere({ files, name }: FileTransfer): Promise<InstalledFile[] | undefined> {
    const there: InstalledFile[] = [];
    for (const file of files) {
      const path = join(this.#folder, file.name);
      const bytes = await fileBytes(path);
      const expected = file.sha256 ?? this.#pinOf(file)?.sha256 ?? this.#finished.sha256Of(file.name);
      if (bytes === undefined || expected === undefined) return undefined;
      this.#tools.meter.begin('verifying', file.name);
      const sha256 = await sha256Of(path, { signal: this.#tools.signal });
      if (sha256 !== expected) return undefined;
      there.push(this.#installed(file, { bytes, sha256 }, file.url));
      this.#tools.meter.at(name, bytes, bytes);
    }
    return there;
  }

  #installed({ name, sha256: published }: CatalogFile, { bytes, sha256 }: ExtractedFile, from: string): InstalledFile {
    return { name, bytes, sha256, from, ...(published === undefined && { pinned: true }) };
  }

  #pinOf(file: CatalogFile): { readonly sha256: string } | undefined {
    return file.sha256 === undefined ? this.#pins[pinKey(this.#entry, file.name)] : undefined;
  }

  /** Without a published digest anything may have come: what is no model must not be pinned. */
  async #inspect(files: readonly InstalledFile[]): Promise<void> {
    for (const { name, pinned } of files) {
      if (pinned !== true || !name.endsWith('.onnx')) continue;
      this.#tools.meter.begin('verifying', name);
      const path = join(this.#folder, name);
      try {
        await inspectModel(path);
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    }
  }
}

/** Puts the finished folder in its place. What may be there is damaged, or to be replaced. */
async function settle(from: string, to: string): Promise<void> {
  await inCache(to, async () => {
    await syncFolder(from);
    await mkdir(dirname(to), { recursive: true });
    const aside = join(dirname(from), `${basename(to)}.old`);
    await rm(aside, { recursive: true, force: true });
    const replaced = await rename(to, aside).then(
      () => true,
      () => false,
    );
    try {
      await moveDurably(from, to);
    } catch (error) {
      if (replaced) await rename(aside, to);
      throw error;
    }
    await rm(dirname(from), { recursive: true, force: true });
  });
}
