import { AV_PKT_DATA_NEW_EXTRADATA } from 'node-av/constants';
import { avGetCodecName, type Packet, type Stream } from 'node-av/lib';
import { Observable, Subject, type Subscriber } from 'rxjs';
import type { Microseconds, Rational } from '../../pipeline/index.js';
import { describeParameters, type EncodedStream } from '../libav/encoded-stream.js';
import { describeKeyPicture } from './key-picture.js';
import type { LiveConnection } from './live-connection.js';
import type { PlacedTimes } from './live-timeline.js';
import type { CopiedVideo, EncodedPacket, VideoTrack } from './live-types.js';
import { frameRateOf } from './packet-times.js';
import { hasParameterSets, isAnnexB, joinParameterSets, parameterSets } from './parameter-sets.js';
import type { VideoPath, VideoReceiver } from './video-path.js';

/** What {@link VideoCopy} needs of the input that it belongs to. */
export interface VideoCopyOptions {
  /** Begins reading. */
  readonly start: () => void;
  /** Nobody wants more. */
  readonly stop: () => void;
  readonly changed: (what: string) => void;
}

/** The video of a live input as packets, each connection from a key frame on, with no decoder. */
export class VideoCopy implements VideoPath, CopiedVideo {
  readonly packets: Observable<EncodedPacket>;
  readonly changes = new Subject<VideoTrack>();
  readonly dropped = 0;
  readonly #changed: VideoCopyOptions['changed'];
  #receiver: Subscriber<EncodedPacket> | undefined;
  #track: VideoTrack | undefined;
  #count = 0;

  constructor({ start, stop, changed }: VideoCopyOptions) {
    this.#changed = changed;
    this.packets = new Observable((subscriber) => {
      this.#receiver = subscriber;
      start();
      return () => stop();
    });
  }

  /** Known as soon as there has been a connection. */
  get track(): VideoTrack {
    return this.#track as VideoTrack;
  }

  get count(): number {
    return this.#count;
  }

  async connect(stream: Stream, connection: LiveConnection): Promise<VideoReceiver> {
    const source = new CopySource(stream);
    if (source.lacksHeader) await source.readAhead(connection, stream);
    this.#track ??= source.track;
    return {
      take: (packet, placed, durationUs) => this.#take(source, packet, placed, durationUs),
      finish: async () => {},
      close: () => {},
    };
  }

  catchUp(): void {}

  end(error: unknown): void {
    this.changes.complete();
    if (error === undefined) this.#receiver?.complete();
    else this.#receiver?.error(error);
  }

  async #take(source: CopySource, packet: Packet, placed: PlacedTimes, durationUs: Microseconds): Promise<void> {
    const { data, isKeyframe: isKey } = packet;
    if (data === null || !(await source.admits(packet, data))) return;
    this.#count++;
    if (isKey) this.#follow(source.track);
    const { dtsUs, ptsUs } = placed;
    this.#receiver?.next({ kind: 'video', data: new Uint8Array(data), ptsUs, dtsUs, durationUs, isKey });
  }

  #follow(track: VideoTrack): void {
    const before = this.track;
    if (before === track || isSameVideo(before, track)) return;
    this.#track = track;
    this.#changed(`pictures are ${wordsFor(track)}, were ${wordsFor(before)}`);
    this.changes.next(track);
  }
}

/** The video of one connection: its headers, as they are now. */
class CopySource {
  readonly #codec: string;
  readonly #frameRate: Rational;
  #begun = false;
  /** A header that has come, for pictures from the next key frame on. */
  #next: Buffer | undefined;
  #track: VideoTrack;

  constructor(stream: Stream) {
    this.#codec = avGetCodecName(stream.codecpar.codecId) ?? 'unknown';
    this.#frameRate = frameRateOf(stream);
    this.#track = this.#trackOf(describeParameters(stream.codecpar));
  }

  get track(): VideoTrack {
    return this.#track;
  }

  /** True where a source was joined between two key frames, and has not said yet what it sends. */
  get lacksHeader(): boolean {
    const { width, extradataBase64 } = this.#track.stream;
    return width <= 0 || (extradataBase64 === null && isAnnexB(this.#codec, null));
  }

  /** Waits for the first key frame, and takes the header from it. */
  async readAhead(connection: LiveConnection, stream: Stream): Promise<void> {
    const first = await connection.skipToKeyFrame(stream);
    try {
      if (first?.data) await this.#readHeader(first, first.data);
    } finally {
      first?.free();
    }
  }

  /** True for what comes from the first key frame on. */
  async admits(packet: Packet, data: Buffer): Promise<boolean> {
    const sent = packet.getSideData(AV_PKT_DATA_NEW_EXTRADATA);
    if (sent !== null) this.#next = Buffer.from(sent);
    if (packet.isKeyframe) {
      this.#begun = true;
      await this.#readHeader(packet, data);
    }
    return this.#begun;
  }

  async #readHeader(packet: Packet, data: Buffer): Promise<void> {
    const known = this.#header;
    const header = this.#next ?? this.#headerInBand(data);
    this.#next = undefined;
    if (header === undefined || (known !== null && header.equals(known))) return;
    const stream = { ...this.#track.stream, extradataBase64: header.toString('base64') };
    this.#track = this.#trackOf(await describeKeyPicture(stream, packet));
  }

  /** The header that a key frame brings itself, where it is a new one. */
  #headerInBand(data: Buffer): Buffer | undefined {
    const known = this.#header;
    if (!isAnnexB(this.#codec, known)) return undefined;
    const sets = parameterSets(this.#codec, data);
    if (sets === undefined || hasParameterSets(this.#codec, known, sets)) return undefined;
    return joinParameterSets(sets);
  }

  get #header(): Buffer | null {
    const { extradataBase64 } = this.#track.stream;
    return extradataBase64 === null ? null : Buffer.from(extradataBase64, 'base64');
  }

  #trackOf(stream: EncodedStream): VideoTrack {
    return { kind: 'video', codec: this.#codec, frameRate: this.#frameRate, stream };
  }
}

/** True where packets of one can go on in a track of the other. */
export function isSameVideo({ stream: a }: VideoTrack, { stream: b, codec }: VideoTrack): boolean {
  if (a.codecId !== b.codecId || a.width !== b.width || a.height !== b.height) return false;
  if (a.extradataBase64 === b.extradataBase64) return true;
  if (a.extradataBase64 === null || b.extradataBase64 === null) return false;
  const [before, after] = [a, b].map((s) => Buffer.from(s.extradataBase64 ?? '', 'base64')) as [Buffer, Buffer];
  if (!isAnnexB(codec, before) || !isAnnexB(codec, after)) return false;
  return hasParameterSets(codec, before, parameterSets(codec, after) ?? []);
}

const wordsFor = ({ codec, stream }: VideoTrack): string => `${codec} ${stream.width}×${stream.height}`;
