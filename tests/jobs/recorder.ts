import type { EncodedPacket, EncodedTrack, LiveOutput, LiveOutputMetrics } from '../../streams/live/live-types.js';

/** Keeps everything it is given. */
export class Recorder implements LiveOutput {
  readonly name = 'recorder';
  readonly packets: EncodedPacket[] = [];
  tracks: readonly EncodedTrack[] = [];
  /** Tracks that came later, with how many packets of video came before each. */
  readonly changes: { readonly tracks: readonly EncodedTrack[]; readonly at: number }[] = [];
  /** How many packets of video came before each discontinuity. */
  readonly breaks: number[] = [];
  closed = false;

  async open(tracks: readonly EncodedTrack[]): Promise<void> {
    this.tracks = tracks;
  }
  write(packet: EncodedPacket): void {
    this.packets.push(packet);
  }
  tracksChanged(tracks: readonly EncodedTrack[]): void {
    this.changes.push({ tracks, at: this.of('video').length });
  }
  discontinuity(): void {
    this.breaks.push(this.of('video').length);
  }
  async close(): Promise<void> {
    this.closed = true;
  }
  of(kind: EncodedPacket['kind']): EncodedPacket[] {
    return this.packets.filter((packet) => packet.kind === kind);
  }
  metrics(): LiveOutputMetrics {
    return { state: 'open', bytesOut: 0, packetsDropped: 0, reconnects: 0, queued: 0 };
  }
}

/** True when packets are decoded one after another. */
export const grows = (packets: readonly EncodedPacket[]): boolean =>
  packets.every(({ dtsUs }, i) => i === 0 || dtsUs > (packets[i - 1] as EncodedPacket).dtsUs);

export const keyTimes = (packets: readonly EncodedPacket[]): number[] =>
  packets.filter(({ isKey }) => isKey).map(({ ptsUs }) => ptsUs);
