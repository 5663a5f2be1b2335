import { isDeepStrictEqual } from 'node:util';
import type { Microseconds, VitascopeError } from '../../pipeline/index.js';
import type { EncodedPacket, EncodedTrack, LiveOutput } from '../../streams/live/live-types.js';
import { FanOut, type FanOutMetrics } from '../../streams/live/outputs/fan-out.js';
import { type Silence, silenceFor } from '../../streams/live/outputs/silence.js';
import type { OutputTimeline } from './output-timeline.js';

/** What a rendition is, and where it goes. */
export interface HostedRenditionOptions {
  readonly name: string;
  readonly outputs: readonly LiveOutput[];
  readonly timeline: OutputTimeline;
  readonly onFailure: (output: string, error: VitascopeError) => void;
}

/** No more than this is made up at once, when the time that is to be bridged is longer. */
const MOST_BRIDGED_US: Microseconds = 2_000_000;

/** One rendition on its way to viewers, who shall notice nothing of what happens to the process that makes it. */
export class HostedRendition {
  readonly name: string;
  readonly #timeline: OutputTimeline;
  readonly #fanOut: FanOut;
  #tracks: readonly EncodedTrack[] | undefined;
  #opened: Promise<void> | undefined;
  #key: EncodedPacket | undefined;
  #needsKey = true;
  /** What comes next does not continue what viewers have. */
  #breaks = false;
  #silence: Silence | undefined;
  /** Where each kind has come to. */
  readonly #lastDtsUs = { video: Number.NEGATIVE_INFINITY, audio: Number.NEGATIVE_INFINITY };
  readonly #endUs = { video: 0, audio: 0 };

  constructor({ name, outputs, timeline, onFailure }: HostedRenditionOptions) {
    this.name = name;
    this.#timeline = timeline;
    this.#fanOut = new FanOut(outputs, { onFailure });
  }

  /** It waits for a key frame before anything of its process reaches viewers. */
  get needsKey(): boolean {
    return this.#needsKey && this.#hasVideo;
  }

  /** There is a picture that can be shown again. */
  get canHold(): boolean {
    return this.#key !== undefined && this.#hasVideo;
  }

  metrics(): readonly FanOutMetrics[] {
    return this.#fanOut.metrics();
  }

  /** What the packets are from now on; nothing happens where they are the same as before. */
  setTracks(tracks: readonly EncodedTrack[]): void {
    if (isDeepStrictEqual(tracks, this.#tracks)) return;
    const isFirst = this.#tracks === undefined;
    this.#tracks = tracks;
    this.#key = undefined;
    this.#needsKey = true;
    this.#silence = silenceFor(tracks);
    if (isFirst) this.#opened = this.#fanOut.open(tracks);
    else this.#fanOut.tracksChanged(tracks);
  }

  /** @returns false for a packet that was left out. */
  write(packet: EncodedPacket): boolean {
    if (this.#tracks === undefined) return false;
    const isKey = packet.isKey && (packet.kind === 'video' || !this.#hasVideo);
    if (this.#needsKey && !isKey) return false;
    this.#needsKey = false;
    if (this.#breaks) this.#fanOut.discontinuity();
    this.#breaks = false;
    const placed = this.#timeline.place(packet);
    if (isKey && packet.kind === 'video') this.#key = placed;
    return this.#send(placed);
  }

  discontinuity(): void {
    if (this.#tracks !== undefined) this.#fanOut.discontinuity();
  }

  /** The process has fallen silent or is gone: what it sends next must begin with a key frame. */
  interrupt(): void {
    this.#needsKey = true;
    this.#breaks = this.#endUs.video > 0 || this.#endUs.audio > 0;
  }

  /**
   * Shows the last key frame again, with silence, up to a moment.
   *
   * @param stepUs From one picture to the next.
   */
  hold(untilUs: Microseconds, stepUs: Microseconds): void {
    const key = this.#key;
    if (key === undefined) return;
    const leadUs = key.ptsUs - key.dtsUs;
    const fromUs = untilUs - MOST_BRIDGED_US;
    for (let us = Math.max(this.#endUs.video, fromUs); us + stepUs <= untilUs; us += stepUs) {
      this.#send({ ...key, dtsUs: us, ptsUs: us + leadUs, durationUs: stepUs });
    }
    const silence = this.#silence;
    if (silence === undefined) return;
    const { data, durationUs } = silence;
    for (let us = Math.max(this.#endUs.audio, fromUs); us + durationUs <= untilUs; us += durationUs) {
      this.#send({ kind: 'audio', data, ptsUs: us, dtsUs: us, durationUs, isKey: true });
    }
  }

  async close(): Promise<void> {
    await this.#opened;
    await this.#fanOut.close();
  }

  get #hasVideo(): boolean {
    return this.#tracks?.some(({ kind }) => kind === 'video') === true;
  }

  #send(packet: EncodedPacket): boolean {
    const { kind, dtsUs } = packet;
    if (dtsUs <= this.#lastDtsUs[kind]) return false;
    this.#lastDtsUs[kind] = dtsUs;
    this.#endUs[kind] = dtsUs + packet.durationUs;
    this.#timeline.advance(dtsUs + packet.durationUs);
    this.#fanOut.write(packet);
    return true;
  }
}
