import type { Microseconds } from '../../../pipeline/index.js';
import { parseOptions } from '../../options.js';
import { SAMPLE_RATE } from '../sample-rate.js';
import { type AccompanyOptions, accompanyOptions } from './accompany-options.js';
import { Composer } from './composer.js';
import type { PictureFacts } from './picture-facts.js';
import type { Score } from './score.js';
import { Synthesizer } from './synth/synthesizer.js';
import { QUANTUM } from './synth/voice.js';

/** Notes that wait for {@link Accompanist.score}; of more, the oldest are forgotten. */
const MOST_WAITING = 8192;

/**
 * A pianist or organist who watches a silent film: pictures in, music out, composed while it plays.
 *
 * Before `audioUntil(t)`, all pictures up to `t` and the look-ahead should have been heard; then the same pictures and the same seed give the same samples,
 * whatever the sizes of the blocks. Where pictures come late, music goes on with what is known. Memory is constant.
 *
 * @example
 * const accompanist = new Accompanist({ mood: 'comic', seed: 7 });
 * accompanist.hear({ ptsUs: 0, cut: true, motion: 0.2, brightness: 0.5 });
 * const stereo = accompanist.audioUntil(1_000_000);
 */
export class Accompanist {
  readonly #composer: Composer;
  readonly #synthesizer: Synthesizer;
  readonly #originUs: Microseconds;
  readonly #block = new Float32Array(2 * QUANTUM);
  #blockLeft = 0;
  #given = 0;
  #rendered = 0;
  #waiting = nothing();

  /**
   * @param originUs Time of the first sample; before the first picture there is silence. Default 0.
   * @throws VitascopeError `OPTION_INVALID`
   */
  constructor(options: AccompanyOptions = {}, originUs: Microseconds = 0) {
    const complete = parseOptions('accompany', accompanyOptions, options);
    this.#composer = new Composer(complete);
    this.#synthesizer = new Synthesizer(complete.instrument, originUs);
    this.#originUs = originUs;
  }

  /** When the last chord is let go, once that is known: some time after {@link end}. The room rings on for a second. */
  get finishedUs(): Microseconds | undefined {
    return this.#composer.finishedUs;
  }

  /** Takes note of a picture. Those out of order are left out. @throws VitascopeError `OPTION_INVALID` for figures that are none. */
  hear(facts: PictureFacts): void {
    this.#composer.hear(facts);
  }

  /** No more pictures: the music comes to its end with a cadence, with the last picture where it is far enough ahead, else soon after. */
  end(): void {
    this.#composer.end();
  }

  /** The sound since the last call, up to a time: float32, 48 kHz, left and right in turn, within ±0.95. Empty for a time that has passed. */
  audioUntil(ptsUs: Microseconds): Float32Array {
    const target = Math.floor(((ptsUs - this.#originUs) * SAMPLE_RATE) / 1e6);
    const out = new Float32Array(2 * Math.max(0, target - this.#given));
    let filled = 0;
    while (filled < out.length) {
      if (this.#blockLeft === 0) this.#renderBlock();
      const count = Math.min(this.#blockLeft, out.length - filled);
      const from = this.#block.length - this.#blockLeft;
      out.set(this.#block.subarray(from, from + count), filled);
      filled += count;
      this.#blockLeft -= count;
    }
    this.#given += out.length / 2;
    return out;
  }

  /** What was composed since the last call: at most the last 8192 of each kind. */
  score(): Score {
    const score = this.#waiting;
    this.#waiting = nothing();
    return score;
  }

  #renderBlock(): void {
    this.#rendered += QUANTUM;
    const score = this.#composer.composeUntil(this.#originUs + (this.#rendered * 1e6) / SAMPLE_RATE);
    this.#synthesizer.schedule(score);
    this.#synthesizer.render(this.#block);
    this.#blockLeft = this.#block.length;
    if (score.beats.length > 0) this.#waiting = joined(this.#waiting, score);
  }
}

function nothing(): Score {
  return { notes: [], pedals: [], harmonies: [], sections: [], beats: [] };
}

function joined(before: Score, after: Score): Score {
  const last = <One>(a: readonly One[], b: readonly One[]): readonly One[] => [...a, ...b].slice(-MOST_WAITING);
  return {
    notes: last(before.notes, after.notes),
    pedals: last(before.pedals, after.pedals),
    harmonies: last(before.harmonies, after.harmonies),
    sections: last(before.sections, after.sections),
    beats: last(before.beats, after.beats),
  };
}
