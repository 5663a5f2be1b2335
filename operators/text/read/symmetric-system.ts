/**
 * Linear equations with a symmetric positive definite matrix, by Cholesky's decomposition.
 *
 * @see Golub & Van Loan, Matrix Computations, section 4.2
 */
export class SymmetricSystem {
  readonly #size: number;
  readonly #lower: Float64Array;

  private constructor(size: number, lower: Float64Array) {
    this.#size = size;
    this.#lower = lower;
  }

  /** @param matrix `[size, size]`, row by row; its lower half is read. @returns nothing where it is not positive definite. */
  static of(size: number, matrix: Float64Array): SymmetricSystem | undefined {
    const lower = new Float64Array(size * size);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column <= row; column++) {
        let rest = matrix[row * size + column] as number;
        for (let k = 0; k < column; k++)
          rest -= (lower[row * size + k] as number) * (lower[column * size + k] as number);
        if (row === column && !(rest > 0)) return undefined;
        lower[row * size + column] =
          row === column ? Math.sqrt(rest) : rest / (lower[column * size + column] as number);
      }
    }
    return new SymmetricSystem(size, lower);
  }

  /** The x of A·x = `right`. */
  solve(right: ArrayLike<number>): Float64Array {
    const [size, lower] = [this.#size, this.#lower];
    const x = this.#forward(right);
    for (let row = size - 1; row >= 0; row--) {
      let rest = x[row] as number;
      for (let k = row + 1; k < size; k++) rest -= (lower[k * size + row] as number) * (x[k] as number);
      x[row] = rest / (lower[row * size + row] as number);
    }
    return x;
  }

  /** `direction`ᵀ·A⁻¹·`direction`: the variance of that sum of the unknowns, where A is their information. */
  variance(direction: ArrayLike<number>): number {
    return this.#forward(direction).reduce((sum, value) => sum + value * value, 0);
  }

  #forward(right: ArrayLike<number>): Float64Array {
    const [size, lower] = [this.#size, this.#lower];
    const x = new Float64Array(size);
    for (let row = 0; row < size; row++) {
      let rest = right[row] as number;
      for (let k = 0; k < row; k++) rest -= (lower[row * size + k] as number) * (x[k] as number);
      x[row] = rest / (lower[row * size + row] as number);
    }
    return x;
  }
}
