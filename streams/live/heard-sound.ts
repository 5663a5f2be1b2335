import type { Packet, Stream } from 'node-av/lib';
import { Observable, type Subscriber } from 'rxjs';
import { MICROSECONDS_PER_SECOND, type Microseconds } from '../../pipeline/index.js';
import { describeSound, isSameSound } from './live-sound.js';
import type { AudioTrack, DecodedSound, EncodedPacket } from './live-types.js';
import type { SoundCopyOptions } from './sound-copy.js';
import { SoundDecoder } from './sound-decoder.js';
import type { SoundPiece } from './sound-encoder.js';
import type { SoundPath, SoundReceiver } from './sound-path.js';
import { SoundPlace } from './sound-place.js';

/** What sound is mixed at, hertz. */
export const HEARD_RATE = 48_000;

/**
 * The sound of a live input for whoever wants it: packets for outputs as another path gives them, or, from when somebody subscribes {@link HeardSound.heard} on, samples to be
 * mixed with others, whatever its connections send.
 */
export class HeardSound implements SoundPath {
  readonly heard: Observable<DecodedSound>;
  readonly #path: SoundPath;
  readonly #changed: SoundCopyOptions['changed'];
  #source: AudioTrack;
  #hearer: Subscriber<DecodedSound> | undefined;

  /** @param path What becomes of it while nobody listens. @param sound That of the first connection. */
  constructor(path: SoundPath, sound: AudioTrack, { changed }: Pick<SoundCopyOptions, 'changed'>) {
    this.#path = path;
    this.#source = sound;
    this.#changed = changed;
    this.heard = new Observable((subscriber) => {
      this.#hearer = subscriber;
      return () => {
        this.#hearer = undefined;
      };
    });
  }

  get track(): AudioTrack {
    return this.#path.track;
  }

  get packets(): Observable<EncodedPacket> {
    return this.#path.packets;
  }

  connect(stream: Stream, sound: AudioTrack): SoundReceiver | undefined {
    let path = this.#hearer === undefined ? this.#path.connect(stream, sound) : undefined;
    if (this.#hearer !== undefined && !isSameSound(this.#source, sound)) {
      this.#changed(`sound is ${describeSound(sound)}, was ${describeSound(this.#source)}`);
    }
    this.#source = sound;
    let hearing: Hearing | undefined;
    return {
      take: (packet, placed, durationUs) => {
        const hearer = this.#hearer;
        if (hearer === undefined) {
          path?.take(packet, placed, durationUs);
          return;
        }
        path?.close();
        path = undefined;
        hearing ??= new Hearing(stream, sound, this.#changed);
        hearing.take(packet, placed.ptsUs, (piece) => hearer.next(piece));
      },
      close: () => {
        path?.close();
        hearing?.close();
      },
    };
  }

  pause(): void {
    this.#path.pause();
  }

  end(error: unknown): void {
    this.#path.end(error);
    if (error === undefined) this.#hearer?.complete();
    else this.#hearer?.error(error);
  }
}

/** Decodes the sound of one connection, and keeps it at the times that the source says. */
class Hearing {
  readonly #decoder: SoundDecoder | undefined;
  readonly #place = new SoundPlace(HEARD_RATE);

  constructor(stream: Stream, sound: AudioTrack, changed: (what: string) => void) {
    try {
      this.#decoder = new SoundDecoder(stream, { sampleRate: HEARD_RATE, channels: sound.channels === 1 ? 1 : 2 });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      changed(`sound is ${sound.codec}, and ${why}: it is left out`);
    }
  }

  take(packet: Packet, ptsUs: Microseconds, hear: (piece: DecodedSound) => void): void {
    packet.pts = packet.dts = BigInt(ptsUs);
    this.#decoder?.decode(packet, (piece, us) => hear(this.#placed(piece, us)));
  }

  close(): void {
    this.#decoder?.close();
  }

  #placed({ planes, samples }: SoundPiece, saidUs: Microseconds | undefined): DecodedSound {
    const { ptsUs, correction } = this.#place.place(samples, saidUs);
    if (correction !== 0) this.#decoder?.stretch(correction, HEARD_RATE);
    const channels = planes.map((plane) => plane.slice(0, samples));
    return { channels, ptsUs, durationUs: (samples * MICROSECONDS_PER_SECOND) / HEARD_RATE };
  }
}
