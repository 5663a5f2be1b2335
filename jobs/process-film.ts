import type { Graph } from '../pipeline/graph/graph.js';
import { type Microseconds, rationalValue, tapFrames, VitascopeError } from '../pipeline/index.js';
import { Runner, type RunnerMetrics } from '../pipeline/runner.js';
import { openFile } from '../streams/file/open-file.js';
import type { ResumePoint } from '../streams/file/open-options.js';
import { FilmWriter, type WriteFileOptions, type WriteResult } from '../streams/file/write-file.js';
import type { Film, FilmInfo, FilmRange, ReadReport } from '../streams/film.js';
import { checkAttaches } from './film-records/attached-keys.js';
import { JobRecords } from './film-records/job-records.js';
import { type FilmRecordsOptions, planRecords, type RecordFile } from './film-records/record-plan.js';
import { RecordsWriter } from './film-records/records-writer.js';
import { JobSound } from './film-sound/job-sound.js';
import type { FilmSoundResult } from './film-sound/render-sound.js';
import { planSound } from './film-sound/sound-plan.js';
import type { JobWriter } from './job-writer.js';
import { keepsPictures } from './kept-pictures.js';

/** Frames the sink may hold: one being encoded, a few waiting while an encoder is busy. */
const SINK_HOLDS = 4;
/** Frames that two runs of a job see, so that the second knows who is who. */
const RECORDS_WARMUP = 4;

/** What a job reads, does and writes. Input, range, graph and encoding are its identity, and whether records are kept: with the same ones a job resumes. */
export interface ProcessFilmOptions extends Omit<WriteFileOptions, 'signal' | 'reencode'>, FilmRange {
  readonly input: string;
  /** The film to write. Without one nothing is encoded, and there must be {@link records}. */
  readonly output?: string | undefined;
  readonly graph: Graph;
  /** Files with what operators found in the pictures. */
  readonly records?: FilmRecordsOptions | undefined;
  /** Throw away what an earlier run of this job has left. Default false: go on where it ended. */
  readonly restart?: boolean | undefined;
  readonly sequenceRate?: number | undefined;
  /** Slots of the source's frame pool. Default: what the graph recommends. */
  readonly poolSlots?: number | undefined;
}

/** How a job ended, and what was survived on the way. `path` is empty where no film was asked for. */
export interface ProcessFilmResult extends WriteResult {
  /** False when the job was stopped: `path` is then a playable file of what was finished, or nothing was finished. */
  readonly complete: boolean;
  /** Files with what operators found; of a job that was stopped, the metadata of what was finished under its partial name. */
  readonly records: readonly RecordFile[];
  /** What became of the film's sound; nothing for graphs that make none. */
  readonly sound?: FilmSoundResult | undefined;
  /** Frames that an earlier run had finished. */
  readonly resumedFrames: number;
  readonly report: ReadReport;
  readonly elapsedMs: number;
}

/**
 * One film through one graph into one file. The work is committed in pieces: after a crash the same job goes on where it was, and
 * its result has the frames and times of an uninterrupted run.
 *
 * @example
 * const job = await FilmJob.open({ input: 'reel.mkv', output: 'reel.colour.mkv', graph: await loadGraph('restore') });
 * process.once('SIGINT', () => job.stop());
 * const { path } = await job.run();
 */
export class FilmJob {
  readonly info: FilmInfo;
  /** Frames that an earlier run had finished. */
  readonly resumedFrames: number;
  readonly #options: ProcessFilmOptions;
  readonly #film: Film;
  readonly #writer: JobWriter;
  readonly #records: JobRecords | undefined;
  readonly #sound: JobSound | undefined;
  readonly #abort: AbortController;
  #runner: Runner | undefined;
  #stopped = false;

  private constructor(
    options: ProcessFilmOptions,
    film: Film,
    writer: JobWriter,
    records: JobRecords | undefined,
    sound: JobSound | undefined,
    abort: AbortController,
  ) {
    this.#options = options;
    this.#film = film;
    this.#writer = writer;
    this.#records = records;
    this.#sound = sound;
    this.#abort = abort;
    this.info = film.info;
    this.resumedFrames = writer.done.reduce((sum, piece) => sum + piece.frames, 0);
  }

