import { AudioFrame, type AudioSample, type Microseconds } from '../../../pipeline/index.js';
import { SAMPLE_RATE } from '../sample-rate.js';
import { type BedChange, type BedFactory, BedMixer } from './bed-mixer.js';
import { amplitudeOf } from './decibels.js';
import { EarlyReflections } from './early-reflections.js';
import { EventMixer, type Placement } from './event-mixer.js';
import { ExistingSound, type ExistingSoundOptions } from './existing-sound.js';
import { LoudnessMeter } from './loudness-meter.js';
import { LoudnessRider, type RiderOptions } from './loudness-rider.js';
import type { RoomSize } from './rooms.js';
import type { SoundEvent } from './sound-event.js';
import { makeHarmless, partOf, type Stereo, stereo } from './stereo.js';
import { type SampleIndex, sampleAt, timeOf } from './timeline.js';
import { LIMITER_LATENCY, TruePeakLimiter } from './true-peak-limiter.js';

/** How loud made sound becomes. */
export type LoudnessPlan =
  /** Live: a slow gain towards the target. */
  | ({ readonly kind: 'ride' } & RiderOptions)
  /** A gain that is known, as from {@link findProgrammeGain}. */
  | { readonly kind: 'fixed'; readonly gainDb: number };

/** Options of a {@link FoleyMixer}. */
export interface FoleyMixerOptions extends Omit<ExistingSoundOptions, 'startUs'> {
  /** Where the picture begins, on the stream's timeline. Default 0. */
  readonly startUs?: Microseconds;
  /** Default: a fixed gain of 0 dB. */
  readonly loudness?: LoudnessPlan;
  /** Sounds that are heard at once. Default 32. */
  readonly voices?: number;
  /** Until the first cut. Default `none`. */
  readonly room?: RoomSize;
}

/** Figures of a {@link FoleyMixer}. */
export interface FoleyMixerFigures {
  /** Events by what became of them. */
  readonly placed: number;
  readonly late: number;
  readonly dropped: number;
  /** Sounds that are heard now. */
  readonly voices: number;
  /** Of all that has left, LUFS. */
  readonly lufs: number;
}

/** Samples of a block that leaves, but for the last one. */
export const BLOCK_SAMPLES = 1024;

/**
 * How much of the timeline the mixer must know before it gives a sample: the look-ahead of the limiter, 2 ms. Events, beds and cuts should be added before
 * `audioUntil` comes so near to them. Sound that leaves is not shifted by it.
 */
export const MIXER_LOOKAHEAD_US: Microseconds = timeOf(LIMITER_LATENCY);

/**
 * Makes the stream's sound, 48 kHz stereo: events through the room's reflections, beds, loudness, then existing sound, then the limiter. Samples leave in order
 * and without a hole, each at its place on the timeline; what they are does not depend on how often one asks for them, only on what was known by then. Memory
 * is constant.
 *
 * @example
 * const mixer = new FoleyMixer({ loudness: { kind: 'ride' } });
 * mixer.add({ ptsUs: 2_000_000, sound: clang, onsetSample: 96, pan: -0.2 });
 * for (const sample of mixer.audioUntil(3_000_000)) encoder.push(sample);
 * for (const sample of mixer.end(60_000_000)) encoder.push(sample);
 */
export class FoleyMixer {
  readonly #events: EventMixer;
  readonly #beds = new BedMixer();
  readonly #room: EarlyReflections;
  readonly #existing: ExistingSound;
  readonly #rider: LoudnessRider | undefined;
  readonly #gain: number;
  readonly #limiter = new TruePeakLimiter();
  readonly #meter = new LoudnessMeter();
  /** What has left the limiter and waits to be a whole block. */
  #block = stereo(BLOCK_SAMPLES);
  #filled = 0;
  /** Of the first sample in `#block`. */
  #blockStart: SampleIndex;
  /** Samples that the limiter gives before those of the timeline. */
  #surplus = LIMITER_LATENCY;
  readonly #counts: Record<Placement, number> = { placed: 0, late: 0, dropped: 0 };

  constructor(options: FoleyMixerOptions = {}) {
    const { startUs = 0, loudness = { kind: 'fixed', gainDb: 0 }, voices, room = 'none' } = options;
    this.#events = new EventMixer({ startUs, ...(voices === undefined ? {} : { voices }) });
    this.#room = new EarlyReflections(room);
    this.#existing = new ExistingSound({ ...options, startUs });
    this.#rider = loudness.kind === 'ride' ? new LoudnessRider(loudness) : undefined;
    this.#gain = loudness.kind === 'fixed' ? amplitudeOf(loudness.gainDb) : 1;
    this.#blockStart = sampleAt(startUs);
  }

