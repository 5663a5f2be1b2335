/** What the process of a stream tells its supervisor. Plain JSON over the IPC channel. */
export type FromStream =
  /** It runs, and will send heartbeats from now on. */
  | { readonly type: 'hello' }
  /** A sign of life. `rssBytes`: resident memory; `metrics`: plain JSON for the API. */
  | { readonly type: 'heartbeat'; readonly rssBytes: number; readonly metrics: unknown }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }
  /** It has ended as it should, and is not to be started anew. */
  | { readonly type: 'bye'; readonly reason: string };

/** What the supervisor tells the process of a stream. */
export type ToStream =
  /** The first message: what the process is to do. */
  | { readonly type: 'start'; readonly settings: unknown }
  /** End files and playlists, say bye, exit. */
  | { readonly type: 'drain' };

/** True for what {@link FromStream} describes; anything else that a child sends is passed over. */
export function isFromStream(message: unknown): message is FromStream {
  if (typeof message !== 'object' || message === null) return false;
  const { type, rssBytes, message: text, reason } = message as Readonly<Record<string, unknown>>;
  if (type === 'heartbeat') return typeof rssBytes === 'number';
  if (type === 'log') return typeof text === 'string';
  return type === 'hello' || (type === 'bye' && typeof reason === 'string');
}