  /**
   * Opens the input and the work folder and checks what can be known beforehand. Pictures are not decoded yet; sound is, where a graph makes sound for films that have none.
   * Where a graph does nothing but make sound, packets of the video are read, to see whether they can be copied.
   *
   * @throws VitascopeError `INPUT_…`, `OUTPUT_…`, `CONTAINER_…`, `ENCODER_UNKNOWN`, `OPTION_INVALID`, `GRAPH_POOL`, `RESUME_MISMATCH`, `GRAPH_TYPE` for
   * records of what the graph does not find, and what sound is made with (a bank that cannot be read).
   */
  static async open(options: ProcessFilmOptions): Promise<FilmJob> {
    const { graph, input } = options;
    const requested = options.poolSlots;
    graph.poolSize({ sinkHolds: SINK_HOLDS, ...(requested === undefined ? {} : { requested }) });
    const files = planRecords(options.records ?? {}, options);
    await checkAttaches(graph, files);
    const film = await openFile(input, options);
    if (graph.video === 'process' && film.info.video === undefined) {
      throw new VitascopeError('INPUT_NO_VIDEO', `${input} holds no video for graph ${graph.name} to work on`, {
        context: { input, graph: graph.name },
      });
    }
    const abort = new AbortController();
    const wantsMetadata = files.some(({ form }) => form === 'metadata');
    const plan = await planSound({ graph, film: film.info, output: options.output, wantsMetadata });
    const planned = { ...options, graph: plan.graph, signal: abort.signal };
    const keepsLines = files.length > 0 || plan.sound !== undefined;
    const records = keepsLines ? new JobRecords({ ...plan, files, film: film.info }) : undefined;
    const writer = await openWriter(planned, film, records, plan.sound?.replaces?.index);
    const sound = writer instanceof FilmWriter ? new JobSound(plan, film, writer, planned) : undefined;
    const job = new FilmJob(planned, film, writer, records, sound, abort);
    try {
      await records?.open(writer, { overwrite: options.overwrite ?? false, resume: job.#resumePoint() });
    } catch (error) {
      await writer.abandon({ keepPieces: true });
      throw error;
    }
    return job;
  }

  /**
   * Runs to the end, or until {@link stop} or {@link abort}. On failure the finished pieces stay, so that the same job can go on.
   *
   * @throws VitascopeError what the graph, the encoder or the file system fails with; `ABORTED` after {@link abort}.
   */
  async run(): Promise<ProcessFilmResult> {
    const started = performance.now();
    let film = this.#film;
    try {
      if (this.#writer.encodes) {
        film = await openFile(this.#options.input, {
          ...this.#options,
          resume: this.#resumePoint(),
          slots: this.#slots(),
        });
        await this.#encode(film);
      }
      const written = await this.#finish();
      const { resumedFrames } = this;
      return { ...written, resumedFrames, report: film.report, elapsedMs: Math.round(performance.now() - started) };
    } catch (error) {
      await this.#writer.abandon({ keepPieces: true });
      throw error;
    }
  }

  /** Takes no more input, finishes what is in flight, and ends {@link run} with a playable file of what is done. */
  stop(): void {
    this.#stopped = true;
    void this.#runner?.stop();
  }

  /** Gives up at once; finished pieces stay. */
  async abort(reason: unknown = new VitascopeError('ABORTED', 'stopped on request')): Promise<void> {
    this.#abort.abort(reason);
    await this.#runner?.abort(reason);
  }

  /** Per-node figures; nothing before {@link run} and for copied video. */
  metrics(): RunnerMetrics | undefined {
    return this.#runner?.metrics();
  }

  async #encode(film: Film): Promise<void> {
    const { graph } = this.#options;
    const records = this.#records;
    this.#runner = new Runner({
      source: records === undefined ? film.video : film.video.pipe(tapFrames((sample) => records.sawSource(sample))),
      graph,
      sink: (output) =>
        this.#writer.encode(records === undefined ? output : output.pipe(tapFrames((s) => records.sawResult(s)))),
      sinkHolds: SINK_HOLDS,
    });
    const running = this.#runner.start();
    if (this.#stopped) this.stop();
    await running;
  }

  async #finish(): Promise<WriteResult & Pick<ProcessFilmResult, 'complete' | 'records' | 'sound'>> {
    const writer = this.#writer;
    const sound = this.#sound;
    if (!this.#stopped) {
      // First, since the film is made of the pieces as well, and takes them with it.
      const records = (await this.#records?.write(writer, this.#options)) ?? [];
      const made = await sound?.make();
      try {
        return { ...(await writer.complete(made?.track)), records, sound: made?.result, complete: true };
      } finally {
        await made?.remove();
      }
    }
    const { frames } = writer;
    const records = (await this.#records?.writePartially(writer)) ?? [];
    const made = await sound?.make(writer.pieces.at(-1)?.untilUs);
    try {
      const partial = await writer.completePartially(made?.track);
      if (partial === undefined) await writer.abandon({ keepPieces: true });
      return { path: partial ?? '', frames, leftOut: [], records, sound: made?.result, complete: false };
    } finally {
      await made?.remove();
    }
  }

  #slots(): number {
    return this.#options.poolSlots ?? this.#options.graph.poolSize({ sinkHolds: SINK_HOLDS }).recommended;
  }

  #resumePoint(): ResumePoint | undefined {
    const last = this.#writer.done.at(-1);
    if (last === undefined) return undefined;
    return {
      atUs: last.untilUs,
      index: last.nextFrameIndex,
      warmupFromUs: Math.max(this.#options.fromUs ?? 0, last.untilUs - this.#warmupUs()),
    };
  }

  #warmupUs(): Microseconds {
    const frames = Math.max(this.#options.graph.warmupFrames(), this.#records === undefined ? 0 : RECORDS_WARMUP);
    const rate = rationalValue(this.info.video?.frameRate ?? { num: 0, den: 1 });
    return Math.ceil((frames * 1e6) / (rate > 0 ? rate : 24));
  }
}

/** What takes the frames: of a film, or of records alone. */
async function openWriter(
  options: ProcessFilmOptions & { readonly signal: AbortSignal },
  film: Film,
  records: JobRecords | undefined,
  replacedSound: number | undefined,
): Promise<JobWriter> {
  const { graph, output, restart = false } = options;
  const copies = await keepsPictures(options, film.info);
  const nodes = graph.nodes.map(({ name, operator, options: o, inputs }) => [name, operator.name, o, inputs]);
  const job = { graph: nodes, ...records?.identity };
  if (output !== undefined) {
    const writing = {
      ...options,
      reencode: graph.video === 'process' && !copies,
      lines: records?.lines,
      linesOnly: copies && records !== undefined,
      replacedSound,
    };
    return await FilmWriter.open(output, film, writing, job, restart);
  }
  if (records === undefined) {
    throw new VitascopeError('OPTION_INVALID', 'FilmJob: nothing to write; give an output, or records');
  }
  return await RecordsWriter.open(records.path, film, { ...options, lines: records.lines }, job, restart);
}
