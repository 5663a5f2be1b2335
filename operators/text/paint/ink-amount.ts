/** Rounds of the two-means clustering. */
const ROUNDS = 6;

/**
 * How much ink a drawn text would seem to have in a picture: thin strokes are soft there and never reach their full colour, so that what counts as full is the mean of
 * ink, and edges count as far as `findInk` counts them.
 *
 * @param coverage How much of each sample is covered, 0–1; `columns × rows`.
 * @param edges Of the way from ground to ink, from which a sample goes from one to the other, and up to which.
 * @returns sum of what counts as covered, samples.
 */
export function inkAmount(
  coverage: Float32Array,
  columns: number,
  rows: number,
  edges: readonly [number, number],
): number {
  const soft = soften(soften(coverage, columns * rows, 1), columns * rows, columns);
  const full = meanOfInk(soft);
  if (full === 0) return 0;
  const [from, to] = edges;
  return soft.reduce((sum, value) => sum + Math.min(1, Math.max(0, (value / full - from) / (to - from))), 0);
}

/** Means of three samples in a row, weights 1, 2, 1. @param step From one to the next. */
function soften(values: Float32Array, count: number, step: number): Float32Array {
  const soft = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    const value = values[at] as number;
    soft[at] = ((values[at - step] ?? value) + 2 * value + (values[at + step] ?? value)) / 4;
  }
  return soft;
}

function meanOfInk(values: Float32Array): number {
  // What is bare is ground in every round.
  const covered = values.filter((value) => value > 0);
  const bare = values.length - covered.length;
  let [ground, ink] = [0, covered.reduce((most, value) => Math.max(most, value), 0)];
  for (let round = 0; round < ROUNDS; round++) {
    let [sumGround, onGround, sumInk, onInk] = [0, bare, 0, 0];
    for (let at = 0; at < covered.length; at++) {
      const value = covered[at] as number;
      if (value - ground < ink - value) {
        sumGround += value;
        onGround++;
      } else {
        sumInk += value;
        onInk++;
      }
    }
    ground = onGround > 0 ? sumGround / onGround : 0;
    if (onInk > 0) ink = sumInk / onInk;
  }
  return ink;
}
