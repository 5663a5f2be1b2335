import type { Graph } from '../pipeline/graph/graph.js';
import { type Microseconds, rationalValue, VitascopeError } from '../pipeline/index.js';
import { Runner, type RunnerMetrics } from '../pipeline/runner.js';
import { openFile } from '../streams/file/open-file.js';
import type { ResumePoint } from '../streams/file/open-options.js';
import { FilmWriter, type WriteFileOptions, type WriteResult } from '../streams/file/write-file.js';
import type { Film, FilmInfo, FilmRange, ReadReport } from '../streams/film.js';

/** Frames the sink may hold: one being encoded, a few waiting while an encoder is busy. */
const SINK_HOLDS = 4;

/** What a job reads, does and writes. Input, range, graph and encoding are its identity: with the same ones a job resumes. */
export interface ProcessFilmOptions extends Omit<WriteFileOptions, 'signal' | 'reencode'>, FilmRange {
  readonly input: string;
  readonly output: string;
  readonly graph: Graph;
  /** Throw away what an earlier run of this job has left. Default false: go on where it ended. */
  readonly restart?: boolean | undefined;
  readonly sequenceRate?: number | undefined;
  /** Slots of the source's frame pool. Default: what the graph recommends. */
  readonly poolSlots?: number | undefined;
}

/** How a job ended, and what was survived on the way. */
export interface ProcessFilmResult extends WriteResult {
  /** False when the job was stopped: `path` is then a playable file of what was finished, or nothing was finished. */
  readonly complete: boolean;
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
  readonly #writer: FilmWriter;
  readonly #abort: AbortController;
  #runner: Runner | undefined;
  #stopped = false;

  private constructor(options: ProcessFilmOptions, film: Film, writer: FilmWriter, abort: AbortController) {
    this.#options = options;
    this.#film = film;
    this.#writer = writer;
    this.#abort = abort;
    this.info = film.info;
    this.resumedFrames = writer.done.reduce((sum, piece) => sum + piece.frames, 0);
  }

  /**
   * Opens the input and the work folder and checks what can be known beforehand; nothing is decoded yet.
   *
   * @throws VitascopeError `INPUT_…`, `OUTPUT_…`, `CONTAINER_…`, `ENCODER_UNKNOWN`, `OPTION_INVALID`, `GRAPH_POOL`, `RESUME_MISMATCH`.
   */
  static async open(options: ProcessFilmOptions): Promise<FilmJob> {
    const { graph, input, output } = options;
    const requested = options.poolSlots;
    graph.poolSize({ sinkHolds: SINK_HOLDS, ...(requested === undefined ? {} : { requested }) });
    const film = await openFile(input, options);
    if (graph.video === 'process' && film.info.video === undefined) {
      throw new VitascopeError('INPUT_NO_VIDEO', `${input} holds no video for graph ${graph.name} to work on`, {
        context: { input, graph: graph.name },
      });
    }
    const abort = new AbortController();
    const job = {
      graph: graph.nodes.map(({ name, operator, options: o, inputs }) => [name, operator.name, o, inputs]),
    };
    const writing = { ...options, reencode: graph.video === 'process', signal: abort.signal };
    const writer = await FilmWriter.open(output, film, writing, job, options.restart ?? false);
    return new FilmJob(options, film, writer, abort);
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
    this.#runner = new Runner({
      source: film.video,
      graph,
      sink: (output) => this.#writer.encode(output),
      sinkHolds: SINK_HOLDS,
    });
    const running = this.#runner.start();
    if (this.#stopped) this.stop();
    await running;
  }

  async #finish(): Promise<WriteResult & { complete: boolean }> {
    if (!this.#stopped) return { ...(await this.#writer.complete()), complete: true };
    const partial = await this.#writer.completePartially();
    if (partial === undefined) await this.#writer.abandon({ keepPieces: false });
    return { path: partial ?? '', frames: this.#writer.frames, leftOut: [], complete: false };
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
    const frames = this.#options.graph.warmupFrames();
    const rate = rationalValue(this.info.video?.frameRate ?? { num: 0, den: 1 });
    return Math.ceil((frames * 1e6) / (rate > 0 ? rate : 24));
  }
}
