import type { Microseconds } from '../../../pipeline/time.js';
import type { EventSettings } from './event-options.js';
import { type Judgement, type PoseRule, type Scene, unknown } from './pose-rule.js';

/** Degrees: whoever leans more does not have the head up either. */
const UPRIGHT_DEG = 60;

/** Both wrists are above the face. */
export class HandsUpRule implements PoseRule {
  readonly holdUs: Microseconds;
  readonly #above: number;

  constructor({ handsAbove, handsHoldMs }: EventSettings) {
    this.#above = handsAbove;
    this.holdUs = handsHoldMs * 1000;
  }

  judge({ body: { lean, face, wrists, torsoScore }, history }: Scene): Judgement {
    if (lean >= UPRIGHT_DEG) return { verdict: 'no', score: torsoScore };
    if (face === undefined || wrists.length === 0) return unknown;
    const seen = [face, ...wrists].map(({ score }) => score);
    const score = seen.reduce((sum, each) => sum + each, 0) / seen.length;
    const lift = Math.min(...wrists.map(({ place }) => face.place[1] - place[1])) / history.size;
    if (lift < 0) return { verdict: 'no', score };
    if (wrists.length < 2) return unknown;
    return { verdict: lift >= this.#above ? 'yes' : 'between', score };
  }
}
