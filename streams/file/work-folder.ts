import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VitascopeError } from '../../pipeline/index.js';
import { type FinishedPiece, type PieceRecord, pieceRecordPattern, readPieceRecord, writeAtomically } from './piece.js';

type ReadPiece<Finished extends FinishedPiece> = (folder: string, index: number) => Promise<Finished | undefined>;

/**
 * The folder beside an output that holds the finished pieces of an unfinished job, so that the same command goes on where an
 * earlier run ended, however it ended.
 */
export class WorkFolder {
  readonly path: string;
  #locked = false;

  private constructor(path: string) {
    this.path = path;
  }

  static pathFor(output: string): string {
    return `${output}.vitascope`;
  }

  /**
   * Opens or creates the folder and takes its lock. Work that belongs to another job is refused, or removed with `restart`.
   *
   * @param job Everything that the pieces depend on, as JSON-serialisable data.
   * @throws VitascopeError `OUTPUT_IN_USE`, `RESUME_MISMATCH`, `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL`.
   */
  static async open(output: string, job: object, options: { restart: boolean }): Promise<WorkFolder> {
    const folder = new WorkFolder(WorkFolder.pathFor(output));
    await describeFailure(output, () => makeFolder(folder.path));
    await describeFailure(output, () => folder.#lock());
    try {
      await folder.#adopt(job, options.restart);
      return folder;
    } catch (error) {
      await folder.release();
      throw error;
    }
  }

  /** Finished pieces from the first on, as far as none is missing. */
  async pieces(): Promise<PieceRecord[]>;
  async pieces<Finished extends FinishedPiece>(read: ReadPiece<Finished>): Promise<Finished[]>;
  async pieces(read: ReadPiece<FinishedPiece> = readPieceRecord): Promise<FinishedPiece[]> {
    const names = await readdir(this.path);
    const indices = names.map((n) => pieceRecordPattern.exec(n)?.[1]).filter((n) => n !== undefined);
    const pieces: FinishedPiece[] = [];
    for (const index of indices.map(Number).sort((a, b) => a - b)) {
      const record = index === pieces.length ? await read(this.path, index) : undefined;
      if (record === undefined) break;
      pieces.push(record);
    }
    return pieces;
  }

  /** Lets go of the lock and keeps the pieces. */
  async release(): Promise<void> {
    if (!this.#locked) return;
    this.#unlock();
    await rm(this.#lockPath, { force: true });
  }

  /** Removes the folder with everything in it. */
  async remove(): Promise<void> {
    this.#unlock();
    await rm(this.path, { recursive: true, force: true });
  }

  #unlock(): void {
    this.#locked = false;
    locksOfThisProcess.delete(this.#lockPath);
  }

  get #lockPath(): string {
    return join(this.path, 'lock');
  }
  get #jobPath(): string {
    return join(this.path, 'job.json');
  }

  async #lock(): Promise<void> {
    for (;;) {
      try {
        const file = await open(this.#lockPath, 'wx');
        await file.writeFile(String(process.pid));
        await file.close();
        this.#locked = true;
        locksOfThisProcess.add(this.#lockPath);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = Number(await readFile(this.#lockPath, 'utf8').catch(() => ''));
      if (owner !== process.pid && isAlive(owner)) {
        throw new VitascopeError('OUTPUT_IN_USE', `process ${owner} is already working in ${this.path}`, {
          context: { pid: owner },
        });
      }
      if (owner === process.pid && locksOfThisProcess.has(this.#lockPath)) {
        throw new VitascopeError('OUTPUT_IN_USE', `this process is already working in ${this.path}`);
      }
      await rm(this.#lockPath, { force: true });
    }
  }

  async #adopt(job: object, restart: boolean): Promise<void> {
    const text = JSON.stringify(job, undefined, 2);
    const before = await readFile(this.#jobPath, 'utf8').catch(() => undefined);
    if (before === text && !restart) return;
    if (before !== undefined && !restart) {
      const changed = changedKeys(before, job).join(', ');
      throw new VitascopeError(
        'RESUME_MISMATCH',
        `${this.path} holds the beginning of another job (different: ${changed}); give --restart to begin anew, or remove the folder`,
        { context: { changed } },
      );
    }
    for (const name of await readdir(this.path)) {
      if (name !== 'lock') await rm(join(this.path, name), { recursive: true, force: true });
    }
    await writeAtomically(this.#jobPath, text);
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

const locksOfThisProcess = new Set<string>();

function changedKeys(before: string, job: object): string[] {
  try {
    const old = JSON.parse(before) as Record<string, unknown>;
    const digest = (value: unknown): string =>
      createHash('sha1')
        .update(JSON.stringify(value) ?? '')
        .digest('hex');
    const keys = new Set([...Object.keys(old), ...Object.keys(job)]);
    return [...keys].filter((k) => digest(old[k]) !== digest((job as Record<string, unknown>)[k]));
  } catch {
    return ['unreadable job.json'];
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function describeFailure<T>(output: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof VitascopeError) throw cause;
    throw outputError(output, cause);
  }
}

/** A file-system error of the output side as one of ours. */
export function outputError(output: string, cause: unknown): VitascopeError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new VitascopeError('OUTPUT_DISK_FULL', `no space is left for ${output}`, { cause });
  }
  const words = code === 'ENOENT' ? 'its folder does not exist' : message;
  return new VitascopeError('OUTPUT_UNWRITABLE', `cannot write ${output}: ${words}`, {
    context: { errno: code },
    cause,
  });
}
