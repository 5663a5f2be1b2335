import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VitascopeError } from '../../pipeline/errors.js';
import { type CatalogEntry, MODEL_ID } from '../catalog/catalog-entry.js';
import type { ModelTask } from '../catalog/families.js';
import { type AddModelOptions, addModelFiles, checkAddOptions } from './add-model.js';
import { inCache } from './cache-errors.js';
import { embeddedModels } from './embedded-models.js';
import { fileBytes, folderBytes, freeBytesOf, namesIn, writeAtomically } from './files.js';
import { type FetchFile, proxiedFetch } from './http.js';
import { isWhole, readRecord } from './install-record.js';
import { InstalledModel } from './installed-model.js';
import { LibraryLayout, libraryReadme } from './library-layout.js';
import { type LibrarySettings, librarySettings, type ModelLibraryOptions } from './library-settings.js';
import {
  damagedModel,
  licenceNotAccepted,
  notDownloaded,
  notOffered,
  unknownModel,
  wantsConnection,
} from './missing-model.js';
import { listCatalogEntry, listInstalled, type ModelListing } from './model-listing.js';
import { withLock } from './model-lock.js';
import { readPins } from './pins.js';
import { type PruneOptions, type PruneReport, pruneLibrary } from './prune-library.js';
import { pullModel } from './pull-model.js';
import { PullMeter, type PullProgress } from './pull-progress.js';
import { type VerifyReport, verifyFiles } from './verify-model.js';

/** How a model is pulled. */
export interface PullOptions {
  /** Accepts a licence that forbids commercial use. Default false. */
  readonly acceptLicence?: boolean;
  /** Fetches everything again, even if the model is here. Default false. */
  readonly force?: boolean;
  /** Stops it; what was fetched stays for the next time. */
  readonly signal?: AbortSignal;
  /** Told ten times a second at most. */
  readonly onProgress?: (progress: PullProgress) => void;
}

/**
 * The models of this machine: those of the package, those downloaded from the catalog into a folder, and those that a person added.
 *
 * Several libraries, also in several processes, may use one folder at the same time. A downloaded model is complete and never changes;
 * another version lies beside it. Nothing is downloaded but by `pull`. With a mirror, `https://HOST/PATH` is fetched from
 * `MIRROR/HOST/PATH`, and from nowhere else.
 *
 * @example
 * const library = new ModelLibrary();
 * const model = await library.pull('ddcolor-tiny', { onProgress: ({ phase, bytes }) => console.log(phase, bytes) });
 * console.log(model.file().path);
 */
export class ModelLibrary {
  readonly #settings: LibrarySettings;
  readonly #layout: LibraryLayout;
  #fetch: Promise<FetchFile> | undefined;

  /** @throws VitascopeError `OPTION_INVALID` */
  constructor(options: ModelLibraryOptions = {}) {
    this.#settings = librarySettings(options);
    this.#layout = new LibraryLayout(this.#settings.folder);
  }

  /** Where models lie; it need not exist yet. */
  get folder(): string {
    return this.#settings.folder;
  }

  /** True when no connection is ever opened. */
  get offline(): boolean {
    return this.#settings.offline;
  }

