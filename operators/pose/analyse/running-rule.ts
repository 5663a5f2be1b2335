import type { Microseconds } from '../../../pipeline/time.js';
import type { EventSettings } from './event-options.js';
import { type Judgement, type PoseRule, type Scene, unknown } from './pose-rule.js';

/** Of `runSpeed`: slower is not running any more. */
const SLOWER = 0.75;
/** Legs must have passed each other within this time… */
const STEPS_US = 1_000_000;
/** …and been so far apart before and after, torsos. */
const STRIDE = 0.15;

/** The hips move fast across the picture, and the legs pass each other. */
export class RunningRule implements PoseRule {
  readonly holdUs: Microseconds;
  readonly #settings: EventSettings;

  constructor(settings: EventSettings) {
    this.#settings = settings;
    this.holdUs = settings.runHoldMs * 1000;
  }

  judge({ body: { legs, torsoScore }, history }: Scene): Judgement {
    const { runSpeed, runWindowMs, runSteps } = this.#settings;
    const velocity = history.velocity(runWindowMs * 1000);
    if (velocity === undefined) return unknown;
    const speed = Math.hypot(...velocity);
    if (speed < SLOWER * runSpeed) return { verdict: 'no', score: torsoScore };
    const verdict = speed >= runSpeed ? 'yes' : 'between';
    if (!runSteps) return { verdict, score: torsoScore };
    if (legs === undefined) return unknown;
    const score = (torsoScore + legs[0].score + legs[1].score) / 3;
    const strides = history.strides(STEPS_US, velocity);
    const haveAlternated = Math.min(...strides) <= -STRIDE && Math.max(...strides) >= STRIDE;
    return { verdict: haveAlternated ? verdict : 'no', score };
  }
}
