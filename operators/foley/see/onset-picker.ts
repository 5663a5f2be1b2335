/** Steps before an onset that must be below it, and after it in which no other one counts: hands and feet are not faster. */
const APART = 3;

/**
 * Finds onsets in a curve of probabilities as it comes: a value above the threshold that is the highest of those three steps before it, and not lower than the
 * next one. So it is known one step later; who knows the whole curve looks three steps ahead as well.
 */
export class OnsetPicker {
  /** Values of the last steps, the last one first. */
  readonly #last: number[] = [];
  readonly #threshold: number;
  #sinceOnset = Number.POSITIVE_INFINITY;

  /** @param threshold Probability, 0–1. */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** Takes the next value. True when the one before it is an onset. */
  push(value: number): boolean {
    const [candidate = 0, ...before] = this.#last;
    this.#last.unshift(value);
    this.#last.length = Math.min(this.#last.length, 1 + APART);
    this.#sinceOnset++;
    const isHighest = candidate >= value && before.every((earlier) => candidate > earlier);
    if (candidate <= this.#threshold || !isHighest || this.#sinceOnset <= APART) return false;
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
