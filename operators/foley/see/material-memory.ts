/** Steps for which an impact is remembered: six seconds, so that a run that was resumed remembers the same once it has watched for as long. */
export const REMEMBERED = 150;
/** Sides of the picture, along both, within which what is hit is taken to be the same thing. */
const SAME_PLACE = 0.25;
/** What an earlier look counts, beside the present one. */
const WORTH = 0.3;
/** So unlikely is nothing: one look that is sure of something else shall not rule out what all others say. */
const LEAST = 1e-4;

/** What was made of an impact by looking at it. */
export interface LookedAt {
  readonly step: number;
  /** x and y, 0–1. */
  readonly position: readonly [x: number, y: number];
  /** Probabilities. */
  readonly material: Float32Array;
}

/**
 * What is hit does not change its material from blow to blow: looks at impacts near to each other in a shot count together. Of drawn impacts, about as many are named right
 * as without (`models/training/foley/evaluate.py`), but fewer things change under the blows, and scores are more often as right as they say.
 */
export class MaterialMemory {
  /** Of this shot, in order. */
  #seen: readonly LookedAt[] = [];

  /** Another shot begins. */
  cut(): void {
    this.#seen = [];
  }

  /** Probabilities of the materials of an impact, what was hit around its place of late considered: the weighted geometric mean of the looks. */
  recall(look: LookedAt): Float32Array {
    this.#seen = [...this.#seen.filter(({ step }) => step > look.step - REMEMBERED), look];
    // Of itself as well, where a network says no place at all.
    const near = this.#seen.filter((earlier) => earlier === look || isNear(earlier, look));
    const logs = look.material.map((_, i) =>
      near.reduce(
        (sum, earlier) => sum + (earlier === look ? 1 : WORTH) * Math.log(Math.max(LEAST, earlier.material[i] || 0)),
        0,
      ),
    );
    const weight = 1 + WORTH * (near.length - 1);
    const means = logs.map((log) => Math.exp(log / weight));
    const whole = means.reduce((sum, mean) => sum + mean, 0);
    return means.map((mean) => mean / whole);
  }
}

function isNear(a: LookedAt, b: LookedAt): boolean {
  return a.position.every((at, i) => Math.abs(at - (b.position[i] as number)) < SAME_PLACE);
}
