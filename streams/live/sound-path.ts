import type { Packet, Stream } from 'node-av/lib';
import type { Microseconds } from '../../pipeline/index.js';
import type { PlacedTimes } from './live-timeline.js';
import type { AudioTrack, LiveInput } from './live-types.js';

/** What becomes of the sound of a live input, across its connections: copied packets, or encoded ones. */
export interface SoundPath extends NonNullable<LiveInput['audio']> {
  /** Makes ready for the sound of a connection; nothing where it cannot go on in the track of the first. */
  connect(stream: Stream, sound: AudioTrack): SoundReceiver | undefined;
  /** The source is away: hands on what is held back. */
  pause(): void;
  /** Nothing more comes; because of an error, where there is one. */
  end(error: unknown): void;
}

/** Takes the sound of one connection. */
export interface SoundReceiver {
  /** The packet stays the caller's, who does not need its times any more. */
  take(packet: Packet, placed: PlacedTimes, durationUs: Microseconds): void;
  close(): void;
}
