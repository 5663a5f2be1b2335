import type { Microseconds } from '../../../../pipeline/index.js';
import { SAMPLE_RATE } from '../../sample-rate.js';
import type { Score } from '../score.js';
import { OrganVoice, Tremulant } from './organ-voice.js';
import { PianoVoice } from './piano-voice.js';
import { Room } from './room.js';
import { QUANTUM, type Voice } from './voice.js';

/** Notes that sound at once; beyond them the quietest one goes. */
export const MOST_VOICES = 40;
/** From here on, amplitudes are bent so that none reaches 1. */
const STRAIGHT = 0.7;
const HEADROOM = 0.25;
const WET = { piano: 0.11, organ: 0.2 };

type Doing =
  | { readonly does: 'up' }
  | { readonly does: 'off'; readonly id: number }
  | { readonly does: 'on'; readonly id: number; readonly midi: number; readonly velocity: number }
  | { readonly does: 'down' };
type Action = Doing & { readonly sample: number };

/** At the same sample: the foot first, then what ends, then what begins. */
const ORDER: Record<Doing['does'], number> = { up: 0, off: 1, on: 2, down: 3 };

interface Sounding {
  readonly id: number;
  readonly midi: number;
  readonly voice: Voice;
  held: boolean;
  leaving: boolean;
}

/** Plays scores: 48 kHz, stereo, in blocks of {@link QUANTUM} samples from a first sample on. Constant memory. */
export class Synthesizer {
  readonly #instrument: 'piano' | 'organ';
  readonly #originUs: Microseconds;
  readonly #tremulant = new Tremulant();
  readonly #room = new Room();
  readonly #left = new Float64Array(QUANTUM);
  readonly #right = new Float64Array(QUANTUM);
  #actions: Action[] = [];
  #sounding: Sounding[] = [];
  #pedal = false;
  #sample = 0;
  #nextId = 0;

  /** @param originUs Time of the first sample. */
  constructor(instrument: 'piano' | 'organ', originUs: Microseconds) {
    this.#instrument = instrument;
    this.#originUs = originUs;
  }

  /** Notes that sound now. */
  get voices(): number {
    return this.#sounding.length;
  }

  /** Takes what is to be played. What should have begun already begins at once. */
  schedule({ notes, pedals }: Pick<Score, 'notes' | 'pedals'>): void {
    const sampleAt = (us: Microseconds): number => Math.round(((us - this.#originUs) * SAMPLE_RATE) / 1e6);
    for (const { startUs, durationUs, midi, velocity } of notes) {
      const id = this.#nextId++;
      this.#actions.push({ sample: sampleAt(startUs), does: 'on', id, midi, velocity });
      this.#actions.push({ sample: sampleAt(startUs + durationUs), does: 'off', id });
    }
    if (this.#instrument === 'piano') {
      for (const { atUs, down } of pedals) this.#actions.push({ sample: sampleAt(atUs), does: down ? 'down' : 'up' });
    }
    if (notes.length + pedals.length > 0) {
      this.#actions.sort((a, b) => a.sample - b.sample || ORDER[a.does] - ORDER[b.does]);
    }
  }

  /** Renders the next block into `out`: {@link QUANTUM} pairs of left and right, each within ±0.95. */
  render(out: Float32Array): void {
    this.#left.fill(0);
    this.#right.fill(0);
    this.#tremulant.advance(QUANTUM);
    let at = 0;
    let done = 0;
    for (const action of this.#actions) {
      if (action.sample >= this.#sample + QUANTUM) break;
      const until = Math.max(at, action.sample - this.#sample);
      this.#renderVoices(at, until);
      at = until;
      this.#act(action);
      done++;
    }
    if (done > 0) this.#actions.splice(0, done);
    this.#renderVoices(at, QUANTUM);
    this.#sounding = this.#sounding.filter(({ voice }) => !voice.isOver);
    this.#room.process(this.#left, this.#right, WET[this.#instrument]);
    for (let i = 0; i < QUANTUM; i++) {
      out[2 * i] = bent(this.#left[i] as number);
      out[2 * i + 1] = bent(this.#right[i] as number);
    }
    this.#sample += QUANTUM;
  }

  #renderVoices(from: number, to: number): void {
    if (to > from) for (const { voice } of this.#sounding) voice.render(this.#left, this.#right, from, to);
  }

  #act(action: Action): void {
    if (action.does === 'on') this.#strike(action.id, action.midi, action.velocity);
    else if (action.does === 'off') this.#letGo(action.id);
    else this.#press(action.does === 'down');
  }

  #strike(id: number, midi: number, velocity: number): void {
    for (const one of this.#sounding) if (one.midi === midi && !one.leaving) leave(one);
    if (this.#sounding.length >= MOST_VOICES) this.#makeRoom();
    const voice =
      this.#instrument === 'piano' ? new PianoVoice(midi, velocity) : new OrganVoice(midi, velocity, this.#tremulant);
    this.#sounding.push({ id, midi, voice, held: true, leaving: false });
  }

  /** Takes the quietest voice away; of those that are going already, if there is one. */
  #makeRoom(): void {
    const going = this.#sounding.filter(({ leaving }) => leaving);
    const candidates = going.length > 0 ? going : this.#sounding;
    const quietest = candidates.reduce((a, b) => (b.voice.level < a.voice.level ? b : a));
    this.#sounding = this.#sounding.filter((one) => one !== quietest);
  }

  #letGo(id: number): void {
    const one = this.#sounding.find((sounding) => sounding.id === id);
    if (one === undefined || !one.held) return;
    one.held = false;
    if (!this.#pedal && !one.leaving) one.voice.release();
  }

  #press(down: boolean): void {
    if (this.#pedal && !down) {
      for (const { held, leaving, voice } of this.#sounding) if (!held && !leaving) voice.release();
    }
    this.#pedal = down;
  }
}

function leave(one: Sounding): void {
  one.leaving = true;
  one.voice.choke();
}

/** The amplitude as it is while it is moderate, and ever nearer to ±0.95 beyond. */
function bent(amplitude: number): number {
  const size = Math.abs(amplitude);
  if (size <= STRAIGHT) return amplitude;
  return Math.sign(amplitude) * (STRAIGHT + HEADROOM * Math.tanh((size - STRAIGHT) / HEADROOM));
}
