import type { Stream } from 'node-av/lib';
import { Observable, type Subscriber } from 'rxjs';
import { encodedShape, type SoundShape } from './aac-encoder.js';
import { describeSound, isSameSound } from './live-sound.js';
import type { AudioTrack, EncodedPacket } from './live-types.js';
import type { SoundCopyOptions } from './sound-copy.js';
import { SoundDecoder } from './sound-decoder.js';
import { SoundEncoder } from './sound-encoder.js';
import type { SoundPath, SoundReceiver } from './sound-path.js';

/** The sound of a live input, decoded and encoded to AAC, across its connections, whatever the later ones send. */
export class EncodedSound implements SoundPath {
  readonly packets: Observable<EncodedPacket>;
  readonly #changed: SoundCopyOptions['changed'];
  readonly #shape: SoundShape;
  readonly #encoder: SoundEncoder;
  #source: AudioTrack;
  #receiver: Subscriber<EncodedPacket> | undefined;

  /** @param sound That of the first connection. @throws VitascopeError `ENCODER_UNKNOWN`, `ENCODER_FAILED` */
  constructor(sound: AudioTrack, { start, stop, changed }: SoundCopyOptions) {
    this.#source = sound;
    this.#changed = changed;
    this.#shape = encodedShape(sound);
    this.#encoder = new SoundEncoder(this.#shape, (packet) => this.#receiver?.next(packet));
    this.packets = new Observable((subscriber) => {
      this.#receiver = subscriber;
      start();
      return () => stop();
    });
  }

  get track(): AudioTrack {
    return this.#encoder.track;
  }

  connect(stream: Stream, sound: AudioTrack): SoundReceiver | undefined {
    const was = describeSound(this.#source);
    if (!isSameSound(this.#source, sound)) this.#changed(`sound is ${describeSound(sound)}, was ${was}`);
    this.#source = sound;
    try {
      const decoder = new SoundDecoder(stream, this.#shape);
      return {
        take: (packet, { ptsUs }) => {
          packet.pts = packet.dts = BigInt(ptsUs);
          decoder.decode(packet, (piece, us) => this.#encoder.write(piece, us));
        },
        close: () => decoder.close(),
      };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#changed(`sound is ${sound.codec}, and ${why}: it is left out`);
      return undefined;
    }
  }

  pause(): void {
    this.#encoder.flush();
  }

  end(error: unknown): void {
    if (error === undefined) this.#encoder.flush();
    this.#encoder.close();
    if (error === undefined) this.#receiver?.complete();
    else this.#receiver?.error(error);
  }
}
