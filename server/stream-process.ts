import { type ChildProcess, fork } from 'node:child_process';
import { backOffMs } from '../pipeline/back-off.js';
import type { Clock } from './clock.js';
import { KeptFigures } from './kept-figures.js';
import { Questions } from './questions.js';
import type { StreamFigure } from './stream-figure.js';
import { type FromStream, isFromStream, type StreamQuestion, type ToStream } from './stream-protocol.js';

/** Streams that fell over together do not start together. */
const RESTART_JITTER = 0.25;

/** Limits and times of a stream's process. */
export interface StreamProcessOptions {
  /** The module that runs in the child. */
  readonly entry: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly hangMs: number;
  readonly startMs: number;
  readonly restartFirstMs: number;
  readonly restartMaxMs: number;
  readonly stableMs: number;
  readonly drainMs: number;
  readonly killMs: number;
  readonly memoryMb: number;
  readonly onLog?: ((name: string, level: string, message: string) => void) | undefined;
  /** Told what streams send besides signs of life and log lines: media and metadata. */
  readonly onMessage?: ((name: string, message: FromStream) => void) | undefined;
}

/** `waiting`: for its restart. */
export type StreamProcessState = 'starting' | 'running' | 'waiting' | 'draining' | 'ended';

/** What a stream's process does. Plain JSON. */
export interface StreamProcessStatus {
  readonly name: string;
  readonly state: StreamProcessState;
  /** The state for people. */
  readonly words: string;
  readonly pid: number | null;
  readonly restarts: number;
  /** Why it was started anew the last time. */
  readonly lastFailure: string | null;
  /** Resident memory as of the last heartbeat. */
  readonly rssBytes: number | null;
  /** What the last heartbeat brought. */
  readonly metrics: unknown;
  /** What its operators count, over all of its processes. */
  readonly figures: readonly StreamFigure[];
}

/** One stream: its child process, watched, started anew when it falls over or hangs, and ended. */
export class StreamProcess {
  readonly name: string;
  #settings: unknown;
  readonly #questions = new Questions();
  readonly #options: StreamProcessOptions;
  readonly #changed: () => void;
  #state: StreamProcessState = 'starting';
  #child: ChildProcess | undefined;
  #restarts = 0;
  /** Failures since it last ran for `stableMs`. */
  #failures = 0;
  #lastFailure: string | null = null;
  #runningSince = 0;
  #doomed: string | undefined;
  #goodbye: string | undefined;
  #rssBytes: number | null = null;
  #metrics: unknown = null;
  readonly #figures = new KeptFigures();
  #cancelTimer: () => void = () => undefined;

  constructor(name: string, settings: unknown, options: StreamProcessOptions, changed: () => void) {
    this.name = name;
    this.#settings = settings;
    this.#options = options;
    this.#changed = changed;
    this.#launch();
  }

  status(): StreamProcessStatus {
    return {
      name: this.name,
      state: this.#state,
      words: this.#words(),
      pid: this.#child?.pid ?? null,
      restarts: this.#restarts,
      lastFailure: this.#lastFailure,
      rssBytes: this.#rssBytes,
      metrics: this.#metrics,
      figures: this.#figures.list(),
    };
  }

  /** What the child is given when it is started the next time. */
  set settings(settings: unknown) {
    this.#settings = settings;
  }

