import type { Stream } from 'node-av/lib';
import { Observable, type Subscriber } from 'rxjs';
import { stripAdts } from './adts.js';
import { carriesAdts, describeSound, isSameSound } from './live-sound.js';
import type { AudioTrack, EncodedPacket } from './live-types.js';
import type { SoundPath, SoundReceiver } from './sound-path.js';

/** What the sound of an input needs of it. */
export interface SoundCopyOptions {
  /** It has been subscribed; begins reading where there are no pictures. */
  readonly start: () => void;
  /** Nobody wants more of it. */
  readonly stop: () => void;
  readonly changed: (what: string) => void;
}

/** The sound of a live input, copied, across its connections. */
export class SoundCopy implements SoundPath {
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

  connect(stream: Stream, sound: AudioTrack): SoundReceiver | undefined {
    if (!isSameSound(this.track, sound)) {
      this.#changed(`sound is ${describeSound(sound)}, was ${describeSound(this.track)}; it is left out`);
      return undefined;
    }
    const hasHeaders = carriesAdts(stream);
    return {
      take: ({ data }, { ptsUs }, durationUs) => {
        const payload = hasHeaders && data !== null ? stripAdts(data)?.payload : data;
        if (payload === undefined || payload === null) return;
        const copy = new Uint8Array(payload);
        this.#receiver?.next({ kind: 'audio', data: copy, ptsUs, dtsUs: ptsUs, durationUs, isKey: true });
      },
      close: () => {},
    };
  }

  pause(): void {}

  end(error: unknown): void {
    if (error === undefined) this.#receiver?.complete();
    else this.#receiver?.error(error);
  }
}
