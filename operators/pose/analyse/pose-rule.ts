import type { Microseconds } from '../../../pipeline/time.js';
import type { Body } from './body.js';
import type { BodyHistory } from './body-history.js';

/** What a rule says of a moment. `between`: no more what it was, but not over either. `unknown`: what it would have to look at is unsure. */
export type Verdict = 'yes' | 'between' | 'no' | 'unknown';

/** A verdict, and the mean score of the key points that it was made by, 0–1. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly score: number;
}

/** A moment of one person. */
export interface Scene {
  readonly us: Microseconds;
  readonly body: Body;
  /** This moment included. */
  readonly history: BodyHistory;
}

/** Recognises one kind of event of one person. */
export interface PoseRule {
  /** How long it must be seen to begin. */
  readonly holdUs: Microseconds;
  /** @param isUnderWay Whether it was `yes` before, and is not over. Called for each moment in which the torso is sure. */
  judge(scene: Scene, isUnderWay: boolean): Judgement;
}

/** What a rule says that cannot see. */
export const unknown: Judgement = { verdict: 'unknown', score: 0 };
