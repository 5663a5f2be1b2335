import { VitascopeError } from '../../pipeline/index.js';

/** What clients of an {@link RtmpServer} may take. Times are milliseconds, sizes bytes. */
export interface RtmpLimits {
  /** Clients connected at once, of all protocols. Default 500. */
  readonly maxConnections: number;
  /** Default 200. */
  readonly maxPlayersPerStream: number;
  /** Time from connecting to publishing or playing. Default 10,000. */
  readonly handshakeMs: number;
  /** A publisher that sends nothing for so long is closed. Default 15,000. */
  readonly publisherIdleMs: number;
  /** Players of a path that has no publisher are closed after so long. Default 30,000. */
  readonly playersWaitMs: number;
  /** The largest message of sound or pictures. Default 8 MiB. */
  readonly maxMessageBytes: number;
  /** The largest of any other message, and of every message before the client has been let in. Default 64 KiB. */
  readonly maxCommandBytes: number;
  /** Chunk streams of one connection. Default 32. */
  readonly maxChunkStreams: number;
  /** The largest chunk size that a client may announce. Default 16,777,215, which RTMP makes the largest that means anything. */
  readonly maxChunkBytes: number;
  /** What may wait for one player before packets are dropped for it. Default 8 MiB. */
  readonly maxQueueBytes: number;
  /** A player whose queue stays more than half full for so long is disconnected. Default 10,000. */
  readonly slowPlayerMs: number;
  /** What is kept since the last key frame, for players that come. Beyond it they wait for the next one. Default 4 MiB. */
  readonly maxGopBytes: number;
  /** Bits per second that a publisher may send, measured over five seconds. Default 60,000,000. */
  readonly maxBitrate: number;
  /** Pixels of a picture, width × height, as the H.264 header says. Default 8,912,896 (4096×2176). */
  readonly maxPixels: number;
}

export const defaultRtmpLimits: RtmpLimits = {
  maxConnections: 500,
  maxPlayersPerStream: 200,
  handshakeMs: 10_000,
  publisherIdleMs: 15_000,
  playersWaitMs: 30_000,
  maxMessageBytes: 8 * 1024 * 1024,
  maxCommandBytes: 64 * 1024,
  maxChunkStreams: 32,
  maxChunkBytes: 0xffffff,
  maxQueueBytes: 8 * 1024 * 1024,
  slowPlayerMs: 10_000,
  maxGopBytes: 4 * 1024 * 1024,
  maxBitrate: 60_000_000,
  maxPixels: 4096 * 2176,
};

/**
 * The limits with defaults filled in.
 *
 * @throws VitascopeError `OPTION_INVALID` for unknown names and for anything but whole numbers from 1.
 */
export function rtmpLimits(given: Partial<RtmpLimits> = {}): RtmpLimits {
  for (const [name, value] of Object.entries(given)) {
    if (!(name in defaultRtmpLimits)) {
      throw new VitascopeError('OPTION_INVALID', `RtmpServer: unknown limit ${name}`, { context: { name } });
    }
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new VitascopeError('OPTION_INVALID', `RtmpServer: ${name} must be a whole number from 1, got ${value}`, {
        context: { name, value },
      });
    }
  }
  return { ...defaultRtmpLimits, ...given };
}
