import { amplitudeOf } from './decibels.js';
import { balanceStereo, type PanGains, panMono } from './pan.js';
import { limitPitch, PitchedSound } from './pitched-sound.js';
import type { SoundEvent } from './sound-event.js';
import type { Stereo } from './stereo.js';
import { type SampleIndex, samplesIn } from './timeline.js';

const QUIETEST_DB = -90;
const LOUDEST_DB = 24;
const DEFAULT_FADE_OUT = samplesIn(2);
/** How long a voice takes to make room for another one. */
const RELEASE_SAMPLES = samplesIn(10);
/** What is left of a ring when the same thing is hit again, −10 dB, and how soon. */
const DAMPED = amplitudeOf(-10);
const DAMPING_SAMPLES = samplesIn(10);
/** Of what is heard now, for {@link Voice.loudnessAt}. */
const LISTEN_SAMPLES = samplesIn(10);
const LISTEN_STRIDE = 4;

/** One sound that is heard. What it gives depends on the number of the sample alone, so blocks may have any size. */
export class Voice {
  /** The first sample that is heard of it. */
  readonly from: SampleIndex;
  /** True where something that lies before it is left out. */
  readonly isCut: boolean;
  /** Where its onset is heard. */
  readonly onset: SampleIndex;
  /** What it is the sound of. */
  readonly thing: string | undefined;
  /** After its last sample, but for a release. */
  readonly #end: SampleIndex;
  readonly #origin: number;
  readonly #channels: readonly [PitchedSound, PitchedSound];
  readonly #isMono: boolean;
  readonly #gains: PanGains;
  readonly #fadeIn: number;
  readonly #fadeOut: number;
  /** Where it is asked to make room. */
  #releasedAt = Number.POSITIVE_INFINITY;
  #dampedAt = Number.POSITIVE_INFINITY;

  /**
   * @param onset Where the sound's onset is heard.
   * @param notBefore What lies before is left out, and a late entry fades in over `entryFade` samples.
   */
  constructor(event: SoundEvent, onset: SampleIndex, notBefore = Number.NEGATIVE_INFINITY, entryFade = 0) {
    const { sound, envelope = {}, gainDb = 0, pan = 0 } = event;
    this.thing = event.thing;
    const [left, right] = sound instanceof Float32Array ? [sound, sound] : sound;
    const length = Math.max(left.length, right.length);
    const ratio = limitPitch(event.pitch ?? 1);
    this.#origin = Math.max(0, Math.min(length, Math.round(finiteOr(event.onsetSample ?? 0, 0))));
    this.onset = onset;
    const first = onset - Math.floor(this.#origin / ratio);
    this.from = Math.max(first, notBefore);
    this.isCut = this.from > first;
    const rest = Math.floor((length - 1 - this.#origin) / ratio) + 1;
    this.#end = onset + Math.min(rest, fadeSamples(envelope.lengthMs, rest));
    this.#isMono = left === right;
    this.#channels = [new PitchedSound(left, ratio), new PitchedSound(right, ratio)];
    const gain = amplitudeOf(Math.max(QUIETEST_DB, Math.min(LOUDEST_DB, finiteOr(gainDb, 0))));
    const place = (this.#isMono ? panMono : balanceStereo)(finiteOr(pan, 0));
    this.#gains = { left: gain * place.left, right: gain * place.right };
    this.#fadeIn = this.isCut ? entryFade : fadeSamples(envelope.fadeInMs, 0);
    // However short a sound is, its onset is heard.
    this.#fadeOut = Math.min(fadeSamples(envelope.fadeOutMs, DEFAULT_FADE_OUT), Math.max(0, this.#end - onset - 1));
  }

  /** After the last sample that is heard of it. */
  get to(): SampleIndex {
    return Math.min(this.#end, this.#releasedAt + RELEASE_SAMPLES);
  }

  /** Fades it out from a sample on, to make room. */
  release(at: SampleIndex): void {
    this.#releasedAt = Math.min(this.#releasedAt, at);
  }

  /** Damps it from a sample on; once. */
  damp(at: SampleIndex): void {
    this.#dampedAt = Math.min(this.#dampedAt, at);
  }

  get isReleased(): boolean {
    return this.#releasedAt !== Number.POSITIVE_INFINITY;
  }

  /** How loud it is for the next 10 ms: mean of squares. */
  loudnessAt(sample: SampleIndex): number {
    const [left, right] = this.#channels;
    let sum = 0;
    for (let i = sample; i < sample + LISTEN_SAMPLES; i += LISTEN_STRIDE) {
      const shape = this.#shapeAt(i);
      sum += (shape * this.#gains.left * left.at(i - this.onset, this.#origin)) ** 2;
      sum += (shape * this.#gains.right * right.at(i - this.onset, this.#origin)) ** 2;
    }
    return Number.isFinite(sum) ? sum : 0;
  }

  /** Adds it to a block whose first sample is `start`. */
  addTo(block: Stereo, start: SampleIndex): void {
    const [left, right] = this.#channels;
    const end = Math.min(start + block.left.length, this.to);
    for (let i = Math.max(start, this.from); i < end; i++) {
      const shape = this.#shapeAt(i);
      const heard = left.at(i - this.onset, this.#origin) * shape;
      const other = this.#isMono ? heard : right.at(i - this.onset, this.#origin) * shape;
      const at = i - start;
      block.left[at] = (block.left[at] as number) + heard * this.#gains.left;
      block.right[at] = (block.right[at] as number) + other * this.#gains.right;
    }
  }

  /** All fades at a sample, 0…1. */
  #shapeAt(sample: SampleIndex): number {
    const sinceStart = sample - this.from;
    const untilEnd = this.#end - sample;
    let shape = sinceStart < this.#fadeIn ? raisedCosine((sinceStart + 1) / (this.#fadeIn + 1)) : 1;
    if (untilEnd <= this.#fadeOut) shape *= raisedCosine(untilEnd / (this.#fadeOut + 1));
    if (sample > this.#dampedAt) shape *= 1 - (1 - DAMPED) * raisedCosine((sample - this.#dampedAt) / DAMPING_SAMPLES);
    const sinceRelease = sample - this.#releasedAt;
    return sinceRelease < 0 ? shape : shape * raisedCosine(1 - sinceRelease / RELEASE_SAMPLES);
  }
}

/** 0 → 0, 1 → 1, smooth. */
function raisedCosine(t: number): number {
  return 0.5 - 0.5 * Math.cos(Math.PI * Math.max(0, Math.min(1, t)));
}

/** Milliseconds that a caller gave, in samples. */
function fadeSamples(ms: number | undefined, otherwise: number): number {
  return ms === undefined || Number.isNaN(ms) ? otherwise : samplesIn(Math.max(0, ms));
}

function finiteOr(value: number, otherwise: number): number {
  return Number.isFinite(value) ? value : otherwise;
}
