import type { FromStream, ToStream } from './stream-protocol.js';

/** What the process of a stream does when its supervisor speaks. */
export interface StreamChildOptions {
  /** Begins the work; once it resolves the stream counts as running. */
  readonly start: (settings: unknown) => Promise<void>;
  /** Ends files and playlists; the process exits when it resolves. */
  readonly drain: () => Promise<void>;
  /** For each heartbeat. Plain data. */
  readonly metrics: () => unknown;
  /** Milliseconds between heartbeats. */
  readonly heartbeatMs: number;
}

/** The side of the child: starts, beats, drains, and exits when the supervisor is gone, so that nothing is left behind. */
export function connectToSupervisor(options: StreamChildOptions): void {
  let beating: NodeJS.Timeout | undefined;
  const fail = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    sendUp({ type: 'log', level: 'error', message }, () => process.exit(1));
  };
  const beat = (): void =>
    sendUp({ type: 'heartbeat', rssBytes: process.memoryUsage.rss(), metrics: options.metrics() });
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message: ToStream) => {
    if (message.type === 'start')
      options.start(message.settings).then(() => {
        sendUp({ type: 'hello' });
        beating = setInterval(beat, options.heartbeatMs);
      }, fail);
    else
      options.drain().then(() => {
        clearInterval(beating);
        sayBye('it was asked to');
      }, fail);
  });
}

/** Tells the supervisor that the stream has ended as it should, and exits. */
export function sayBye(reason: string): void {
  sendUp({ type: 'bye', reason }, () => process.exit(0));
}

function sendUp(message: FromStream, then?: () => void): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => then?.());
  else then?.();
}
