import type { Microseconds } from '../../../pipeline/time.js';
import type { Judgement } from './pose-rule.js';

/** What is about to begin bears so long a time in which nobody can tell. */
const BRIEFLY_US = 300_000;
/** What has begun counts as over when nobody could tell for so long. */
const LONG_US = 2_000_000;

/** How long verdicts must last until an event begins. */
export interface EventTimes {
  readonly holdUs: Microseconds;
  /** How long verdicts must be `no` until it ends. */
  readonly releaseUs: Microseconds;
}

/** When one kind of event of one person begins and ends. */
export class EventState {
  readonly #times: EventTimes;
  #phase: 'idle' | 'pending' | 'active' = 'idle';
  #sinceUs: Microseconds = 0;
  #knownUs: Microseconds = 0;
  #overSinceUs: Microseconds | undefined;
  #scoreSum = 0;
  #scores = 0;

  constructor(times: EventTimes) {
    this.#times = times;
  }

  get isActive(): boolean {
    return this.#phase === 'active';
  }

  /** Whether it has begun, or is about to. */
  get isUnderWay(): boolean {
    return this.#phase !== 'idle';
  }

  /** Since when it is under way. */
  get sinceUs(): Microseconds {
    return this.#sinceUs;
  }

  /** Mean score from `sinceUs` until it began, 0–1. */
  get score(): number {
    return this.#scores === 0 ? 0 : this.#scoreSum / this.#scores;
  }

  /** @returns what happens at this moment. Moments come in order. */
  see(us: Microseconds, { verdict, score }: Judgement): 'begin' | 'end' | undefined {
    if (verdict !== 'unknown') this.#knownUs = us;
    if (this.#phase === 'active') return this.#stays(us, verdict) ? undefined : this.#end();
    if (verdict === 'no' || (verdict === 'unknown' && us - this.#knownUs > BRIEFLY_US)) this.#phase = 'idle';
    if (verdict !== 'yes') return undefined;
    if (this.#phase === 'idle') this.#start(us);
    this.#scoreSum += score;
    this.#scores++;
    if (us - this.#sinceUs < this.#times.holdUs) return undefined;
    this.#phase = 'active';
    this.#overSinceUs = undefined;
    return 'begin';
  }

  #start(us: Microseconds): void {
    this.#phase = 'pending';
    this.#sinceUs = us;
    this.#scoreSum = 0;
    this.#scores = 0;
  }

  #stays(us: Microseconds, verdict: Judgement['verdict']): boolean {
    if (verdict === 'unknown') return us - this.#knownUs <= LONG_US;
    if (verdict !== 'no') this.#overSinceUs = undefined;
    else this.#overSinceUs ??= us;
    return this.#overSinceUs === undefined || us - this.#overSinceUs < this.#times.releaseUs;
  }

  #end(): 'end' {
    this.#phase = 'idle';
    return 'end';
  }
}