  /**
   * All models: embedded ones, then those of the catalog, then added ones.
   *
   * @param filter `task`: only models that do this.
   * @throws VitascopeError `MODEL_CACHE`
   */
  async list(filter: { readonly task?: ModelTask } = {}): Promise<readonly ModelListing[]> {
    const pins = await readPins(this.#layout.pins);
    const own = [...(await embeddedModels()), ...(await this.#addedModels())];
    const [embedded, added] = [
      own.filter(({ state }) => state === 'embedded'),
      own.filter(({ state }) => state === 'added'),
    ];
    const all = [
      ...(await Promise.all(embedded.map(listInstalled))),
      ...(await Promise.all(this.#settings.catalog.map((entry) => listCatalogEntry(entry, this.#layout, pins)))),
      ...(await Promise.all(added.map(listInstalled))),
    ];
    return filter.task === undefined ? all : all.filter(({ entry }) => entry.task === filter.task);
  }

  /**
   * A model that is on this machine.
   *
   * @throws VitascopeError `MODEL_NOT_FOUND`, which says how to get it; `MODEL_INVALID` when its files are damaged.
   */
  async find(id: string): Promise<InstalledModel> {
    const found = (await this.#ownModel(id)) ?? (await this.#downloaded(this.#entryOf(id)));
    if (found !== undefined) return found;
    const entry = this.#entryOf(id);
    if (entry === undefined) throw unknownModel(id, await this.#known());
    const folder = this.#layout.modelOf(entry);
    if ((await readRecord(folder)) !== undefined) throw damagedModel(id, folder, `run \`vitascope models pull ${id}\``);
    throw notDownloaded(entry, await this.#versions(id));
  }

  /**
   * Downloads a model unless it is here. A download that was cut short goes on where it ended; a model that another process is fetching
   * is waited for. Every file must have its published size and digest; where a digest is not published, that of the first download is
   * pinned in `pins.json` and later ones must match it.
   *
   * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_LICENCE`, `OFFLINE`, `DOWNLOAD_FAILED` (`context`: `url`, `status`), `MODEL_HASH`,
   * `MODEL_INVALID`, `MODEL_CACHE`, `MODEL_CACHE_FULL`, `ABORTED`.
   */
  async pull(id: string, options: PullOptions = {}): Promise<InstalledModel> {
    const own = await this.#ownModel(id);
    if (own !== undefined) return own;
    const entry = this.#entryOf(id);
    if (entry === undefined) throw unknownModel(id, await this.#known());
    const here = options.force === true ? undefined : await this.#downloaded(entry);
    if (here !== undefined) return here;
    if (entry.files.length === 0) throw notOffered(entry);
    if (entry.licence.commercial === 'no' && options.acceptLicence !== true) throw licenceNotAccepted(entry);
    if (this.#settings.offline) throw wantsConnection(entry, this.folder);
    return this.#fetchLocked(entry, options);
  }

  /**
   * Hashes the files of models that are here.
   *
   * @param ids Default: all of them, embedded and added ones too.
   * @throws VitascopeError `MODEL_NOT_FOUND` for an id that is not here.
   */
  async verify(
    ids?: readonly string[],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly VerifyReport[]> {
    const models = ids === undefined ? await this.#allHere() : await Promise.all(ids.map((id) => this.#here(id)));
    const reports: VerifyReport[] = [];
    for (const { id, state, entry, folder, files } of models) {
      const checked = await verifyFiles(folder, files, state, options.signal);
      reports.push({ id, state, version: entry.version, ok: checked.every(({ ok }) => ok), files: checked });
    }
    return reports;
  }

  /**
   * Removes unfinished downloads and versions that the catalog has no more; with `all` every downloaded model. What another process is
   * working on is left alone, and so are pins and added models.
   *
   * @throws VitascopeError `MODEL_CACHE`
   */
  async prune(options: PruneOptions = {}): Promise<PruneReport> {
    return pruneLibrary(this.#layout, this.#settings.catalog, this.#settings.staleLockMs, options);
  }

  /**
   * Adds a model of one's own.
   *
   * @param path An `.onnx` file, or a folder with the files that the family needs.
   * @throws VitascopeError `OPTION_INVALID` for ids that are taken, and wrong options; `MODEL_NOT_FOUND`; `MODEL_INVALID` for files that are
   * no model or keep weights outside their folder; `MODEL_CACHE`, `MODEL_CACHE_FULL`.
   */
  async add(path: string, options: AddModelOptions): Promise<InstalledModel> {
    const { id } = options;
    const family = checkAddOptions(options);
    const taken = this.#entryOf(id) !== undefined ? 'the catalog' : (await this.#embedded(id)) && 'the package';
    if (taken !== undefined) throw idTaken(id, `${taken} has a model of that id`);
    await this.#prepare();
    return withLock(this.#layout.lockOf(id), this.#lockOptions(`model ${id}`), async () => {
      const folder = this.#layout.addedOf(id);
      if (options.replace !== true && (await readRecord(folder)) !== undefined) {
        throw idTaken(id, 'a model was added under that id; remove it, or ask for it to be replaced');
      }
      const draft = join(this.#layout.downloads, id);
      await inCache(draft, () => rm(draft, { recursive: true, force: true }));
      try {
        await addModelFiles(path, draft, family, options);
        await inCache(folder, async () => {
          await mkdir(this.#layout.added, { recursive: true });
          await rm(folder, { recursive: true, force: true });
          await rename(draft, folder);
        });
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
      return this.find(id);
    });
  }

  /**
   * Removes a downloaded model in all its versions, what was fetched of it so far, or an added model. Pins stay.
   *
   * @returns Bytes that were freed.
   * @throws VitascopeError `MODEL_NOT_FOUND`, `OPTION_INVALID` for embedded models, `MODEL_CACHE`.
   */
  async remove(id: string): Promise<number> {
    if ((await this.#embedded(id)) !== undefined) {
      throw new VitascopeError('OPTION_INVALID', `model ${id} is part of the package and cannot be removed`, {
        context: { id },
      });
    }
    const { models, downloads, added } = this.#layout;
    const folders = MODEL_ID.test(id) ? [models, downloads, added].map((parent) => join(parent, id)) : [];
    const bytes = (await Promise.all(folders.map(folderBytes))).reduce((sum, size) => sum + size, 0);
    if (bytes === 0) await this.find(id);
    return withLock(this.#layout.lockOf(id), this.#lockOptions(`removing model ${id}`), async () => {
      for (const path of folders) await inCache(path, () => rm(path, { recursive: true, force: true }));
      return bytes;
    });
  }

  async #fetchLocked(entry: CatalogEntry, { force = false, signal, onProgress }: PullOptions): Promise<InstalledModel> {
    const { id } = entry;
    const { download, mirror, staleLockMs, freeBytes = freeBytesOf } = this.#settings;
    const meter = new PullMeter(id, onProgress);
    await this.#prepare();
    const onWait = async (): Promise<void> => meter.waiting(await folderBytes(this.#layout.downloadOf(entry)));
    const lock = { ...this.#lockOptions(`model ${id}`), signal, onWait };
    return withLock(this.#layout.lockOf(id), lock, async (held) => {
      const fetchedMeanwhile = force ? undefined : await this.#downloaded(entry);
      if (fetchedMeanwhile !== undefined) return fetchedMeanwhile;
      const fetch = await this.#fetcher();
      const free = (): Promise<number> => inCache(this.folder, () => freeBytes(this.folder));
      const tools = {
        ...download,
        layout: this.#layout,
        fetch,
        freeBytes: free,
        mirror,
        staleLockMs,
        meter,
        signal: held,
      };
      await pullModel(entry, tools, force);
      return this.find(id);
    });
  }

  #fetcher(): Promise<FetchFile> {
    const { fetch, env } = this.#settings;
    this.#fetch ??= fetch === undefined ? proxiedFetch(env) : Promise.resolve(fetch);
    return this.#fetch;
  }

  #lockOptions(who: string): { who: string; staleMs: number } {
    return { who, staleMs: this.#settings.staleLockMs };
  }

  async #prepare(): Promise<void> {
    await inCache(this.folder, () => mkdir(this.folder, { recursive: true }));
    const { readme } = this.#layout;
    if ((await fileBytes(readme)) !== Buffer.byteLength(libraryReadme)) await writeAtomically(readme, libraryReadme);
  }

  #entryOf(id: string): CatalogEntry | undefined {
    return this.#settings.catalog.find((entry) => entry.id === id);
  }

  async #embedded(id: string): Promise<InstalledModel | undefined> {
    return (await embeddedModels()).find((model) => model.id === id);
  }

  /** Embedded, or added by a person. */
  async #ownModel(id: string): Promise<InstalledModel | undefined> {
    const embedded = await this.#embedded(id);
    if (embedded !== undefined || !MODEL_ID.test(id)) return embedded;
    const folder = this.#layout.addedOf(id);
    const record = await readRecord(folder);
    if (record === undefined) return undefined;
    if (await isWhole(folder, record)) return new InstalledModel(record.entry, 'added', folder, record.files);
    throw damagedModel(id, folder, 'add it again');
  }

  async #downloaded(entry: CatalogEntry | undefined): Promise<InstalledModel | undefined> {
    if (entry === undefined) return undefined;
    const folder = this.#layout.modelOf(entry);
    const record = await readRecord(folder);
    if (record === undefined || !(await isWhole(folder, record))) return undefined;
    return new InstalledModel(entry, 'downloaded', folder, record.files);
  }

  async #addedModels(): Promise<readonly InstalledModel[]> {
    const models: InstalledModel[] = [];
    for (const id of await namesIn(this.#layout.added)) {
      const folder = this.#layout.addedOf(id);
      const record = await readRecord(folder);
      if (record !== undefined) models.push(new InstalledModel(record.entry, 'added', folder, record.files));
    }
    return models;
  }

  /** For `verify`, which also takes damaged models: finding the damage is its purpose. */
  async #allHere(): Promise<readonly InstalledModel[]> {
    const downloaded: InstalledModel[] = [];
    for (const entry of this.#settings.catalog) {
      const folder = this.#layout.modelOf(entry);
      const record = await readRecord(folder);
      if (record !== undefined) downloaded.push(new InstalledModel(entry, 'downloaded', folder, record.files));
    }
    return [...(await embeddedModels()), ...downloaded, ...(await this.#addedModels())];
  }

  async #here(id: string): Promise<InstalledModel> {
    return (await this.#allHere()).find((model) => model.id === id) ?? this.find(id);
  }

  async #versions(id: string): Promise<readonly string[]> {
    const parent = join(this.#layout.models, id);
    const records = await Promise.all((await namesIn(parent)).map((name) => readRecord(join(parent, name))));
    return records.flatMap((record) => (record === undefined ? [] : [record.entry.version]));
  }

  async #known(): Promise<readonly { readonly id: string }[]> {
    return [...(await embeddedModels()), ...this.#settings.catalog, ...(await this.#addedModels())];
  }
}

function idTaken(id: string, why: string): VitascopeError {
  return new VitascopeError('OPTION_INVALID', `adding a model: the id "${id}" is taken: ${why}`, {
    context: { option: 'id', id },
  });
}
