import { access, type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, extname, join, parse } from 'node:path';
import { VitascopeError } from '../../pipeline/index.js';
import { outputError } from '../file/work-folder.js';

/** Options of {@link LineFile.open}. */
export interface LineFileOptions {
  /** Replace a file of that name when this one is finished. Default false. */
  readonly overwrite?: boolean | undefined;
  /** Write each line at once, for readers that follow the partial file. Default false: lines wait until some are worth writing. */
  readonly prompt?: boolean | undefined;
}

/** Bytes that wait in memory until they are written together. */
const BUFFER_BYTES = 64 * 1024;

/**
 * A text file that is written line by line, for hours perhaps. Until it is finished it has another name (`dance.partial.csv` for `dance.csv`), and at any
 * time holds whole lines only: what a write could not place wholly is cut off again.
 */
export class LineFile {
  /** Where the finished file is. */
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #partial: string;
  readonly #bufferBytes: number;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #writtenBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #failure: VitascopeError | undefined;
  #open = true;

  private constructor(path: string, partial: string, handle: FileHandle, bufferBytes: number) {
    this.path = path;
    this.#partial = partial;
    this.#handle = handle;
    this.#bufferBytes = bufferBytes;
  }

  /**
   * Begins a file; a partial one that an earlier run left is replaced.
   *
   * @throws VitascopeError `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL`
   */
  static async open(path: string, { overwrite = false, prompt = false }: LineFileOptions = {}): Promise<LineFile> {
    if (!overwrite && (await exists(path))) {
      throw new VitascopeError('OUTPUT_EXISTS', `${path} exists already`, { context: { path } });
    }
    const partial = partialPath(path);
    try {
      return new LineFile(path, partial, await open(partial, 'w'), prompt ? 0 : BUFFER_BYTES);
    } catch (cause) {
      throw outputError(path, cause);
    }
  }

  /**
   * Adds a line, which must hold no line break. Resolves when there is room for the next one: a writer that waits for it keeps memory bounded.
   *
   * @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL`, from then on for each line.
   */
  async write(line: string): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#waiting.push(line, '\n');
    this.#waitingBytes += line.length + 1;
    if (this.#waitingBytes >= this.#bufferBytes) await this.#flush();
  }

  /** Writes what waits, and gives the file its name. @throws as {@link write}. */
  async finish(): Promise<string> {
    await this.#flush();
    await this.#attempt(async () => {
      await this.#handle.sync();
      await this.#close();
      await rename(this.#partial, this.path);
    });
    return this.path;
  }

  /** Ends early: writes what waits, and leaves the partial file. @returns Its path. @throws as {@link write}; the file is closed then. */
  async stop(): Promise<string> {
    try {
      await this.#flush();
    } finally {
      await this.#close();
    }
    return this.#partial;
  }

  /** Ends early and removes the partial file. Never fails. */
  async discard(): Promise<void> {
    this.#waiting = [];
    await this.#writing.catch(() => {});
    await this.#close();
    await rm(this.#partial, { force: true }).catch(() => {});
  }

  #flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#attempt(() => this.#writeWaiting()));
    return this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const bytes = Buffer.from(this.#waiting.join(''));
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#writtenBytes + done);
      done += bytesWritten;
    }
    this.#writtenBytes += bytes.length;
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (cause) {
      this.#failure ??= outputError(this.path, cause);
      if (this.#open) await this.#handle.truncate(this.#writtenBytes).catch(() => {});
      throw this.#failure;
    }
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#handle.close();
  }
}

/** Name of a file that is not finished: `dance.partial.csv` for `dance.csv`. */
export function partialPath(path: string): string {
  const extension = extname(path);
  return join(dirname(path), `${parse(path).name}.partial${extension}`);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
