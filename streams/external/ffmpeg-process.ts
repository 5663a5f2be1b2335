import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import ffmpeg from 'fluent-ffmpeg';

export interface FfmpegJob {
  /** The binary. */
  readonly path: string;
  /** Options before `-i`. */
  readonly inputOptions: readonly string[];
  /** A path or address, or bytes for the child's standard input. */
  readonly input: string | Readable;
  /** Options after `-i`. */
  readonly outputOptions: readonly string[];
  /** Receives the child's standard output; its back-pressure is the child's. */
  readonly output: Writable;
  /** Called with each line of standard error. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** How a child ended. */
export interface FfmpegEnd {
  /** Exit code; nothing when a signal ended it or it never ran. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** Why it could not be started. */
  readonly startError: Error | undefined;
}

/** Children that run now. They see the end of their pipes when this process dies; this is for the orderly exit. */
const running = new Set<ChildProcess>();
let guarded = false;

/** What fluent-ffmpeg keeps private: its types do not name it, and it looks for capabilities and paths once for the whole process. */
interface CommandInternals {
  ffmpegProc?: ChildProcess;
  _getFfmpegPath(callback: (error: Error | null, path: string) => void): void;
  _checkCapabilities(callback: (error?: Error) => void): void;
  availableEncoders(callback: (error: Error | null, encoders: object) => void): void;
}

/**
 * One run of the user's ffmpeg. This file is the only one that knows fluent-ffmpeg, which is archived upstream.
 *
 * The child never outlives this process: its pipes break when this process is killed, and an exit kills it.
 */
export class FfmpegProcess {
  /** Resolves when the child is gone, however it ended; never rejects. */
  readonly ended: Promise<FfmpegEnd>;
  readonly #child: ChildProcess | undefined;
  #end: FfmpegEnd | undefined;

  private constructor(child: ChildProcess | undefined, ended: Promise<FfmpegEnd>) {
    this.#child = child;
    this.ended = ended.then((end) => {
      this.#end = end;
      return end;
    });
  }

  /** Resolves once the child runs, or has failed to. */
  static async start(job: FfmpegJob): Promise<FfmpegProcess> {
    const command = ffmpeg({ source: job.input, stdoutLines: 1 })
      .inputOptions(...job.inputOptions)
      .outputOptions(...job.outputOptions)
      .output(job.output);
    const internals = command as unknown as CommandInternals;
    Object.assign(internals, own(job.path));
    if (job.onLine !== undefined) command.on('stderr', job.onLine);
    let child: ChildProcess | undefined;
    const started = new Promise<void>((resolve) => {
      command.once('start', () => {
        child = internals.ffmpegProc;
        resolve();
      });
    });
    const ended = new Promise<FfmpegEnd>((resolve) => {
      command.once('end', () => resolve(endOf(child)));
      command.once('error', (error: Error) => resolve(endOf(child, error)));
    });
    command.run();
    await Promise.race([started, ended]);
    if (child !== undefined) guard(child);
    return new FfmpegProcess(child, ended);
  }

  /** The child's process id; nothing when it could not be started. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How it ended; nothing while it runs. */
  get end(): FfmpegEnd | undefined {
    return this.#end;
  }

  /** Kills the child if it still runs, and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.#end === undefined) this.#child?.kill('SIGKILL');
    await this.ended;
  }
}

/** This binary, and no questions to it: fluent-ffmpeg would run it twice more and remember the answers for every other binary. */
function own(path: string): Omit<CommandInternals, 'ffmpegProc'> {
  return {
    _getFfmpegPath: (callback) => callback(null, path),
    _checkCapabilities: (callback) => callback(),
    availableEncoders: (callback) => callback(null, {}),
  };
}

/** fluent-ffmpeg tells of the exit in words: the child itself knows. */
function endOf(child: ChildProcess | undefined, error?: Error): FfmpegEnd {
  const code = child?.exitCode ?? undefined;
  const signal = child?.signalCode ?? undefined;
  return { code, signal, startError: code === undefined && signal === undefined ? error : undefined };
}

function guard(child: ChildProcess): void {
  if (!guarded) {
    guarded = true;
    process.on('exit', () => {
      for (const other of running) other.kill('SIGKILL');
    });
  }
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  running.add(child);
  child.once('exit', () => running.delete(child));
}
