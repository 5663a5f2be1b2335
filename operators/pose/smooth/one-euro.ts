/** How a {@link OneEuro} filter weighs calm against delay. */
export interface OneEuroSettings {
  /** Cut-off for what stands still, Hz: lower is calmer. */
  readonly minCutoffHz: number;
  /** Hz for each unit per second of speed: higher is quicker. 0 makes it a plain low-pass filter. */
  readonly beta: number;
  /** Cut-off for the speed itself, Hz. */
  readonly derivativeCutoffHz: number;
}

/**
 * One-Euro filter (Casiez, Roussel and Vogel 2012) of points: a low-pass filter whose cut-off rises with speed, f = min + beta × speed. One cut-off for all
 * coordinates, so that paths keep their shape. Speed is measured between raw points: it is then right for even motion.
 *
 * Its lag, in frames of T seconds, with τ = 1 / (2π f) and the weight of a new point a = 1 / (1 + τ / T):
 * - even motion: τ / T frames, which is a distance of speed × τ, and below 1 / (2π beta) units at any speed;
 * - a step, beta = 0: (1 - a)ⁿ of it is left after n frames; with beta > 0 less is left. It never overshoots.
 */
export class OneEuro {
  readonly #settings: OneEuroSettings;
  #raw: readonly number[];
  #values: readonly number[];
  #velocity: readonly number[];

  /** @param values the first point; it is given back as it is. */
  constructor(settings: OneEuroSettings, values: readonly number[]) {
    this.#settings = settings;
    this.#raw = values;
    this.#values = values;
    this.#velocity = values.map(() => 0);
  }

  /** The smoothed point. */
  get values(): readonly number[] {
    return this.#values;
  }

  /** The smoothed speed of each coordinate, per second. */
  get velocity(): readonly number[] {
    return this.#velocity;
  }

  /**
   * Takes in the next point.
   *
   * @param seconds since the last one; at 0 it is left out.
   * @param unit length in which `beta` measures speed, such as the size of the person.
   * @returns the smoothed point.
   */
  next(values: readonly number[], seconds: number, unit = 1): readonly number[] {
    if (seconds <= 0) return this.#values;
    const { minCutoffHz, beta, derivativeCutoffHz } = this.#settings;
    const velocity = values.map((value, i) => (value - (this.#raw[i] ?? value)) / seconds);
    this.#velocity = mix(this.#velocity, velocity, newWeight(derivativeCutoffHz, seconds));
    const speed = Math.hypot(...this.#velocity) / unit;
    this.#values = mix(this.#values, values, newWeight(minCutoffHz + beta * speed, seconds));
    this.#raw = values;
    return this.#values;
  }
}

/** Weight of a new value in a low-pass filter of first order. */
function newWeight(cutoffHz: number, seconds: number): number {
  return 1 / (1 + 1 / (2 * Math.PI * cutoffHz * seconds));
}

function mix(before: readonly number[], now: readonly number[], weight: number): readonly number[] {
  return now.map((value, i) => weight * value + (1 - weight) * (before[i] ?? value));
}
