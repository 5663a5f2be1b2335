import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VitascopeError } from '../../pipeline/index.js';
import { type HlsRendition, MEDIA_PLAYLIST } from './hls-rendition.js';
import { segmentBytes } from './hls-window.js';

/** The operations on files that {@link HlsFolder} needs. */
export interface HlsFolderFiles {
  /** With those above it; gives the topmost that did not exist. */
  makeFolder(path: string): Promise<string | undefined>;
  read(path: string): Promise<string>;
  write(path: string, data: Buffer | string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Succeeds when there is no such file. */
  remove(path: string): Promise<void>;
  /** Fails when the folder is not empty. */
  removeFolder(path: string): Promise<void>;
}

/** The file system. */
export const diskFiles: HlsFolderFiles = {
  makeFolder: (path) => mkdir(path, { recursive: true }),
  read: (path) => readFile(path, 'utf8'),
  write: (path, data) => writeFile(path, data),
  rename,
  remove: (path) => rm(path, { force: true }),
  removeFolder: rmdir,
};

/** Everything that the folder shall hold. */
export interface HlsFolderState {
  readonly renditions: readonly HlsRendition[];
  /** Nothing before it is complete: players read it once. */
  readonly master: string | undefined;
}

export interface HlsFolderOptions {
  readonly folder: string;
  readonly removeAtEnd: boolean;
  readonly files?: HlsFolderFiles | undefined;
}

const MASTER = 'index.m3u8';
/** Names of segments and headers that we give, and nothing else, are removed when an earlier run left them. */
const OURS = /^[0-9a-z]+-(\d+\.m4s|init-\d+\.mp4)$/;

/**
 * Keeps a folder as a stream is: complete segments, headers, playlists without parts. Files appear under their names when they are whole. Nothing queues
 * up for a slow disk: each round writes what is missing now. When writing fails it stops for good, and says why in {@link error}.
 */
export class HlsFolder {
  readonly #folder: string;
  readonly #removeAtEnd: boolean;
  readonly #files: HlsFolderFiles;
  /** What lies in the folder, by path below it. */
  readonly #written = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #playlists = new Map<string, string>();
  #next: (() => HlsFolderState) | undefined;
  #working: Promise<void> | undefined;
  #error: VitascopeError | undefined;
  /** The folder did not exist before. */
  #isOurs = false;

  constructor({ folder, removeAtEnd, files = diskFiles }: HlsFolderOptions) {
    this.#folder = folder;
    this.#removeAtEnd = removeAtEnd;
    this.#files = files;
  }

  /** `OUTPUT_DISK_FULL` or `OUTPUT_UNWRITABLE`. */
  get error(): VitascopeError | undefined {
    return this.#error;
  }

  /** Brings the folder up to date, in the background. */
  update(state: () => HlsFolderState): void {
    this.#next = state;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** Writes the end, or removes everything. Never throws. */
  async close(state: HlsFolderState): Promise<void> {
    this.#next = undefined;
    await this.#working;
    if (this.#removeAtEnd) return await this.#removeAll();
    this.update(() => state);
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#next !== undefined && this.#error === undefined) {
      const state = this.#next;
      this.#next = undefined;
      try {
        await this.#write(state());
      } catch (error) {
        this.#error = folderError(this.#folder, error);
      }
    }
  }

  async #write({ renditions, master }: HlsFolderState): Promise<void> {
    for (const rendition of renditions) await this.#writeRendition(rendition);
    // A master without segments behind it would be read, and not again.
    if (this.#playlists.size > 0 && master !== undefined) await this.#writePlaylist(MASTER, master);
  }

  async #writeRendition(rendition: HlsRendition): Promise<void> {
    const snapshot = rendition.window.snapshot();
    const segments = snapshot.segments.filter(({ complete }) => complete);
    if (segments.length === 0) return;
    const { name } = rendition;
    if (!this.#folders.has(name)) await this.#takeOver(name);
    for (const segment of segments) {
      await this.#writeOnce(`${name}/${segment.init.uri}`, () => segment.init.data);
      await this.#writeOnce(`${name}/${segment.uri}`, () => segmentBytes(segment));
    }
    await this.#writePlaylist(`${name}/${MEDIA_PLAYLIST}`, rendition.playlist(snapshot, undefined));
    await this.#removeOld(rendition);
  }

  /** Removes the segments that an earlier run's playlist names. */
  async #takeOver(name: string): Promise<void> {
    const made = await this.#files.makeFolder(this.#folder);
    this.#isOurs ||= made !== undefined;
    await this.#files.makeFolder(join(this.#folder, name));
    this.#folders.add(name);
    const earlier = await this.#files.read(join(this.#folder, name, MEDIA_PLAYLIST)).catch(() => '');
    const names = earlier.split('\n').map((line) => /^#EXT-X-MAP:URI="([^"]*)"/.exec(line)?.[1] ?? line.trim());
    for (const file of names) if (OURS.test(file)) await this.#files.remove(join(this.#folder, name, file));
  }

  async #writeOnce(path: string, data: () => Buffer): Promise<void> {
    if (this.#written.has(path)) return;
    await this.#replace(path, data());
  }

  async #writePlaylist(path: string, text: string): Promise<void> {
    if (this.#playlists.get(path) === text) return;
    await this.#replace(path, text);
    this.#playlists.set(path, text);
  }

  async #replace(path: string, data: Buffer | string): Promise<void> {
    const target = join(this.#folder, path);
    const temporary = `${target}.new`;
    try {
      await this.#files.write(temporary, data);
      await this.#files.rename(temporary, target);
    } catch (error) {
      await this.#files.remove(temporary).catch(() => undefined);
      throw error;
    }
    this.#written.add(path);
  }

  async #removeOld({ name, window }: HlsRendition): Promise<void> {
    for (const path of this.#written) {
      const file = path.slice(name.length + 1);
      if (!path.startsWith(`${name}/`) || file === MEDIA_PLAYLIST || window.holds(file)) continue;
      await this.#files.remove(join(this.#folder, path));
      this.#written.delete(path);
    }
  }

  async #removeAll(): Promise<void> {
    try {
      for (const path of this.#written) await this.#files.remove(join(this.#folder, path));
      for (const name of this.#folders) await this.#files.removeFolder(join(this.#folder, name)).catch(() => undefined);
      if (this.#isOurs) await this.#files.removeFolder(this.#folder).catch(() => undefined);
      this.#written.clear();
    } catch (error) {
      this.#error ??= folderError(this.#folder, error);
    }
  }
}

function folderError(folder: string, cause: unknown): VitascopeError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const code = ['ENOSPC', 'EDQUOT'].includes(reason) ? 'OUTPUT_DISK_FULL' : 'OUTPUT_UNWRITABLE';
  const words = cause instanceof Error ? cause.message : String(cause);
  return new VitascopeError(code, `cannot write HLS to ${folder}: ${words}`, { context: { folder }, cause });
}
