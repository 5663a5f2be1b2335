import type { Microseconds } from '../../../pipeline/index.js';
import type { PictureFeel } from './mood.js';
import { checkedFacts, type PictureFacts } from './picture-facts.js';

/** Facts that are kept of what is ahead: more than two minutes at 25 a second. Who hears more loses foresight, not facts. */
const MOST_AHEAD = 4096;
/** Time constants of what counts as now, in seconds: for loudness and tempo, and for mood. */
const MOMENT = 0.8;
const SCENE = 5;
/** How long cuts are remembered for their rate, in seconds. */
const CUT_MEMORY = 20;

/**
 * The picture as a player sees it: what is on the screen now, smoothed, and what is known of the next seconds. Both
 * depend only on facts up to a given time, so that it does not matter how many were heard when. Constant memory.
 */
export class PictureMemory {
  #ahead: PictureFacts[] = [];
  #presentUs: Microseconds = Number.NEGATIVE_INFINITY;
  #lastUs: Microseconds | undefined;
  #moment = 0;
  #motion = 0;
  #square = 0;
  #brightness = 0.5;
  #cutRate = 0;
  #lastCutUs: Microseconds | undefined;

  /** @throws VitascopeError `OPTION_INVALID` for figures that are none. Facts out of order are left out. */
  hear(facts: PictureFacts): void {
    const checked = checkedFacts(facts);
    const last = this.#ahead.at(-1)?.ptsUs ?? this.#lastUs;
    if (last !== undefined && checked.ptsUs <= last) return;
    this.#ahead.push(checked);
    if (this.#ahead.length > MOST_AHEAD) this.#take(this.#ahead.shift() as PictureFacts);
  }

  /** The first picture's time, as long as none has been taken. */
  get firstUs(): Microseconds | undefined {
    return this.#lastUs ?? this.#ahead[0]?.ptsUs;
  }
  /** Time of the newest picture that was heard. */
  get newestUs(): Microseconds | undefined {
    return this.#ahead.at(-1)?.ptsUs ?? this.#lastUs;
  }
  /** The latest cut that is on the screen already. */
  get lastCutUs(): Microseconds | undefined {
    return this.#lastCutUs;
  }
  /** Motion on the screen now, 0–1. */
  get energy(): number {
    return this.#moment;
  }
  /** Picture of the last seconds. */
  get feel(): PictureFeel {
    return {
      motion: this.#motion,
      jerkiness: Math.sqrt(Math.max(0, this.#square - this.#motion ** 2)),
      brightness: this.#brightness,
      cutsPerMinute: this.#cutRate * 60,
    };
  }

  /** Goes on to this time: pictures up to it are on the screen. */
  presentUntil(ptsUs: Microseconds): void {
    let count = 0;
    while (count < this.#ahead.length && (this.#ahead[count] as PictureFacts).ptsUs <= ptsUs) count++;
    for (const facts of this.#ahead.splice(0, count)) this.#take(facts);
    this.#presentUs = Math.max(this.#presentUs, ptsUs);
  }

  /** Times of the cuts that are known after now, up to `limitUs`. */
  cutsAhead(limitUs: Microseconds): readonly Microseconds[] {
    return this.#ahead.filter(({ cut, ptsUs }) => cut && ptsUs <= limitUs).map(({ ptsUs }) => ptsUs);
  }

  /** The picture of the shot that begins at `cutUs`, as far as it is known; of the last seconds where too little is. */
  feelAfter(cutUs: Microseconds, limitUs: Microseconds): PictureFeel {
    const coming = this.#ahead.filter(({ ptsUs }) => ptsUs >= cutUs && ptsUs <= limitUs);
    const weight = Math.min(0.85, coming.length / 30);
    const moving = coming.filter(({ cut }) => !cut);
    const mix = (past: number, values: readonly PictureFacts[], of: (facts: PictureFacts) => number): number =>
      values.length === 0
        ? past
        : past + weight * (values.reduce((sum, one) => sum + of(one), 0) / values.length - past);
    const { feel } = this;
    const motion = mix(feel.motion, moving, (one) => one.motion);
    return {
      motion,
      jerkiness: mix(feel.jerkiness, moving, (one) => Math.abs(one.motion - motion) * 1.25),
      brightness: mix(feel.brightness, coming, (one) => one.brightness),
      cutsPerMinute: feel.cutsPerMinute,
    };
  }

  #take({ ptsUs, cut, motion, brightness }: PictureFacts): void {
    const first = this.#lastUs === undefined;
    const seconds = first ? 1 : Math.min(2, (ptsUs - (this.#lastUs as number)) / 1e6);
    this.#lastUs = ptsUs;
    if (cut) this.#lastCutUs = ptsUs;
    const share = (constant: number): number => (first ? 1 : 1 - Math.exp(-seconds / constant));
    this.#cutRate += (cut && !first ? 1 / CUT_MEMORY : 0) - this.#cutRate * (first ? 0 : seconds / CUT_MEMORY);
    this.#cutRate = Math.max(0, this.#cutRate);
    this.#brightness += share(SCENE) * (brightness - this.#brightness);
    if (cut) return;
    this.#moment += share(MOMENT) * (motion - this.#moment);
    this.#motion += share(SCENE) * (motion - this.#motion);
    this.#square += share(SCENE) * (motion ** 2 - this.#square);
  }
}
