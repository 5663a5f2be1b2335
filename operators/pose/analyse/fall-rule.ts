import type { Microseconds } from '../../../pipeline/time.js';
import type { Body } from './body.js';
import type { EventSettings } from './event-options.js';
import type { Judgement, PoseRule, Scene } from './pose-rule.js';

/** The hips' speed is the mean of so long. */
const SINKING_US = 250_000;
/** Degrees less than `fallAngle` at which somebody is up again. */
const MARGIN_DEG = 20;

/** Somebody lies who has just sunk fast: torso far from upright, box wide, feet not below; the hips' speed tells a fall from lying down. */
export class FallRule implements PoseRule {
  readonly holdUs: Microseconds;
  readonly #settings: EventSettings;
  #sankUs = Number.NEGATIVE_INFINITY;

  constructor(settings: EventSettings) {
    this.#settings = settings;
    this.holdUs = settings.fallHoldMs * 1000;
  }

  judge({ us, body, history }: Scene, isUnderWay: boolean): Judgement {
    const { fallAngle, fallSpeed, fallWindowMs } = this.#settings;
    const [, sinking] = history.velocity(SINKING_US) ?? [0, 0];
    if (sinking >= fallSpeed) this.#sankUs = us;
    const { lean, torsoScore: score } = body;
    if (lean < fallAngle - MARGIN_DEG) return { verdict: 'no', score };
    const hasSunk = isUnderWay || us - this.#sankUs <= fallWindowMs * 1000;
    return { verdict: this.#lies(body, history.size) && hasSunk ? 'yes' : 'between', score };
  }

  #lies({ lean, aspect, hips, legs }: Body, size: number): boolean {
    const { fallAngle, fallAspect, fallLegs } = this.#settings;
    const below = legs === undefined ? 0 : (legs[0].place[1] + legs[1].place[1]) / 2 - hips[1];
    return lean >= fallAngle && aspect >= fallAspect && below <= fallLegs * size;
  }
}
