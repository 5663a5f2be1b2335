import { plus, type Vector } from './vector.js';

/** Radians. `forward` swings a limb to where the body faces, `side` lifts it away from the body. */
export interface Limb {
  readonly forward?: number;
  readonly side?: number;
  /** Of the elbow or knee: forearms bend forwards, shanks backwards. */
  readonly bend?: number;
  /** Of the elbow, away from the body, as when waving. */
  readonly bendSide?: number;
}

/** Where a body faces, and where its left is; both level. */
export interface Heading {
  readonly forward: Vector;
  readonly leftward: Vector;
}

/** 1 for the person's left, -1 for their right. */
export type Sign = 1 | -1;

/** Lengths in heights, close to those of anthropometric tables. */
export const lengths = {
  shoulder: 0.108,
  hip: 0.062,
  trunk: 0.318,
  upperArm: 0.168,
  forearm: 0.142,
  hand: 0.04,
  thigh: 0.236,
  shank: 0.226,
  ankle: 0.04,
  foot: 0.075,
  head: 0.108,
};

/** The places along an arm. */
export function armFrom(neck: Vector, heading: Heading, sign: Sign, limb: Limb) {
  const { forward = 0, side = 0, bend = 0.12, bendSide = 0 } = limb;
  // Shoulders rise with the arms.
  const raised = Math.max(0, -Math.cos(side) * Math.cos(forward)) * 0.03;
  const shoulder = plus(plus(neck, heading.leftward, sign * (lengths.shoulder - raised)), [0, raised - 0.012, 0]);
  const elbow = plus(shoulder, direction(heading, sign, forward, side), lengths.upperArm);
  const ahead = direction(heading, sign, forward + bend, side + bendSide);
  const wrist = plus(elbow, ahead, lengths.forearm);
  return { shoulder, elbow, wrist, hand: plus(wrist, ahead, lengths.hand) };
}

/** The places along a leg. */
export function legFrom(pelvis: Vector, heading: Heading, sign: Sign, limb: Limb) {
  const { forward = 0, side = 0.04, bend = 0.02 } = limb;
  const hip = plus(pelvis, heading.leftward, sign * lengths.hip);
  const knee = plus(hip, direction(heading, sign, forward, side), lengths.thigh);
  const ankle = plus(knee, direction(heading, sign, forward - bend, side * 0.7), lengths.shank);
  const outward = plus(heading.forward, heading.leftward, sign * 0.3);
  const pointing = plus(outward, [0, -0.3 - Math.max(0, bend - forward) * 0.8, 0]);
  return { hip, knee, ankle, toe: plus(ankle, pointing, lengths.foot) };
}

function direction({ forward, leftward }: Heading, sign: Sign, swing: number, side: number): Vector {
  const down: Vector = [0, -Math.cos(side) * Math.cos(swing), 0];
  return plus(plus(down, forward, Math.sin(swing) * Math.abs(Math.cos(side))), leftward, sign * Math.sin(side));
}
