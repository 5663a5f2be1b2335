import type { Microseconds } from '../../../pipeline/index.js';
import { MOST_LAG_US, type SoundEvent } from './sound-event.js';
import { partOf, type Stereo, silence } from './stereo.js';
import { type SampleIndex, sampleAt, samplesIn } from './timeline.js';
import { Voice } from './voice.js';

/** What became of an event that was added. */
export type Placement =
  /** It will be heard as asked. */
  | 'placed'
  /** It came late: its beginning is missing, or it is heard too late by at most 40 ms. */
  | 'late'
  /** Not heard at all: too late, nothing left of it, or too many are waiting. */
  | 'dropped';

/** Options of an {@link EventMixer}. */
export interface EventMixerOptions {
  /** Where the timeline begins. Default 0. */
  readonly startUs?: Microseconds;
  /** Sounds that are heard at once. Default 32. One more, and the quietest fades out in 10 ms. */
  readonly voices?: number;
  /** Events that may wait for their time. Default 4096. */
  readonly waiting?: number;
}

/** A sound that enters amid its course fades in. */
const ENTRY_FADE = samplesIn(2);
const MOST_LAG = sampleAt(MOST_LAG_US);

/**
 * Places sounds on the stream's timeline, to the sample, and renders the timeline in order, in blocks of any size: what comes out depends on the events
 * and on when they were added, not on the blocks. Memory is bounded by `voices` and `waiting`.
 */
export class EventMixer {
  readonly #mostVoices: number;
  readonly #mostWaiting: number;
  /** The next sample to be rendered. */
  #position: SampleIndex;
  /** By their first sample. */
  readonly #waiting: Voice[] = [];
  #voices: Voice[] = [];
  #refused = 0;

  constructor({ startUs = 0, voices = 32, waiting = 4096 }: EventMixerOptions = {}) {
    this.#position = sampleAt(startUs);
    this.#mostVoices = voices;
    this.#mostWaiting = waiting;
  }

  /** The next sample to be rendered. */
  get position(): SampleIndex {
    return this.#position;
  }

  /** Sounds that are heard now, those that fade out to make room included: twice the option `voices` at most. */
  get voices(): number {
    return this.#voices.length;
  }

  /** Events whose time came within 10 ms of twice as many as may be heard, and that were left out so that none had to stop short. */
  get refused(): number {
    return this.#refused;
  }

  /** The first sample at which something is heard; infinite when nothing is left. */
  get nextSound(): SampleIndex {
    return this.#voices.length > 0 ? this.#position : (this.#waiting[0]?.from ?? Number.POSITIVE_INFINITY);
  }

  /** Takes an event. Its sound is not copied. See {@link LateRule} for events that come late. */
  add(event: SoundEvent): Placement {
    const onset = sampleAt(event.ptsUs);
    const lag = this.#position - onset;
    // Not a number where the time is none.
    if (!(lag <= MOST_LAG) || this.#waiting.length >= this.#mostWaiting) return 'dropped';
    const isShifted = lag > 0 && event.late === 'shift';
    const heardAt = isShifted ? Math.min(this.#position + ENTRY_FADE, onset + MOST_LAG) : onset;
    // Where the onset is still to come, the fade must be over by then.
    const fade = lag > 0 && !isShifted ? ENTRY_FADE : Math.min(ENTRY_FADE, heardAt - this.#position);
    const voice = new Voice(event, heardAt, this.#position, fade);
    if (!(voice.from < voice.to)) return 'dropped';
    // Behind those that begin with it, so that the order of adding is kept.
    const at = this.#waiting.findLastIndex((other) => other.from <= voice.from) + 1;
    this.#waiting.splice(at, 0, voice);
    return isShifted || voice.isCut ? 'late' : 'placed';
  }

  /** Writes the next samples of the timeline into a block, as many as it has. */
  render(block: Stereo): void {
    silence(block);
    const start = this.#position;
    const end = start + block.left.length;
    while (this.#position < end) {
      this.#startVoices();
      const until = Math.min(end, this.#waiting[0]?.from ?? end);
      const part = partOf(block, this.#position - start, until - start);
      for (const voice of this.#voices) voice.addTo(part, this.#position);
      this.#position = until;
      this.#voices = this.#voices.filter(({ to }) => to > until);
    }
  }

  /** Lets those begin whose time has come, one after another. */
  #startVoices(): void {
    for (let next = this.#waiting[0]; next !== undefined && next.from <= this.#position; next = this.#waiting[0]) {
      this.#waiting.shift();
      if (!this.#makesRoom()) {
        this.#refused++;
        continue;
      }
      for (const voice of this.#voices)
        if (next.thing !== undefined && voice.thing === next.thing) voice.damp(next.onset);
      this.#voices.push(next);
    }
  }

  /** Fades out the quietest where there are too many; of those that are equally quiet, the oldest. False where as many are fading already. */
  #makesRoom(): boolean {
    const sounding = this.#voices.filter((voice) => !voice.isReleased);
    if (sounding.length < this.#mostVoices) return true;
    if (this.#voices.length >= 2 * this.#mostVoices) return false;
    const loudness = sounding.map((voice) => voice.loudnessAt(this.#position));
    sounding[loudness.indexOf(Math.min(...loudness))]?.release(this.#position);
    return true;
  }
}
