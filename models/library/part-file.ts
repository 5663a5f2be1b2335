import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { z } from 'zod';
import { inCache } from './cache-errors.js';
import { moveDurably, readJson, writeAtomically } from './files.js';

const partSource = z.object({
  /** The address that was asked, before redirects. */
  url: z.string(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  /** Size of the whole file as the server told it. */
  total: z.int().nonnegative().optional(),
});
/** Whose bytes a part holds. */
export type PartSource = z.output<typeof partSource>;

/**
 * The beginning of a file that is being fetched, `FILE.part`, with `FILE.part.json` beside it, which says of which file it is the
 * beginning. It survives the process; the digest is kept up to date while bytes arrive.
 *
 * @throws VitascopeError `MODEL_CACHE`, `MODEL_CACHE_FULL` in all methods.
 */
export class PartFile {
  readonly #target: string;
  readonly #handle: FileHandle;
  #hash: Hash;
  #bytes = 0;
  #source: PartSource | undefined;

  private constructor(target: string, handle: FileHandle) {
    this.#target = target;
    this.#handle = handle;
    this.#hash = createHash('sha256');
  }

  /** Opens the part of `target`, an empty one if there is none. What it holds is hashed anew. */
  static async open(target: string, signal?: AbortSignal): Promise<PartFile> {
    const path = partPath(target);
    const handle = await inCache(path, () => open(path, 'r+').catch(() => open(path, 'w+')));
    const part = new PartFile(target, handle);
    try {
      await part.#readBack(signal);
      return part;
    } catch (error) {
      await part.close();
      throw error;
    }
  }

  /** How many bytes of the file are here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whose bytes they are; `undefined` when there are none. */
  get source(): PartSource | undefined {
    return this.#source;
  }

  /** Throws away what is here; what follows belongs to `source`. */
  async restart(source?: PartSource): Promise<void> {
    await inCache(partPath(this.#target), async () => {
      // A device in place of the file, such as /dev/full, has no length to cut.
      if (this.#bytes > 0) await this.#handle.truncate(0);
      await rm(sourcePath(this.#target), { force: true });
    });
    this.#bytes = 0;
    this.#hash = createHash('sha256');
    this.#source = source;
    if (source !== undefined) await writeAtomically(sourcePath(this.#target), JSON.stringify(source));
  }

  async append(chunk: Uint8Array): Promise<void> {
    await inCache(partPath(this.#target), async () => {
      for (let done = 0; done < chunk.length; ) {
        const { bytesWritten } = await this.#handle.write(chunk, done, chunk.length - done, this.#bytes + done);
        done += bytesWritten;
      }
    });
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /** SHA-256 of what is here, in hex. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Makes the part the finished file. */
  async finish(): Promise<void> {
    await inCache(this.#target, async () => {
      await this.#handle.sync();
      await this.#handle.close();
      await moveDurably(partPath(this.#target), this.#target);
      await rm(sourcePath(this.#target), { force: true });
    });
  }

  /** Lets go of the part and keeps it. */
  async close(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }

  /** Lets go of the part and removes it. */
  async discard(): Promise<void> {
    await this.close();
    await inCache(this.#target, async () => {
      await rm(partPath(this.#target), { force: true });
      await rm(sourcePath(this.#target), { force: true });
    });
  }

  async #readBack(signal: AbortSignal | undefined): Promise<void> {
    const path = partPath(this.#target);
    const { size } = await inCache(path, () => this.#handle.stat());
    if (size === 0) return;
    const source = partSource.safeParse(await readJson(sourcePath(this.#target)));
    this.#bytes = size;
    if (!source.success) return this.restart();
    this.#source = source.data;
    const stream = createReadStream(path, { end: size - 1, highWaterMark: 1 << 20, ...(signal && { signal }) });
    for await (const chunk of stream) this.#hash.update(chunk as Buffer);
  }
}

function partPath(target: string): string {
  return `${target}.part`;
}

function sourcePath(target: string): string {
  return `${target}.part.json`;
}
