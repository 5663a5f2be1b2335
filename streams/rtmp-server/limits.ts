import { VitascopeError } from '../../pipeline/index.js';

/** What clients of an {@link RtmpServer} may take. Times are milliseconds, sizes bytes. */
export interface RtmpLimits {
  /** Clients connected at once, of all protocols. Default 500. */
  readonly maxConnections: number;
  /** Connections of one address in a minute, of all protocols; IPv6 counts by /64, this machine not at all. Default 120. */
  readonly maxConnectionsPerMinute: number;
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
  /** Pixels of a picture, width × height, as the header of H.264 or HEVC says. Default 8,912,896 (4096×2176). */
  readonly maxPixels: number;
  /** Pixels, as the same header says. Default 4096. */
  readonly maxWidth: number;
  readonly maxHeight: number;
  /** Pictures per second, as they come, a twentieth more borne. Five seconds of them may come at once, ten at the start. Default 240. */
  readonly maxFrameRate: number;
}

/** What a publisher is measured by. */
export type PublisherLimits = Pick<RtmpLimits, 'maxBitrate' | 'maxPixels' | 'maxWidth' | 'maxHeight' | 'maxFrameRate'>;

/** For the server's own publishers. */
export const unlimited: PublisherLimits = {
  maxBitrate: Number.POSITIVE_INFINITY,
  maxPixels: Number.POSITIVE_INFINITY,
  maxWidth: Number.POSITIVE_INFINITY,
  maxHeight: Number.POSITIVE_INFINITY,
  maxFrameRate: Number.POSITIVE_INFINITY,
};

export const defaultRtmpLimits: RtmpLimits = {
  maxConnections: 500,
  maxConnectionsPerMinute: 120,
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
  maxWidth: 4096,
  maxHeight: 4096,
  maxFrameRate: 240,
};

/**
 * The limits with what is missing filled in from `base`.
 *
 * @throws VitascopeError `OPTION_INVALID` for unknown names and for anything but whole numbers from 1; `maxFrameRate` may be a fraction.
 */
export function rtmpLimits(given: Partial<RtmpLimits> = {}, base: RtmpLimits = defaultRtmpLimits): RtmpLimits {
  for (const [name, value] of Object.entries(given)) {
    if (!(name in defaultRtmpLimits)) {
      throw new VitascopeError('OPTION_INVALID', `RtmpServer: unknown limit ${name}`, { context: { name } });
    }
    const isNumber = name === 'maxFrameRate' ? Number.isFinite(value) : Number.isSafeInteger(value);
    if (!isNumber || value < 1) {
      throw new VitascopeError('OPTION_INVALID', `RtmpServer: ${name} must be a whole number from 1, got ${value}`, {
        context: { name, value },
      });
    }
  }
  return { ...base, ...given };
}
