import type { Graph } from '../../pipeline/graph/graph.js';
import type { VideoSample } from '../../pipeline/index.js';
import type { ResumePoint } from '../../streams/file/open-options.js';
import type { FrameLines } from '../../streams/file/piece-lines.js';
import type { WriteProgress } from '../../streams/file/write-file.js';
import type { FilmInfo } from '../../streams/film.js';
import type { JobWriter } from '../job-writer.js';
import { attachedKeys } from './attached-keys.js';
import { FrameRecords } from './frame-records.js';
import { RecordFiles } from './record-files.js';
import type { RecordFile } from './record-plan.js';

/** Frames between two words on how far the files are. */
const PROGRESS_FRAMES = 500;

/** What {@link JobRecords} keeps, and for whom. */
export interface JobRecordsOptions {
  /** Files that were asked for. Without any, only {@link hears} is kept. */
  readonly files: readonly RecordFile[];
  /** Keys of what the film's sound is made of. */
  readonly hears: ReadonlySet<string>;
  readonly graph: Graph;
  readonly film: FilmInfo;
}

/** What a film job keeps of the metadata of its frames: lines beside its pieces, and in the end the files that were asked for. */
export class JobRecords {
  /** What pieces depend on; the number changes when older ones could not be used any more. */
  readonly identity: object;
  readonly #files: readonly RecordFile[];
  readonly #keys: ReadonlySet<string>;
  readonly #frames: FrameRecords;
  #writing: RecordFiles | undefined;

  constructor({ files, hears, graph, film }: JobRecordsOptions) {
    const { width = 1, height = 1, rotation = 0 } = film.video ?? {};
    const kept = files.length > 0 ? undefined : hears;
    this.#files = files;
    this.#keys = attachedKeys(graph);
    this.identity = kept === undefined ? { records: 1 } : { kept: [...kept].sort() };
    this.#frames = new FrameRecords({ size: { width, height }, rotation, keys: kept ?? this.#keys, kept });
  }

  /** The first file: the work of a job without a film is beside it. */
  get path(): string {
    return (this.#files[0] as RecordFile).path;
  }

  /** What is kept of each frame. */
  get lines(): FrameLines {
    return this.#frames;
  }

  /** Checks the files, and goes on after an earlier run. @throws VitascopeError `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE` */
  async open(
    writer: JobWriter,
    { overwrite, resume }: { overwrite: boolean; resume: ResumePoint | undefined },
  ): Promise<void> {
    this.#writing = await RecordFiles.open({
      files: this.#files,
      overwrite,
      folder: writer.folder,
      keys: this.#keys,
    });
    if (resume !== undefined) await this.#frames.resume(writer.folder, writer.done, resume.warmupFromUs);
  }

  /** Looks at a picture of the source, which is borrowed. */
  sawSource(sample: VideoSample): void {
    this.#frames.sawSource(sample);
  }

  /** Looks at a picture that leaves the graph, which is borrowed. */
  sawResult(sample: VideoSample): void {
    this.#frames.sawResult(sample);
  }

  /** Writes the files. @throws as {@link RecordFiles.write} */
  async write(
    writer: JobWriter,
    { fromUs = 0, onProgress }: { fromUs?: number | undefined; onProgress?: ((p: WriteProgress) => void) | undefined },
  ): Promise<readonly RecordFile[]> {
    if (this.#files.length === 0) return [];
    const { frames, pieces } = writer;
    const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    let count = 0;
    const onFrame = (line: string): void => {
      if (count++ % PROGRESS_FRAMES !== 0) return;
      const ptsUs = Number(/"ptsUs":(-?\d+)/.exec(line)?.[1] ?? fromUs) - fromUs;
      onProgress?.({ phase: 'assembling', frames, ptsUs, bytes });
    };
    return (await this.#writing?.write(pieces, onFrame)) ?? [];
  }

  /** Writes what can be read of the pieces that are there. @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  async writePartially({ pieces }: JobWriter): Promise<readonly RecordFile[]> {
    return (await this.#writing?.writePartially(pieces)) ?? [];
  }
}