  /** Takes an event; its sound is not copied. */
  add(event: SoundEvent): Placement {
    const placement = this.#events.add(event);
    this.#counts[placement]++;
    return placement;
  }

  /** Moves the gain of the bed of a kind; false where eight others are heard already. */
  bed(kind: string, make: BedFactory, change: BedChange): boolean {
    return this.#beds.change(kind, make, change);
  }

  /** Kinds of the beds that are heard, or will be. */
  get beds(): readonly string[] {
    return this.#beds.kinds;
  }

  /** A hard cut: from here on another room is heard. Cuts must come in order. */
  cut(ptsUs: Microseconds, room: RoomSize): void {
    this.#room.cut(sampleAt(ptsUs), room);
  }

  /** Takes existing sound, mono or stereo at 48 kHz. The frame stays with the caller; its samples must not change. @throws VitascopeError see {@link ExistingSound} */
  existing(frame: AudioFrame): void {
    this.#existing.push(frame);
  }

  /** False where `when: silent` has found existing sound; then events need not be made. */
  get isMadeSoundHeard(): boolean {
    return this.#existing.isMadeSoundHeard;
  }

  get figures(): FoleyMixerFigures {
    return { ...this.#counts, voices: this.#events.voices, lufs: this.#meter.integrated };
  }

  /** All whole blocks that end at a time or before, and that have not left yet. They belong to the receiver. */
  audioUntil(ptsUs: Microseconds): AudioSample[] {
    return this.#render(sampleAt(ptsUs));
  }

  /** All that is left, up to a time exactly; by default up to where the last block ended that `audioUntil` was asked for. Nothing may follow. */
  end(ptsUs: Microseconds = timeOf(this.#events.position - LIMITER_LATENCY)): AudioSample[] {
    const samples = this.#render(sampleAt(ptsUs));
    const rest = Math.min(this.#filled, sampleAt(ptsUs) - this.#blockStart);
    if (rest > 0) samples.push(this.#take(rest));
    return samples;
  }

  #render(until: SampleIndex): AudioSample[] {
    const samples: AudioSample[] = [];
    while (this.#events.position < until + LIMITER_LATENCY) {
      const left = until + LIMITER_LATENCY - this.#events.position;
      this.#collect(this.#renderBlock(Math.min(BLOCK_SAMPLES, left)), samples);
    }
    return samples;
  }

  #renderBlock(samples: number): Stereo {
    const start = this.#events.position;
    const block = stereo(samples);
    const hasEvents = this.#events.nextSound < start + samples;
    this.#events.render(block);
    if (hasEvents) makeHarmless(block);
    if (!hasEvents && this.#room.isSilentFrom(start)) this.#room.skip(start, samples);
    else this.#room.addTo(block, start);
    if (!this.#beds.isMute(start, start + samples)) this.#beds.addTo(block, start);
    this.#rider?.process(block);
    if (this.#gain !== 1) scale(block, this.#gain);
    this.#existing.mixInto(block, start);
    this.#limiter.process(block);
    return block;
  }

  /** Puts rendered samples into blocks that leave, without those that the limiter gave before the first. */
  #collect(rendered: Stereo, samples: AudioSample[]): void {
    const skipped = Math.min(this.#surplus, rendered.left.length);
    this.#surplus -= skipped;
    for (let from = skipped; from < rendered.left.length; ) {
      const count = Math.min(rendered.left.length - from, BLOCK_SAMPLES - this.#filled);
      const part = partOf(rendered, from, from + count);
      this.#block.left.set(part.left, this.#filled);
      this.#block.right.set(part.right, this.#filled);
      from += count;
      this.#filled += count;
      if (this.#filled === BLOCK_SAMPLES) samples.push(this.#take(BLOCK_SAMPLES));
    }
  }

  #take(count: number): AudioSample {
    const { left, right } = partOf(this.#block, 0, count);
    this.#meter.push({ left, right });
    const frame = new AudioFrame({
      channels: [left, right],
      sampleRate: SAMPLE_RATE,
      ptsUs: timeOf(this.#blockStart),
    });
    this.#blockStart += count;
    this.#block = stereo(BLOCK_SAMPLES);
    this.#filled = 0;
    return { frame, meta: {} };
  }
}

function scale({ left, right }: Stereo, gain: number): void {
  for (let i = 0; i < left.length; i++) {
    left[i] = (left[i] as number) * gain;
    right[i] = (right[i] as number) * gain;
  }
}
