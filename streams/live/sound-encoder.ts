import { MICROSECONDS_PER_SECOND, type Microseconds } from '../../pipeline/index.js';
import { AAC_SAMPLES, AacEncoder, type SoundShape } from './aac-encoder.js';
import type { AudioTrack, EncodedPacket } from './live-types.js';

/** Sound that says another time than it has by its samples: up to this much is mended little by little, more at once. */
const TOLERANCE_US: Microseconds = 40_000;
/** Share of the difference that a piece of sound mends: clocks of sources drift, and their times are rounded. */
const MENDED = 1 / 64;
/** A hole is filled with silence; after a longer one sound begins anew. */
const MAX_SILENCE_US: Microseconds = 3_000_000;

/** Blocks that the encoder looks at before it gives the first of them. */
const ENCODER_HOLDS = 2;

/** Decoded sound: as many samples in each plane, from −1 to 1, one plane a channel. */
export interface SoundPiece {
  readonly planes: readonly Float32Array[];
  readonly samples: number;
}

/**
 * Encodes the sound of a live source as AAC. Packets follow one another by the count of samples, without a hole and without going back, while sound says times
 * that fit; a packet's time is that of what players hear of it, so the encoder's delay does not shift it.
 */
export class SoundEncoder {
  readonly #encoder: AacEncoder;
  readonly #send: (packet: EncodedPacket) => void;
  readonly #sampleUs: number;
  readonly #block: readonly Float32Array[];
  readonly #silence: readonly Float32Array[];
  #filled = 0;
  /** Where the next sample lies, not rounded; nothing where sound begins anew. */
  #nextUs: number | undefined;
  /** Samples of a source that has gone back, to be left out. */
  #surplus = 0;
  /** When blocks that are in the encoder are heard; those without a time are not sent. */
  readonly #times = new Map<number, number>();
  #blocks = 0;
  /** The end of what was sent; nothing is sent from before it. */
  #sentUs: Microseconds;

  /**
   * @param fromUs Nothing is sent from before, not even what decoders need to begin: there is other sound. Default 0.
   * @throws VitascopeError `ENCODER_UNKNOWN`, `ENCODER_FAILED`
   */
  constructor(shape: SoundShape, send: (packet: EncodedPacket) => void, fromUs: Microseconds = 0) {
    this.#encoder = new AacEncoder(shape);
    this.#send = send;
    this.#sentUs = fromUs;
    this.#sampleUs = MICROSECONDS_PER_SECOND / shape.sampleRate;
    const planes = () => Array.from({ length: shape.channels }, () => new Float32Array(AAC_SAMPLES));
    this.#block = planes();
    this.#silence = planes();
  }

  get track(): AudioTrack {
    return this.#encoder.track;
  }

  /** @param ptsUs Of its first sample; nothing where it follows what came before. @throws VitascopeError `ENCODER_FAILED` */
  write({ planes, samples }: SoundPiece, ptsUs: Microseconds | undefined): void {
    this.#place(ptsUs);
    const from = Math.min(this.#surplus, samples);
    this.#surplus -= from;
    this.#append(planes, from, samples);
  }

  /** Sends all there is, up to the last sample. What comes next begins anew, and holds nothing of it. */
  flush(): void {
    if (this.#nextUs === undefined) return;
    if (this.#filled > 0) this.#append(this.#silence, 0, AAC_SAMPLES - this.#filled);
    this.#nextUs = undefined;
    this.#surplus = 0;
    // What the encoder mixes into the first packet of what comes next is silence as well.
    for (let i = 0; i < ENCODER_HOLDS; i++) this.#encode(this.#silence);
  }

  close(): void {
    this.#encoder.close();
  }

  get #blockUs(): number {
    return AAC_SAMPLES * this.#sampleUs;
  }

  /** Brings the count of samples and the time that sound says together. */
  #place(ptsUs: Microseconds | undefined): void {
    if (this.#nextUs === undefined) {
      this.#begin(ptsUs ?? this.#sentUs);
      return;
    }
    const offUs = ptsUs === undefined ? 0 : ptsUs - this.#nextUs + this.#surplus * this.#sampleUs;
    const offSamples = Math.round(Math.abs(offUs) / this.#sampleUs);
    if (offUs > MAX_SILENCE_US) {
      // It has been held back for so long that viewers are far beyond it.
      this.#times.clear();
      this.#filled = 0;
      this.flush();
      this.#begin(ptsUs as Microseconds);
    } else if (offUs > TOLERANCE_US) {
      const filling = Math.max(0, offSamples - this.#surplus);
      this.#surplus = Math.max(0, this.#surplus - offSamples);
      for (let left = filling; left > 0; left -= AAC_SAMPLES)
        this.#append(this.#silence, 0, Math.min(left, AAC_SAMPLES));
    } else if (offUs < -TOLERANCE_US) this.#surplus += offSamples;
    else this.#nextUs += offUs * MENDED;
  }

  #begin(us: Microseconds): void {
    const fromUs = Math.max(us, this.#sentUs);
    this.#nextUs = fromUs;
    this.#surplus = Math.round((fromUs - us) / this.#sampleUs);
    // Decoders need the packet before the one that they play.
    const beforeUs = fromUs - this.#blockUs;
    if (beforeUs >= this.#sentUs) this.#times.set(this.#blocks - 1, beforeUs);
  }

  #append(planes: readonly Float32Array[], from: number, to: number): void {
    for (let at = from; at < to; ) {
      const count = Math.min(to - at, AAC_SAMPLES - this.#filled);
      for (const [i, plane] of this.#block.entries()) {
        plane.set((planes[i] as Float32Array).subarray(at, at + count), this.#filled);
      }
      at += count;
      this.#filled += count;
      this.#nextUs = (this.#nextUs ?? 0) + count * this.#sampleUs;
      if (this.#filled < AAC_SAMPLES) return;
      this.#filled = 0;
      this.#times.set(this.#blocks, this.#nextUs - this.#blockUs);
      this.#encode(this.#block);
    }
  }

  #encode(planes: readonly Float32Array[]): void {
    this.#blocks++;
    this.#encoder.encode(planes, (data, block) => {
      const timeUs = this.#times.get(block);
      this.#times.delete(block);
      if (timeUs === undefined) return;
      const ptsUs = Math.round(timeUs);
      const durationUs = Math.round(this.#blockUs);
      this.#sentUs = ptsUs + durationUs;
      this.#send({ kind: 'audio', data, ptsUs, dtsUs: ptsUs, durationUs, isKey: true });
    });
  }
}
