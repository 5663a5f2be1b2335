import type { Microseconds } from '../../../pipeline/time.js';
import type { Body } from './body.js';
import { between, type Place } from './geometry.js';

/** How a person was when they were seen. */
interface Moment {
  readonly us: Microseconds;
  readonly hips: Place;
  readonly torso: number;
  /** From the right ankle (or knee) to the left one. */
  readonly stride: Place | undefined;
}

/** Over longer gaps nobody knows what happened. */
const MAX_GAP_US = 1_000_000;
/** Torsos, and torsos a second: hips that move farther are those of somebody else. */
const [LEAP, LEAP_SPEED] = [0.5, 20];
/** The torso's length is the median over this time. */
const SIZE_US = 2_000_000;
/** Frames that are remembered at most, whatever the frame rate. */
const MAX_MOMENTS = 600;

/** The last moments of one person. */
export class BodyHistory {
  readonly #keepUs: Microseconds;
  #moments: Moment[] = [];
  #size = 0;

  /** @param keepUs How far back it must reach. */
  constructor(keepUs: Microseconds) {
    this.#keepUs = Math.max(keepUs, SIZE_US);
  }

  /** Length of the torso, pixels: the median of the last seconds, so that leaning to the viewer does not make a person small at once. */
  get size(): number {
    return this.#size;
  }

  /** @param us Later than the one before. */
  add(us: Microseconds, { hips, torso, legs }: Body): void {
    const last = this.#moments.at(-1);
    if (last !== undefined && (us - last.us > MAX_GAP_US || this.#isLeap(last, us, hips))) this.#moments = [];
    const stride: Place | undefined = legs && [
      legs[0].place[0] - legs[1].place[0],
      legs[0].place[1] - legs[1].place[1],
    ];
    this.#moments.push({ us, hips, torso, stride });
    const oldestUs = us - this.#keepUs;
    // One before the oldest stays, for what lies between the two.
    while ((this.#moments[1]?.us ?? us) <= oldestUs || this.#moments.length > MAX_MOMENTS) this.#moments.shift();
    this.#size = median(this.#moments.filter((moment) => us - moment.us <= SIZE_US).map((moment) => moment.torso));
  }

  /** Torsos a second by which the hips have moved on average, right and down; nothing where it does not reach back so far. */
  velocity(overUs: Microseconds): Place | undefined {
    const last = this.#moments.at(-1);
    const before = last && this.#hipsAt(last.us - overUs);
    if (last === undefined || before === undefined) return undefined;
    const unit = (this.#size * overUs) / 1e6;
    return [(last.hips[0] - before[0]) / unit, (last.hips[1] - before[1]) / unit];
  }

  /** Torsos from the right leg to the left one, as far as they point along a direction, at each of the last moments. */
  strides(overUs: Microseconds, [x, y]: Place): readonly number[] {
    const sinceUs = (this.#moments.at(-1)?.us ?? 0) - overUs;
    const unit = this.#size * Math.hypot(x, y) || 1;
    return this.#moments.flatMap(({ us, stride }) =>
      us < sinceUs || stride === undefined ? [] : [(stride[0] * x + stride[1] * y) / unit],
    );
  }

  #hipsAt(us: Microseconds): Place | undefined {
    const next = this.#moments.findIndex((moment) => moment.us >= us);
    const [from, to] = [this.#moments[next - 1], this.#moments[next]];
    if (to === undefined || to.us === us) return to?.hips;
    return from && between(from.hips, to.hips, (us - from.us) / (to.us - from.us));
  }

  #isLeap(last: Moment, us: Microseconds, hips: Place): boolean {
    const far = Math.hypot(hips[0] - last.hips[0], hips[1] - last.hips[1]);
    return far > this.#size * Math.max(LEAP, (LEAP_SPEED * (us - last.us)) / 1e6);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
