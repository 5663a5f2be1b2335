import type { Microseconds, VitascopeError } from '../pipeline/index.js';
import type { KeyPicture } from '../streams/libav/still-picture.js';
import { Interleave } from '../streams/live/interleave.js';
import { isSameSound } from '../streams/live/live-sound.js';
import type { AudioTrack, EncodedPacket, VideoTrack } from '../streams/live/live-types.js';
import { FanOut, type FanOutMetrics } from '../streams/live/outputs/fan-out.js';
import type { LiveRendition } from './live-options.js';
import { Moments } from './moments.js';
import { RecentRate } from './recent-rate.js';

/** What the outputs of one rendition were sent so far. Plain JSON. */
export interface RenditionOutputsMetrics {
  readonly name: string;
  /** FFmpeg's name; nothing before the first picture, and where there are none. */
  readonly codec: string | null;
  /** Pixels. */
  readonly width: number | null;
  readonly height: number | null;
  /** Video and sound. */
  readonly bytes: number;
  /** Over the last five seconds of the stream. */
  readonly bitsPerSecond: number;
}

/** What there is besides the rendition's pictures. */
export interface RenditionOutputsOptions {
  readonly hasVideo: boolean;
  readonly sound: AudioTrack | undefined;
  /** The sound is made of the pictures, and comes after them. Default false. */
  readonly isSoundMade?: boolean | undefined;
  readonly onFailure?: ((name: string, error: VitascopeError) => void) | undefined;
}

/** Sound that is made of pictures comes after them, up to so much later: pictures wait for it, and it waits for them no longer than that. */
const MADE_SOUND_US: Microseconds = 1_000_000;

/** Brings the pictures of one rendition and the sound into one order of time, and sends them to its outputs. */
export class RenditionOutputs {
  readonly name: string;
  readonly #options: RenditionOutputsOptions;
  readonly #fanOut: FanOut;
  readonly #interleave: Interleave;
  readonly #breaks = new Moments();
  readonly #rate = new RecentRate();
  #track: VideoTrack | undefined;
  #sound: AudioTrack | undefined;
  /** The track of sound from the first key frame at or after a time on. */
  #nextSound: { readonly track: AudioTrack; readonly fromUs: Microseconds } | undefined;
  #key: KeyPicture | undefined;
  #bytes = 0;
  #opened: Promise<void> | undefined;

  constructor({ name, outputs }: LiveRendition, options: RenditionOutputsOptions) {
    this.name = name;
    this.#options = options;
    this.#sound = options.sound;
    this.#fanOut = new FanOut(outputs, { onFailure: options.onFailure });
    this.#interleave = new Interleave((packet) => this.#write(packet), options.hasVideo);
    if (options.isSoundMade === true) this.#waitForSound();
    if (!options.hasVideo) this.#begin();
  }

  /** The last key frame; nothing before the first. */
  get keyPicture(): KeyPicture | undefined {
    return this.#key;
  }

  /** The pictures from the next packet on are these. Opens the outputs the first time. */
  videoTrack(track: VideoTrack): void {
    this.#track = track;
    if (this.#opened === undefined) this.#begin();
    else this.#fanOut.tracksChanged(this.#tracks);
  }

  /**
   * From a time on sound is made of the pictures, in a track of its own: outputs get it from the first key frame at or after that time on. Sound from before that time still belongs to the
   * track before.
   */
  makeSound(track: AudioTrack, fromUs: Microseconds): void {
    this.#waitForSound();
    if (this.#opened === undefined || (this.#sound !== undefined && isSameSound(this.#sound, track))) {
      this.#sound = track;
    } else this.#nextSound = { track, fromUs };
  }

  /** Sound before the first picture is not sent to anybody. */
  push(packet: EncodedPacket): void {
    if (packet.kind === 'video' && packet.isKey && this.#track !== undefined) {
      this.#key = { stream: this.#track.stream, data: packet.data };
    }
    this.#interleave.push(packet);
  }

  /** What comes at or after a time does not continue what was before. */
  breakAt(us: Microseconds): void {
    this.#breaks.add(us);
  }

  /** Sends what waits and ends the outputs; never rejects. */
  async close(): Promise<void> {
    this.#interleave.flush();
    await this.#opened;
    await this.#fanOut.close();
  }

  metrics(): RenditionOutputsMetrics {
    const { codec = null, stream } = this.#track ?? {};
    const [width, height] = [stream?.width ?? null, stream?.height ?? null];
    const bitsPerSecond = this.#rate.bitsPerSecond;
    return { name: this.name, codec, width, height, bytes: this.#bytes, bitsPerSecond };
  }

  outputMetrics(): (FanOutMetrics & { readonly rendition: string })[] {
    return this.#fanOut.metrics().map((metrics) => ({ ...metrics, rendition: this.name }));
  }

  get #tracks() {
    return [this.#track, this.#sound].filter((track) => track !== undefined);
  }

  #begin(): void {
    this.#opened = this.#fanOut.open(this.#tracks);
  }

  #waitForSound(): void {
    this.#interleave.limit({ soundUs: MADE_SOUND_US, videoUs: MADE_SOUND_US });
  }

  /** True for sound whose track has not begun. */
  #isTooEarly({ kind, ptsUs, isKey }: EncodedPacket): boolean {
    const next = this.#nextSound;
    if (next === undefined || ptsUs < next.fromUs) return false;
    if (kind === 'audio') return true;
    if (!isKey) return false;
    this.#sound = next.track;
    this.#nextSound = undefined;
    this.#fanOut.tracksChanged(this.#tracks);
    return false;
  }

  #write(packet: EncodedPacket): void {
    // Before anything is open there is nobody who could want it.
    if (this.#opened === undefined || this.#isTooEarly(packet)) return;
    const leads = !this.#options.hasVideo || packet.kind === 'video';
    if (leads && this.#breaks.pass(packet.ptsUs)) this.#fanOut.discontinuity();
    this.#bytes += packet.data.byteLength;
    this.#rate.add(packet.dtsUs, packet.data.byteLength);
    this.#fanOut.write(packet);
  }
}
