import type { Posture } from './body.js';
import { eased } from './vector.js';

/** What somebody does: how they hold themselves at a moment, and how far they have come. */
export interface Moment {
  readonly posture: Posture;
  /** Heights of the figure to the right of where it began. */
  readonly moved: number;
}
/** A moment for each time, in seconds. */
export type Motion = (seconds: number) => Moment;

/** Stays as it is, breathing. */
export function standing(posture: Posture = {}): Motion {
  return (seconds) => {
    const breath = 0.012 * Math.sin(seconds * 2.1);
    const { leftArm = { side: 0.12 }, rightArm = { side: 0.12 } } = posture;
    return {
      posture: {
        ...posture,
        leftArm: { ...leftArm, side: (leftArm.side ?? 0) + breath },
        rightArm: { ...rightArm, side: (rightArm.side ?? 0) + breath },
      },
      moved: 0,
    };
  };
}

/** Waves with the right hand. */
export function waving(posture: Posture = {}): Motion {
  return (seconds) => ({
    posture: {
      ...posture,
      rightArm: { side: 1.9, bendSide: 0.65 + 0.3 * Math.sin(seconds * 7), bend: 0 },
    },
    moved: 0,
  });
}

/** Raises both arms between two moments. */
export function raisingArms(fromS: number, untilS: number, posture: Posture = {}): Motion {
  return (seconds) => {
    const share = eased(seconds, fromS, untilS);
    const arm = { side: 0.12 + 2.2 * share, bendSide: 0.3 * share, bend: 0.05 };
    return { posture: { ...posture, leftArm: arm, rightArm: arm }, moved: 0 };
  };
}

/** Sways, with arms that swing one after the other; `phase` in radians. */
export function dancing(phase = 0, posture: Posture = {}): Motion {
  return (seconds) => {
    const beat = seconds * 4.2 + phase;
    const arm = (at: number) => ({
      side: 0.62 + 0.34 * Math.sin(at),
      bendSide: 0.75 + 0.6 * Math.sin(at + 0.7),
      bend: 0.3,
    });
    const leg = (at: number) => ({
      side: 0.13,
      forward: 0.1 * Math.max(0, Math.sin(at)),
      bend: 0.22 * Math.max(0, Math.sin(at)),
    });
    return {
      posture: {
        ...posture,
        roll: 0.05 * Math.sin(beat / 2),
        leftArm: arm(beat),
        rightArm: arm(beat + 2.2),
        leftLeg: leg(beat),
        rightLeg: leg(beat + Math.PI),
      },
      moved: 0.06 * Math.sin(beat / 2),
    };
  };
}

/** Jumps with arms and legs apart, `perSecond` times. */
export function jumpingJack(perSecond = 0.8): Motion {
  return (seconds) => {
    const open = (1 - Math.cos(seconds * perSecond * 2 * Math.PI)) / 2;
    const arm = { side: 0.15 + 2.45 * open, bend: 0.05 };
    const leg = { side: 0.03 + 0.26 * open };
    const lift = 0.05 * Math.sin(Math.PI * open) ** 2;
    return { posture: { leftArm: arm, rightArm: arm, leftLeg: leg, rightLeg: leg, lift }, moved: 0 };
  };
}

/** Of a stride in walking: how far a thigh swings, radians, and how many heights two steps cover. */
const SWING = 0.42;
const STRIDE = 0.76;

/** Walks through the picture: `speed` in heights a second, negative to the left; `turned` is how far the body faces sideways, radians. */
export function walking(speed: number, turned = 1.25): Motion {
  return (seconds) => {
    const phase = ((Math.abs(speed) * seconds) / STRIDE) * 2 * Math.PI;
    return { posture: { yaw: Math.sign(speed) * turned, ...stride(phase) }, moved: speed * seconds };
  };
}

function stride(phase: number): Posture {
  const leg = (at: number) => ({
    forward: SWING * Math.sin(at) + 0.04,
    bend: 0.08 + 0.75 * Math.max(0, Math.cos(at + 0.35)) ** 2,
    side: 0.03,
  });
  const arm = (at: number) => ({
    forward: 0.38 * Math.sin(at),
    bend: 0.3 + 0.15 * Math.sin(at),
    side: 0.1,
  });
  return {
    bow: 0.05,
    leftLeg: leg(phase),
    rightLeg: leg(phase + Math.PI),
    leftArm: arm(phase + Math.PI),
    rightArm: arm(phase),
  };
}

/** Seconds from standing to lying. */
const FALLING_SECONDS = 0.7;

/** Stands until `atS`, then falls to the right of the picture and stays down. */
export function falling(atS: number, posture: Posture = { yaw: -1.2 }): Motion {
  return (seconds) => {
    const share = Math.min(1, Math.max(0, (seconds - atS) / FALLING_SECONDS));
    const down = share * share;
    const arm = { side: 0.12 + 2.3 * down, bend: 0.3 };
    const leg = { side: 0.05 + 0.06 * down, bend: 0.1 };
    return {
      posture: { ...posture, roll: 1.5 * down, leftArm: arm, rightArm: arm, leftLeg: leg, rightLeg: leg },
      moved: 0,
    };
  };
}
