import { VitascopeError } from '../../pipeline/errors.js';
import type { FromStream, StreamQuestion, ToStream } from '../stream-protocol.js';

/** What the process of a stream does when its supervisor speaks. */
export interface StreamChildOptions {
  /** Begins the work; once it resolves the stream counts as running. */
  readonly start: (settings: unknown) => Promise<void>;
  /** Ends files and playlists; the process exits when it resolves. */
  readonly drain: () => Promise<void>;
  /** For each heartbeat. Plain data. */
  readonly metrics: () => unknown;
  /** Answers a question; structured-clonable data. What it throws is told to whoever asked. */
  readonly answer?: ((question: StreamQuestion) => Promise<unknown>) | undefined;
  /** Milliseconds between heartbeats. */
  readonly heartbeatMs: number | (() => number);
}

/** The side of the child: starts, beats, answers, drains, and exits when the supervisor is gone, so that nothing is left behind. */
export function connectToSupervisor(options: StreamChildOptions): void {
  let beating: NodeJS.Timeout | undefined;
  const beat = (): void =>
    sendUp({ type: 'heartbeat', rssBytes: process.memoryUsage.rss(), metrics: options.metrics() });
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message: ToStream) => {
    if (message.type === 'start')
      options.start(message.settings).then(() => {
        const { heartbeatMs } = options;
        sendUp({ type: 'hello' });
        beating = setInterval(beat, typeof heartbeatMs === 'number' ? heartbeatMs : heartbeatMs());
      }, giveUp);
    else if (message.type === 'question') void answer(message.id, message.question, options);
    else
      options.drain().then(() => {
        clearInterval(beating);
        sayBye('it was asked to');
      }, giveUp);
  });
}

/** Tells the supervisor that the stream has ended as it should, and exits. */
export function sayBye(reason: string): void {
  sendUp({ type: 'bye', reason }, () => process.exit(0));
}

/** Tells the supervisor why the stream cannot go on, and exits; the supervisor starts it anew. */
export function giveUp(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  sendUp({ type: 'log', level: 'error', message }, () => process.exit(1));
}

/** Sends a message to the supervisor. `then` is called when it has left, or when there is no supervisor any more. */
export function sendUp(message: FromStream, then?: () => void): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => then?.());
  else then?.();
}

async function answer(id: number, question: StreamQuestion, options: StreamChildOptions): Promise<void> {
  try {
    sendUp({ type: 'answer', id, ok: true, value: await options.answer?.(question) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    sendUp({ type: 'answer', id, ok: false, code: error instanceof VitascopeError ? error.code : 'ABORTED', message });
  }
}
