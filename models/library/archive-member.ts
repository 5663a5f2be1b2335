import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { basename } from 'node:path/posix';
import { VitascopeError } from '../../pipeline/errors.js';
import { inCache, tooLittleSpace } from './cache-errors.js';
import { moveDurably } from './files.js';

/** A file to take out of an archive. */
export interface ArchiveMember {
  /** Path in the archive; a bare name means the one file of that name, in whichever folder. */
  readonly member: string;
  /** Where it shall lie. Names inside the archive are compared, and never written to. */
  readonly path: string;
  /** Expected size. */
  readonly bytes?: number | undefined;
}

/** An archive to take files out of. */
export interface ArchiveRequest {
  /** For messages. */
  readonly who: string;
  readonly archive: string;
  readonly members: readonly ArchiveMember[];
  /** Largest member where no size is expected, bytes. */
  readonly maxBytes: number;
  readonly freeBytes: () => Promise<number>;
  readonly signal: AbortSignal;
}

/** A file that was taken out. */
export interface ExtractedFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** What was taken out, by `path` of the request. */
export type Extracted = Map<string, ExtractedFile>;

/** Matches the entries of an archive with what is wanted, and refuses hostile ones. */
export class MemberMatcher {
  readonly #request: ArchiveRequest;
  readonly #found = new Map<ArchiveMember, string>();

  constructor(request: ArchiveRequest) {
    this.#request = request;
  }

  /**
   * The members that the entry is.
   *
   * @param isFile False for folders, links and devices.
   * @throws VitascopeError `MODEL_INVALID` for a name that leads out of the archive, a link, a second file of a name, a wrong or huge size.
   */
  match(name: string, isFile: boolean, bytes: number): readonly ArchiveMember[] {
    const clean = name.replace(/^(\.\/)+/, '');
    if (clean.startsWith('/') || /^[a-z]:/i.test(clean) || clean.split(/[/\\]/).includes('..')) {
      throw this.invalid(`holds "${name}", which leads out of it`);
    }
    const matching = this.#request.members.filter(({ member }) => isNamed(clean, member));
    for (const wanted of matching) this.#check(wanted, name, isFile, bytes);
    return matching;
  }

  /** @throws VitascopeError `MODEL_INVALID` when something was not in the archive. */
  finish(): void {
    const missing = this.#request.members.find((wanted) => !this.#found.has(wanted));
    if (missing !== undefined) throw this.invalid(`holds no file "${missing.member}"`);
  }

  invalid(why: string, cause?: unknown): VitascopeError {
    const { who, archive } = this.#request;
    return new VitascopeError('MODEL_INVALID', `${who}: the archive ${basename(archive)} ${why}`, { cause });
  }

  #check(wanted: ArchiveMember, name: string, isFile: boolean, bytes: number): void {
    const before = this.#found.get(wanted);
    if (before !== undefined) throw this.invalid(`holds "${before}" and "${name}", both may be "${wanted.member}"`);
    if (!isFile) throw this.invalid(`holds "${name}" as a link or folder, a file was expected`);
    if (wanted.bytes !== undefined && bytes !== wanted.bytes) {
      throw this.invalid(`holds "${name}" with ${bytes} bytes, expected ${wanted.bytes}`);
    }
    if (bytes > this.#request.maxBytes) {
      throw this.invalid(`holds "${name}" with ${bytes} bytes, at most ${this.#request.maxBytes} are allowed`);
    }
    this.#found.set(wanted, name);
  }
}

function isNamed(name: string, member: string): boolean {
  return member.includes('/') ? name === member : basename(name) === member;
}

/**
 * Writes a member beside its place, and moves it there when it is complete.
 *
 * @param size As the archive tells it; more bytes are not taken.
 * @throws VitascopeError `MODEL_INVALID`, `MODEL_CACHE`, `MODEL_CACHE_FULL`, `ABORTED` by way of the stream.
 */
export async function writeMember(
  content: AsyncIterable<Uint8Array>,
  path: string,
  size: number,
  { who, freeBytes, signal }: ArchiveRequest,
): Promise<ExtractedFile> {
  const free = await freeBytes();
  if (size > free) throw tooLittleSpace(who, path, size, free);
  const draft = `${path}.unpacking`;
  const file = await inCache(draft, () => open(draft, 'w'));
  try {
    const hash = createHash('sha256');
    const bytes = await copyInto(file, draft, content, size, hash, signal);
    if (bytes !== size) {
      throw new VitascopeError(
        'MODEL_INVALID',
        `${who}: a file in the archive has ${bytes} bytes or more, it tells ${size}`,
      );
    }
    await inCache(draft, () => file.sync());
    await file.close();
    await inCache(path, () => moveDurably(draft, path));
    return { bytes, sha256: hash.digest('hex') };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(draft, { force: true });
    throw error;
  }
}

/** Stops after the piece that exceeds `size`, which is not written. */
async function copyInto(
  file: FileHandle,
  path: string,
  content: AsyncIterable<Uint8Array>,
  size: number,
  hash: Hash,
  signal: AbortSignal,
): Promise<number> {
  let bytes = 0;
  for await (const chunk of content) {
    signal.throwIfAborted();
    bytes += chunk.length;
    if (bytes > size) break;
    hash.update(chunk);
    await inCache(path, () => file.appendFile(chunk));
  }
  return bytes;
}
