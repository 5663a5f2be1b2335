import type { Microseconds } from '../pipeline/index.js';
import type { EncodedPacket, EncodedTrack } from '../streams/live/live-types.js';

/** Encoded media on its way from the process of a stream to the outputs, which outlive it. */
export type StreamMedia =
  /** What the packets of a rendition are from now on; comes before its first packet. */
  | { readonly type: 'tracks'; readonly rendition: string; readonly tracks: readonly EncodedTrack[] }
  | { readonly type: 'packet'; readonly rendition: string; readonly packet: EncodedPacket }
  /** The next packet of the rendition does not continue the one before. */
  | { readonly type: 'discontinuity'; readonly rendition: string };

/** What the process of a stream tells its supervisor; structured-clonable data over the IPC channel. */
export type FromStream =
  /** It runs, and will send heartbeats from now on. */
  | { readonly type: 'hello' }
  /** A sign of life. `rssBytes`: resident memory; `metrics`: plain JSON for the API. */
  | { readonly type: 'heartbeat'; readonly rssBytes: number; readonly metrics: unknown }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }
  /** It has ended as it should, and is not to be started anew. */
  | { readonly type: 'bye'; readonly reason: string }
  | StreamMedia
  /** What operators found in one picture. Plain JSON. */
  | { readonly type: 'metadata'; readonly ptsUs: Microseconds; readonly meta: Readonly<Record<string, unknown>> }
  | StreamAnswer;

/** The answer to the question of that number. */
export type StreamAnswer =
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly ok: false;
      readonly code: string;
      readonly message: string;
    };

/** What a stream can be asked while it runs. */
export type StreamQuestion =
  /** The next picture shall be a key frame. */
  | { readonly ask: 'key-frame' }
  /** A JPEG of the last key picture, as a `Uint8Array`, or nothing. */
  | { readonly ask: 'snapshot'; readonly height: number | undefined }
  /** `node.option=value`, all that were ever asked for. */
  | { readonly ask: 'options'; readonly options: readonly string[] };

/** What the supervisor tells the process of a stream. */
export type ToStream =
  /** The first message: what the process is to do. */
  | { readonly type: 'start'; readonly settings: unknown }
  | { readonly type: 'question'; readonly id: number; readonly question: StreamQuestion }
  /** End files and playlists, say bye, exit. */
  | { readonly type: 'drain' };

/** True for what {@link FromStream} describes; anything else that a child sends is passed over. */
export function isFromStream(message: unknown): message is FromStream {
  if (typeof message !== 'object' || message === null) return false;
  const { type, rssBytes, message: text, reason, rendition, id, ptsUs } = message as Readonly<Record<string, unknown>>;
  if (type === 'heartbeat') return typeof rssBytes === 'number';
  if (type === 'log') return typeof text === 'string';
  if (type === 'bye') return typeof reason === 'string';
  if (type === 'tracks' || type === 'packet' || type === 'discontinuity') return typeof rendition === 'string';
  if (type === 'metadata') return typeof ptsUs === 'number';
  if (type === 'answer') return typeof id === 'number';
  return type === 'hello';
}

/** True for media on its way to viewers. */
export function isStreamMedia(message: FromStream): message is StreamMedia {
  return message.type === 'packet' || message.type === 'tracks' || message.type === 'discontinuity';
}
