import type { Packet, Stream } from 'node-av/lib';
import { Observable, type Subscriber } from 'rxjs';
import type { Microseconds } from '../../pipeline/index.js';
import { stripAdts } from './adts.js';
import { carriesAdts, isSameSound } from './live-sound.js';
import type { PlacedTimes } from './live-timeline.js';
import type { AudioTrack, EncodedPacket, LiveInput } from './live-types.js';

/** What {@link SoundCopy} needs of the input that it belongs to. */
export interface SoundCopyOptions {
  /** It has been subscribed; begins reading where there are no pictures. */
  readonly start: () => void;
  /** Nobody wants more of it. */
  readonly stop: () => void;
  readonly changed: (what: string) => void;
}

/** The sound of a live input, copied, across its connections. */
export class SoundCopy implements NonNullable<LiveInput['audio']> {
  readonly track: AudioTrack;
  readonly packets: Observable<EncodedPacket>;
  readonly #changed: SoundCopyOptions['changed'];
  #receiver: Subscriber<EncodedPacket> | undefined;

  constructor(track: AudioTrack, { start, stop, changed }: SoundCopyOptions) {
    this.track = track;
    this.#changed = changed;
    this.packets = new Observable((subscriber) => {
      this.#receiver = subscriber;
      start();
      return () => stop();
    });
  }

  /** False when the sound of a new connection cannot go on in the track of the first. */
  accepts(sound: AudioTrack | undefined): boolean {
    if (sound === undefined) return false;
    if (isSameSound(this.track, sound)) return true;
    this.#changed(`sound is ${wordsFor(sound)}, was ${wordsFor(this.track)}; it is left out`);
    return false;
  }

  /** Copies the packet, which stays the caller's. */
  take(packet: Packet, { ptsUs }: PlacedTimes, durationUs: Microseconds, stream: Stream): void {
    const { data } = packet;
    if (data === null || this.#receiver === undefined) return;
    const payload = carriesAdts(stream) ? stripAdts(data)?.payload : data;
    if (payload === undefined) return;
    this.#receiver.next({ kind: 'audio', data: new Uint8Array(payload), ptsUs, dtsUs: ptsUs, durationUs, isKey: true });
  }

  end(error: unknown): void {
    if (error === undefined) this.#receiver?.complete();
    else this.#receiver?.error(error);
  }
}

const wordsFor = ({ codec, sampleRate, channels }: AudioTrack): string => `${codec} ${sampleRate} Hz ×${channels}`;
