import { amplitudeOf } from './decibels.js';
import { samplesIn } from './timeline.js';

/** Sizes of rooms that are known here. */
export const roomSizes = ['none', 'outdoors', 'small', 'medium', 'large'] as const;
/** How large the place of a shot is. `none` adds nothing; `outdoors` has the ground only. */
export type RoomSize = (typeof roomSizes)[number];

/** One reflection: what is heard of the sound, that much later. */
export interface Reflection {
  /** Samples, 1…{@link LONGEST_DELAY}. */
  readonly delay: number;
  /** Of the channel of its own side, and of the other one. */
  readonly near: number;
  readonly far: number;
}

/** Reflections that the left and the right ear hear. */
export interface Reflections {
  readonly left: readonly Reflection[];
  readonly right: readonly Reflection[];
}

/** Milliseconds of the first walls of a room of 10 m; unlike on both sides, and no multiples, so that no pitch is heard. */
const LEFT_MS = [11.3, 17.9, 23.7, 31.1, 41.9, 53.3];
const RIGHT_MS = [12.7, 16.3, 26.9, 34.7, 38.3, 56.9];
/** Metres per sample would say the same; the 10 m room is 1. */
const scales: Readonly<Record<Exclude<RoomSize, 'none' | 'outdoors'>, number>> = {
  small: 0.35,
  medium: 0.8,
  large: 1.4,
};
/** Of the first reflection. Large rooms are further away and quieter. */
const levels: Readonly<Record<Exclude<RoomSize, 'none' | 'outdoors'>, number>> = {
  small: -10,
  medium: -12,
  large: -14,
};
/** Lost with each further reflection. */
const STEP_DB = 1.7;
const CROSS_FEED = 0.6;
const GROUND: Reflection = { delay: samplesIn(5.3), near: amplitudeOf(-15), far: amplitudeOf(-19) };

/** Of all reflections, samples. */
export const LONGEST_DELAY = samplesIn(80);

/** What a room of a size adds: first reflections as an image-source sketch, not a simulation. */
export function reflectionsOf(size: RoomSize): Reflections {
  if (size === 'none') return { left: [], right: [] };
  if (size === 'outdoors') return { left: [GROUND], right: [{ ...GROUND, delay: GROUND.delay + 19 }] };
  const reflect = (ms: number, i: number): Reflection => {
    const gain = amplitudeOf(levels[size] - i * STEP_DB);
    // Sides take turns, as walls do.
    const [near, far] = i % 2 === 0 ? [gain, gain * CROSS_FEED] : [gain * CROSS_FEED, gain];
    return { delay: samplesIn(ms * scales[size]), near, far };
  };
  return { left: LEFT_MS.map(reflect), right: RIGHT_MS.map(reflect) };
}
