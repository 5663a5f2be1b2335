import { asVitascopeError, type Rational, type VitascopeError } from '../../pipeline/index.js';
import type { EncodedPacket, EncodedTrack } from '../live/live-types.js';
import { codecStrings } from './codec-strings.js';
import { Fragmenter } from './fragmenter.js';
import { type HlsSnapshot, HlsWindow, type HlsWindowLimits } from './hls-window.js';
import type { MasterVariant } from './master-playlist.js';
import type { HlsTiming, HlsTimingOptions } from './part-timing.js';
import { mediaPlaylist, type RenditionReport } from './playlist.js';

/** The name of every rendition's playlist, in the rendition's folder. */
export const MEDIA_PLAYLIST = 'media.m3u8';

/** One quality of an HLS stream: packets go in; a playlist, a header, parts and segments come out. */
export class HlsRendition {
  readonly name: string;
  readonly window: HlsWindow;
  readonly #fragmenter: Fragmenter;
  readonly #onChange: () => void;
  #codecs: readonly string[] = [];
  #video: MasterVariant['video'];
  #peakBitsPerSecond = 0;
  #bytesOut = 0;
  #closed = false;
  #error: VitascopeError | undefined;

  /** @throws VitascopeError `CONTAINER_CODEC`, `OPTION_INVALID` */
  constructor(
    name: string,
    tracks: readonly EncodedTrack[],
    options: HlsTimingOptions & HlsWindowLimits,
    onChange: () => void,
  ) {
    this.name = name;
    this.window = new HlsWindow(options);
    this.#onChange = onChange;
    this.#video = pictureOf(tracks);
    const receiver = {
      init: (data: Buffer) => {
        this.#codecs = codecStrings(data);
        this.window.setInit(data);
      },
      part: (part: Parameters<HlsWindow['add']>[0], endsSegment: boolean) => {
        this.#bytesOut += part.data.length;
        this.window.add(part, endsSegment);
        this.#measure();
        onChange();
      },
      discontinuity: () => {
        this.window.discontinuity();
        onChange();
      },
    };
    this.#fragmenter = new Fragmenter(tracks, receiver, options);
  }

  get timing(): HlsTiming {
    return this.#fragmenter.timing;
  }

  /** Why nothing comes any more. */
  get error(): VitascopeError | undefined {
    return this.#error;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get counts(): { readonly bytesOut: number; readonly packetsDropped: number; readonly queued: number } {
    return { bytesOut: this.#bytesOut, packetsDropped: this.#fragmenter.dropped, queued: this.#fragmenter.queued };
  }

  /** Nothing is thrown: a rendition that cannot go on says so in {@link error}, and ends its playlist. */
  write(packet: EncodedPacket): void {
    this.#attempt(() => this.#fragmenter.write(packet));
  }

  discontinuity(): void {
    this.#attempt(() => this.#fragmenter.discontinuity());
  }

  /** Other codecs, sizes or headers from here on. */
  changeTracks(tracks: readonly EncodedTrack[]): void {
    this.#attempt(() => {
      this.#fragmenter.changeTracks(tracks);
      this.#video = pictureOf(tracks);
    });
  }

  /** Makes the last part and ends the playlist. */
  close(): void {
    if (this.#closed) return;
    try {
      this.#fragmenter.close();
    } catch (error) {
      this.#error ??= asVitascopeError(error, 'OUTPUT_UNWRITABLE', `HLS ${this.name}`);
    }
    this.#closed = true;
    this.window.end();
    this.#onChange();
  }

  /** @param reports How far the other renditions are; nothing for a playlist without parts. */
  playlist(snapshot: HlsSnapshot, reports: readonly RenditionReport[] | undefined, skip = false): string {
    const { partTargetUs, targetDurationS } = this.timing;
    const lowLatency = reports === undefined ? undefined : { partTargetUs, reports };
    return mediaPlaylist({ snapshot, targetDurationS, lowLatency }, skip);
  }

  /** How far this rendition is, for the playlist of another one. Nothing before the first part. */
  report(): RenditionReport | undefined {
    const last = this.window.snapshot().segments.at(-1);
    if (last === undefined) return undefined;
    const uri = `../${this.name}/${MEDIA_PLAYLIST}`;
    return { uri, lastSequence: last.sequence, lastPart: last.parts.length - 1 };
  }

  /** Nothing before the first part. */
  variant(): MasterVariant | undefined {
    const { segments } = this.window.snapshot();
    if (segments.length === 0) return undefined;
    const bytes = segments.reduce((sum, s) => sum + s.bytes, 0);
    const lengthUs = segments.reduce((sum, s) => sum + s.durationUs, 0);
    const averageBandwidth = (bytes * 8e6) / lengthUs;
    const bandwidth = Math.max(averageBandwidth, this.#peakBitsPerSecond);
    const uri = `${this.name}/${MEDIA_PLAYLIST}`;
    return { uri, bandwidth, averageBandwidth, codecs: this.#codecs, video: this.#video };
  }

  #measure(): void {
    const last = this.window.snapshot().segments.at(-1);
    // Shorter ones tell nothing: they are all key frame.
    if (last?.complete !== true || last.durationUs < this.timing.segmentUs / 2) return;
    this.#peakBitsPerSecond = Math.max(this.#peakBitsPerSecond, (last.bytes * 8e6) / last.durationUs);
  }

  #attempt(work: () => void): void {
    if (this.#closed) return;
    try {
      work();
    } catch (error) {
      this.#error = asVitascopeError(error, 'OUTPUT_UNWRITABLE', `HLS ${this.name}`);
      this.close();
    }
  }
}

function pictureOf(tracks: readonly EncodedTrack[]): MasterVariant['video'] {
  const video = tracks.find((track) => track.kind === 'video');
  if (video === undefined) return undefined;
  const frameRate: Rational = video.frameRate;
  return { width: video.stream.width, height: video.stream.height, frameRate };
}
