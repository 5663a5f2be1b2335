import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileOfPerson } from '../../operators/pose/export/bvh-export.js';
import { openPoseExport, type PoseExport } from '../../operators/pose/export/pose-export.js';
import type { PoseFrame } from '../../operators/pose/export/pose-frame.js';
import { TextExport } from '../../operators/text/export/text-export.js';
import type { TextFrame } from '../../operators/text/export/text-frame.js';
import { VitascopeError } from '../../pipeline/index.js';
import { type FinishedPiece, writeAtomically } from '../../streams/file/piece.js';
import { outputError } from '../../streams/file/work-folder.js';
import { LineFile } from '../../streams/metadata/line-file.js';
import { headerLine } from '../../streams/metadata/metadata-file.js';
import { isPoseFormat, isTextFormat } from './export-format.js';
import { frameLines, type PieceHeader, pieceHeader } from './piece-records.js';
import type { RecordFile } from './record-plan.js';

/** What {@link RecordFiles} needs to know. */
export interface RecordFilesOptions {
  readonly files: readonly RecordFile[];
  /** Replace files that exist. */
  readonly overwrite: boolean;
  /** The work folder of the job. */
  readonly folder: string;
  /** Keys that the graph may attach. */
  readonly keys: ReadonlySet<string>;
}

/** The files that are made of the lines of all pieces, when these are finished. */
export class RecordFiles {
  readonly #options: RecordFilesOptions;
  /** Files that an earlier run of this job has finished: they may be replaced. */
  readonly #own: ReadonlySet<string>;

  private constructor(options: RecordFilesOptions, own: ReadonlySet<string>) {
    this.#options = options;
    this.#own = own;
  }

  /** Checks what can be known beforehand. @throws VitascopeError `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE` */
  static async open(options: RecordFilesOptions): Promise<RecordFiles> {
    const text = await readFile(markerPath(options.folder), 'utf8').catch(() => '[]');
    const files = new RecordFiles(options, new Set(JSON.parse(text) as string[]));
    for (const file of options.files) await assertWritable(file, files.#replaces(file));
    return files;
  }

  /**
   * Writes all files of finished pieces. Lines are read one after the other; only motion for BVH is kept in memory, 136 bytes a person and frame.
   *
   * @param onFrame Called for each frame.
   * @returns what was written, of BVH a file a person.
   * @throws VitascopeError `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL`; no file is half written then.
   */
  async write(pieces: readonly FinishedPiece[], onFrame?: (line: string) => void): Promise<readonly RecordFile[]> {
    const { files, folder } = this.#options;
    const header = await this.#header(pieces);
    if (header === undefined) return [];
    const sinks: { readonly form: RecordFile['form']; readonly sink: RecordSink }[] = [];
    try {
      for (const file of files) sinks.push({ form: file.form, sink: await this.#open(file, header) });
      for await (const line of frameLines(folder, pieces)) {
        const frame = sinks.some(({ form }) => form !== 'metadata') ? foundFrame(line) : undefined;
        for (const { sink } of sinks) await sink.write(line, frame);
        onFrame?.(line);
      }
      await writeAtomically(markerPath(folder), JSON.stringify(files.map(({ path }) => path)));
      const written: RecordFile[] = [];
      for (const { form, sink } of sinks) written.push(...(await sink.finish()).map((path) => ({ form, path })));
      return written;
    } catch (error) {
      for (const { sink } of sinks) await sink.discard();
      throw error;
    }
  }

  /** Writes the metadata of the pieces that are there so far under its partial name; other forms have no beginning that can be read. */
  async writePartially(pieces: readonly FinishedPiece[]): Promise<readonly RecordFile[]> {
    const { files, folder } = this.#options;
    const metadata = files.find(({ form }) => form === 'metadata');
    const header = await this.#header(pieces);
    if (metadata === undefined || header === undefined) return [];
    const lines = await LineFile.open(metadata.path, { overwrite: true });
    try {
      await lines.write(headerLine(header));
      for await (const line of frameLines(folder, pieces)) await lines.write(line);
      return [{ form: 'metadata', path: await lines.stop() }];
    } catch (error) {
      await lines.discard();
      throw error;
    }
  }

  #replaces({ path }: RecordFile): boolean {
    return this.#options.overwrite || this.#own.has(path);
  }

  async #header([first]: readonly FinishedPiece[]): Promise<PieceHeader | undefined> {
    return first && (await pieceHeader(this.#options.folder, first));
  }

  async #open(file: RecordFile, header: PieceHeader): Promise<RecordSink> {
    const overwrite = this.#replaces(file);
    const { form, path } = file;
    const { keys } = this.#options;
    if (form !== 'metadata' && isPoseFormat(form) && (keys.has('poses') || !isTextFormat(form))) {
      return poseSink(await openPoseExport(form, path, { overwrite, height: header.height }));
    }
    if (form !== 'metadata' && isTextFormat(form)) return textSink(await TextExport.open(form, path, { overwrite }));
    const lines = await LineFile.open(file.path, { overwrite });
    await lines.write(headerLine(header));
    return {
      write: (line) => lines.write(line),
      finish: async () => [await lines.finish()],
      discard: () => lines.discard(),
    };
  }
}

/** Where lines go. */
interface RecordSink {
  write(line: string, frame: FoundFrame | undefined): Promise<void>;
  finish(): Promise<readonly string[]>;
  discard(): Promise<void>;
}

function poseSink(target: PoseExport): RecordSink {
  return {
    write: async (_line, frame) => {
      if (frame !== undefined) await target.write(frame);
    },
    finish: () => target.finish(),
    discard: () => target.discard(),
  };
}

function textSink(target: TextExport): RecordSink {
  return {
    write: async (_line, frame) => {
      if (frame !== undefined) target.write(frame);
    },
    finish: () => target.finish(),
    discard: () => target.discard(),
  };
}

/** What files for other programs are made of. */
type FoundFrame = PoseFrame & TextFrame;

function foundFrame(line: string): FoundFrame {
  const { frame, ptsUs, poses = [], texts = [] } = JSON.parse(line) as Partial<FoundFrame>;
  return { frame: frame as number, ptsUs: ptsUs as number, poses, texts };
}

const markerPath = (folder: string): string => join(folder, 'records.json');

async function assertWritable({ form, path }: RecordFile, overwrite: boolean): Promise<void> {
  const there = form === 'bvh' ? await fileOfPerson(path) : (await kindOf(path)) && path;
  if (there !== undefined && !overwrite) {
    throw new VitascopeError('OUTPUT_EXISTS', `${there} exists; give --overwrite to replace it`, { context: { path } });
  }
  try {
    if (form !== 'bvh' && (await kindOf(path)) === 'folder') throw new Error('it is a folder');
    await access(dirname(path), constants.W_OK);
  } catch (cause) {
    throw outputError(path, cause);
  }
}

async function kindOf(path: string): Promise<'folder' | 'file' | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && (found.isDirectory() ? 'folder' : 'file');
}
