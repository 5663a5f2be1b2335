/**
 * A Kalman filter of one quantity that changes evenly but for random accelerations (Kalman 1960; the constant-velocity model with white
 * noise of acceleration, Bar-Shalom et al. 2001, chapter 6.2). Steps of time may differ.
 */
export class ConstantVelocity {
  #value: number;
  #velocity = 0;
  /** Covariance of value and velocity: variance, covariance, variance. */
  #covariance: readonly [number, number, number];

  /**
   * @param value as measured first
   * @param variance of the measurement
   * @param velocityVariance of velocities that are to be expected before any is known; per second, squared
   */
  constructor(value: number, variance: number, velocityVariance: number) {
    this.#value = value;
    this.#covariance = [variance, 0, velocityVariance];
  }

  get value(): number {
    return this.#value;
  }

  /** Per second. */
  get velocity(): number {
    return this.#velocity;
  }

  /**
   * Moves on in time.
   *
   * @param seconds at least 0
   * @param acceleration spectral density of the random accelerations: units² / s³
   */
  advance(seconds: number, acceleration: number): void {
    const [value, both, velocity] = this.#covariance;
    this.#value += this.#velocity * seconds;
    this.#covariance = [
      value + 2 * seconds * both + seconds ** 2 * velocity + (acceleration * seconds ** 3) / 3,
      both + seconds * velocity + (acceleration * seconds ** 2) / 2,
      velocity + acceleration * seconds,
    ];
  }

  /** Takes in a measurement, and its variance. */
  correct(measured: number, variance: number): void {
    const [value, both, velocity] = this.#covariance;
    const gain = value / (value + variance);
    const velocityGain = both / (value + variance);
    const surprise = measured - this.#value;
    this.#value += gain * surprise;
    this.#velocity += velocityGain * surprise;
    this.#covariance = [(1 - gain) * value, (1 - gain) * both, velocity - velocityGain * both];
  }
}
