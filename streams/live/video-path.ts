import type { Packet, Stream } from 'node-av/lib';
import type { Microseconds } from '../../pipeline/index.js';
import type { LiveConnection } from './live-connection.js';
import type { PlacedTimes } from './live-timeline.js';

/** What becomes of the video of a live input, across its connections: pictures, or copied packets. */
export interface VideoPath {
  readonly count: number;
  readonly dropped: number;
  /** Makes ready for the video of a connection, before anything of it was read. */
  connect(stream: Stream, connection: LiveConnection): Promise<VideoReceiver>;
  /** The first packet of a connection has come; what follows for so long may have waited at the source, milliseconds. */
  catchUp(ms: number): void;
  /** Nothing more comes; because of an error, where there is one. */
  end(error: unknown): void;
}

/** Takes the video of one connection, in decoding order. */
export interface VideoReceiver {
  /** The packet stays the caller's, who does not need its times any more. */
  take(packet: Packet, placed: PlacedTimes, durationUs: Microseconds): Promise<void>;
  /** The connection has come to its end: hands over what is held back. */
  finish(): Promise<void>;
  /** Call once neither `take()` nor `finish()` is under way. */
  close(): void;
}
