import { median } from '../../statistics.js';

/** Onsets that are further apart than this are not the same, seconds. */
export const TOLERANCE_S = 0.08;

/** A predicted onset and the true one that it is near. */
export interface OnsetPair {
  /** Index among the predicted ones. */
  readonly predicted: number;
  /** Index among the true ones. */
  readonly true: number;
  /** Predicted less true, seconds. */
  readonly error: number;
}

/** Pairs of predicted and true onsets (seconds), each onset in one pair at most, the nearest first. */
export function matchOnsets(
  predicted: readonly number[],
  truth: readonly number[],
  tolerance = TOLERANCE_S,
): readonly OnsetPair[] {
  const candidates = predicted
    .flatMap((time, p) => truth.map((other, t): OnsetPair => ({ predicted: p, true: t, error: time - other })))
    .filter(({ error }) => Math.abs(error) <= tolerance)
    .sort((a, b) => Math.abs(a.error) - Math.abs(b.error));
  const [left, right] = [new Set<number>(), new Set<number>()];
  return candidates.filter((pair) => {
    if (left.has(pair.predicted) || right.has(pair.true)) return false;
    left.add(pair.predicted);
    right.add(pair.true);
    return true;
  });
}

/** How well onsets were predicted, over any number of clips. */
export class OnsetScore {
  predicted = 0;
  true = 0;
  /** Of all pairs, seconds. */
  readonly errors: number[] = [];

  add(predicted: readonly number[], truth: readonly number[]): void {
    this.predicted += predicted.length;
    this.true += truth.length;
    this.errors.push(...matchOnsets(predicted, truth).map(({ error }) => error));
  }

  get f1(): number {
    return (2 * this.errors.length) / Math.max(1, this.predicted + this.true);
  }

  get precision(): number {
    return this.errors.length / Math.max(1, this.predicted);
  }

  get recall(): number {
    return this.errors.length / Math.max(1, this.true);
  }

  /** Of the absolute errors, seconds; NaN where nothing was found. */
  get medianError(): number {
    return median(this.errors.map(Math.abs));
  }

  /** Of the errors with their signs: how late, usually. */
  get medianLag(): number {
    return median(this.errors);
  }
}
