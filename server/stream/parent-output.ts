import type { EncodedPacket, EncodedTrack, LiveOutput, LiveOutputMetrics } from '../../streams/live/live-types.js';
import type { FromStream } from '../stream-protocol.js';

/** What the names of such outputs begin with. */
export const TO_SERVER = 'server:';
/** What may be on its way to a server that does not read, bytes. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Sends one rendition of a stream from its process to the server, where the outputs are that viewers are connected to. When the server does not take it
 * in time, packets are dropped up to the next key frame.
 */
export class ParentOutput implements LiveOutput {
  readonly name: string;
  readonly #rendition: string;
  readonly #send: (message: FromStream, then: () => void) => void;
  #hasVideo = false;
  #waitsForKey = false;
  #state: LiveOutputMetrics['state'] = 'connecting';
  #bytesWaiting = 0;
  #queued = 0;
  #bytesOut = 0;
  #dropped = 0;

  /** @param send Calls `then` when the message has left. */
  constructor(rendition: string, send: (message: FromStream, then: () => void) => void) {
    this.name = TO_SERVER + rendition;
    this.#rendition = rendition;
    this.#send = send;
  }

  open(tracks: readonly EncodedTrack[]): Promise<void> {
    this.tracksChanged(tracks);
    this.#state = 'open';
    return Promise.resolve();
  }

  write(packet: EncodedPacket): void {
    const isKey = packet.isKey && (packet.kind === 'video' || !this.#hasVideo);
    const bytes = packet.data.byteLength;
    if (this.#bytesWaiting > 0 && this.#bytesWaiting + bytes > MAX_BYTES) this.#waitsForKey = true;
    else if (isKey) this.#waitsForKey = false;
    if (this.#waitsForKey) {
      this.#dropped++;
      return;
    }
    this.#bytesWaiting += bytes;
    this.#queued++;
    this.#bytesOut += bytes;
    this.#send({ type: 'packet', rendition: this.#rendition, packet }, () => {
      this.#bytesWaiting -= bytes;
      this.#queued--;
    });
  }

  tracksChanged(tracks: readonly EncodedTrack[]): void {
    this.#hasVideo = tracks.some(({ kind }) => kind === 'video');
    this.#tell({ type: 'tracks', rendition: this.#rendition, tracks });
  }

  discontinuity(): void {
    this.#tell({ type: 'discontinuity', rendition: this.#rendition });
  }

  close(): Promise<void> {
    this.#state = 'closed';
    return Promise.resolve();
  }

  metrics(): LiveOutputMetrics {
    const counts = { bytesOut: this.#bytesOut, packetsDropped: this.#dropped, queued: this.#queued };
    return { state: this.#state, ...counts, reconnects: 0 };
  }

  #tell(message: FromStream): void {
    this.#send(message, () => undefined);
  }
}
