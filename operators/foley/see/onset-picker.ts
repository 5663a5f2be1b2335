/** Steps after an onset in which no other one counts: 120 ms between two are as fast as hands play. */
const APART = 2;

/**
 * Finds onsets in a curve of probabilities as it comes: values above the threshold that are higher than the one before and not lower than the next one, by which they are
 * known. Of two that are too near to each other the first counts.
 */
export class OnsetPicker {
  readonly #threshold: number;
  /** The last two values. */
  #candidate = 0;
  #before = 0;
  #sinceOnset = Number.POSITIVE_INFINITY;

  /** @param threshold Probability, 0–1. */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** Takes the next value. True when the one before it is an onset. */
  push(value: number): boolean {
    const [before, candidate] = [this.#before, this.#candidate];
    [this.#before, this.#candidate] = [candidate, value];
    this.#sinceOnset++;
    const isPeak = candidate > before && candidate >= value;
    if (candidate <= this.#threshold || !isPeak || this.#sinceOnset <= APART) return false;
    this.#sinceOnset = 0;
    return true;
  }
}

/** Logits that the whole range of `sensitivity` moves the threshold by. */
const RANGE = 6;

/**
 * The threshold for a sensitivity: at 0.5 the model's own, higher for less and lower for more, in equal steps of its logit.
 *
 * @param usual Probability, more than 0 and less than 1.
 * @param sensitivity 0–1.
 */
export function thresholdFor(usual: number, sensitivity: number): number {
  const logit = Math.log(usual / (1 - usual)) + RANGE * (0.5 - sensitivity);
  return 1 / (1 + Math.exp(-logit));
}