  /**
   * Asks the child something.
   *
   * @throws VitascopeError what the stream answers; `ABORTED` when there is no process that could answer, or it ends before.
   */
  ask(question: StreamQuestion): Promise<unknown> {
    const child = this.#child;
    return this.#questions.ask((id) => {
      if (child?.connected !== true) return false;
      send(child, { type: 'question', id, question });
      return true;
    });
  }

  /** Asks the child to end, then sends SIGTERM, then SIGKILL. Resolved by the supervisor when the state is `ended`. */
  drain(): void {
    if (this.#state === 'draining' || this.#state === 'ended') return;
    this.#cancelTimer();
    const child = this.#child;
    if (child === undefined) {
      this.#enter('ended');
      return;
    }
    const { drainMs, killMs } = this.#options;
    send(child, { type: 'drain' });
    this.#timer(drainMs, () => {
      child.kill('SIGTERM');
      this.#timer(killMs, () => child.kill('SIGKILL'));
    });
    this.#enter('draining');
  }

  #launch(): void {
    this.#doomed = this.#goodbye = undefined;
    this.#rssBytes = null;
    const child = fork(this.#options.entry, [], {
      // Flags of the main program, such as --inspect-brk, are not meant for the child.
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    this.#child = child;
    let over = false;
    const end = (how: string): void => {
      if (over) return;
      over = true;
      this.#exited(how);
    };
    child.on('message', (message) => this.#receive(child, message));
    child.once('exit', (code, signal) => {
      const how = signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`;
      // What it has sent is still to be read.
      if (child.connected) child.once('disconnect', () => end(how));
      else end(how);
    });
    child.on('error', (error) => {
      if (child.pid === undefined) end(`it could not be started: ${error.message}`);
    });
    send(child, { type: 'start', settings: this.#settings });
    const { startMs } = this.#options;
    this.#timer(startMs, () => this.#fail(child, `it did not start within ${startMs} ms`));
    this.#enter('starting');
  }

  #receive(child: ChildProcess, message: unknown): void {
    if (child !== this.#child || !isFromStream(message)) return;
    if (message.type === 'log') this.#options.onLog?.(this.name, message.level, message.message);
    if (message.type === 'answer') this.#questions.settle(message);
    if (message.type === 'bye') this.#goodbye = message.reason;
    this.#options.onMessage?.(this.name, message);
    if (message.type === 'heartbeat') {
      [this.#rssBytes, this.#metrics] = [message.rssBytes, message.metrics];
      this.#figures.see(message.metrics);
    }
    if (this.#state === 'draining' || this.#doomed !== undefined) return;
    if (message.type === 'bye') {
      const { drainMs } = this.#options;
      this.#timer(drainMs, () => child.kill('SIGKILL'));
      return;
    }
    if (this.#goodbye === undefined && (message.type === 'hello' || message.type === 'heartbeat')) this.#alive(child);
  }

  /** A sign of life came. */
  #alive(child: ChildProcess): void {
    const { clock, hangMs, stableMs, memoryMb } = this.#options;
    if (this.#state === 'starting') this.#runningSince = clock.now();
    else if (clock.now() - this.#runningSince >= stableMs) this.#failures = 0;
    const usedMb = (this.#rssBytes ?? 0) / 1_048_576;
    if (usedMb > memoryMb) {
      this.#fail(child, `it used ${Math.round(usedMb)} MB, allowed are ${memoryMb}`);
      return;
    }
    this.#timer(hangMs, () => this.#fail(child, `it gave no sign of life for ${hangMs} ms`));
    this.#enter('running');
  }

  /** SIGKILL, which ends stopped processes too; what happens next is decided when it is gone. */
  #fail(child: ChildProcess, why: string): void {
    this.#cancelTimer();
    this.#doomed = why;
    child.kill('SIGKILL');
  }

  #exited(how: string): void {
    this.#cancelTimer();
    this.#child = undefined;
    this.#figures.ended();
    this.#questions.fail();
    if (this.#state === 'draining' || (this.#goodbye !== undefined && this.#doomed === undefined)) {
      this.#enter('ended');
      return;
    }
    this.#lastFailure = this.#doomed ?? how;
    this.#failures++;
    const { restartFirstMs: firstMs, restartMaxMs: maxMs, random } = this.#options;
    this.#timer(backOffMs(this.#failures, { firstMs, maxMs, jitter: RESTART_JITTER }, random), () => {
      this.#restarts++;
      this.#launch();
    });
    this.#enter('waiting');
  }

  #timer(ms: number, action: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(ms, action);
  }

  #enter(state: StreamProcessState): void {
    const before = this.#state;
    this.#state = state;
    if (before !== state || state === 'starting') this.#changed();
  }

  #words(): string {
    if (this.#state === 'waiting') return `is started anew soon: ${this.#lastFailure}`;
    if (this.#state === 'running' && this.#restarts > 0)
      return `runs, after ${this.#restarts} ${this.#restarts === 1 ? 'restart' : 'restarts'}; the last time ${this.#lastFailure}`;
    const words = { starting: 'starts', running: 'runs', draining: 'ends its files and playlists', ended: 'has ended' };
    return this.#state === 'ended' && this.#goodbye !== undefined ? `has ended: ${this.#goodbye}` : words[this.#state];
  }
}

function send(child: ChildProcess, message: ToStream): void {
  if (child.connected) child.send(message, () => undefined);
}
