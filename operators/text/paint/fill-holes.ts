/** Fewer samples than this along a side are not halved again. */
const COARSEST = 2;

/** One resolution. */
interface Level {
  readonly width: number;
  readonly height: number;
  /** How much each sample is known, 0–1. */
  readonly weights: Float32Array;
  /** Scratch, except at the finest. */
  readonly values: Float32Array;
}

/**
 * Gives samples that are not known the values of those around them, smoothly: known ones are averaged into ever coarser levels, and levels are filled from
 * the coarsest down. Which samples are known is said once, for many fillings.
 *
 * @see Gortler et al., The Lumigraph, 1996, section 3.3 (push-pull)
 */
export class HoleFiller {
  readonly #levels: readonly Level[];
  readonly #isAnyKnown: boolean;

  /** @param unknown 0–1 of each sample, `width × height`, row by row. */
  constructor(unknown: Float32Array, width: number, height: number) {
    const levels: Level[] = [
      levelOf(
        unknown.map((share) => Math.max(0, 1 - share)),
        width,
        height,
      ),
    ];
    for (
      let last = levels[0] as Level;
      last.width > COARSEST || last.height > COARSEST;
      last = levels.at(-1) as Level
    ) {
      levels.push(halvedWeights(last));
    }
    this.#levels = levels;
    this.#isAnyKnown = unknown.some((share) => share < 1);
  }

  /** Fills holes in place. What is known stays bit for bit; where nothing is, everything stays. */
  fill(values: Float32Array): void {
    if (!this.#isAnyKnown) return;
    for (let i = 1; i < this.#levels.length; i++) {
      const [fine, coarse] = [this.#levels[i - 1] as Level, this.#levels[i] as Level];
      average(fine, i === 1 ? values : fine.values, coarse);
    }
    const last = this.#levels.at(-1) as Level;
    fillEvenly(last, this.#levels.length === 1 ? values : last.values);
    for (let i = this.#levels.length - 2; i >= 0; i--) {
      const [fine, coarse] = [this.#levels[i] as Level, this.#levels[i + 1] as Level];
      fillFrom(coarse, fine, i === 0 ? values : fine.values);
    }
  }
}

function levelOf(weights: Float32Array, width: number, height: number): Level {
  return { width, height, weights, values: new Float32Array(weights.length) };
}

/** A sample counts as fully known when a quarter of it is. */
function halvedWeights({ width, height, weights }: Level): Level {
  const [halfWidth, halfHeight] = [(width + 1) >> 1, (height + 1) >> 1];
  const half = new Float32Array(halfWidth * halfHeight);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y >> 1) * halfWidth + (x >> 1);
      half[to] = Math.min(1, (half[to] as number) + (weights[y * width + x] as number));
    }
  }
  return levelOf(half, halfWidth, halfHeight);
}

function average({ width, height, weights }: Level, values: Float32Array, coarse: Level): void {
  for (let y = 0, to = 0; y < coarse.height; y++) {
    const below = 2 * y + 1 < height ? width : 0;
    for (let x = 0; x < coarse.width; x++, to++) {
      const a = 2 * y * width + 2 * x;
      const right = 2 * x + 1 < width ? 1 : 0;
      const [b, c, d] = [a + right, a + below, a + right + below];
      const wa = weights[a] as number;
      const wb = right === 0 ? 0 : (weights[b] as number);
      const wc = below === 0 ? 0 : (weights[c] as number);
      const wd = right === 0 || below === 0 ? 0 : (weights[d] as number);
      const sum =
        wa * (values[a] as number) +
        wb * (values[b] as number) +
        wc * (values[c] as number) +
        wd * (values[d] as number);
      const weight = wa + wb + wc + wd;
      coarse.values[to] = weight > 0 ? sum / weight : 0;
    }
  }
}

function fillEvenly({ weights }: Level, values: Float32Array): void {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i++) {
    sum += (values[i] as number) * (weights[i] as number);
    weight += weights[i] as number;
  }
  if (weight === 0) return;
  for (let i = 0; i < values.length; i++) {
    const known = weights[i] as number;
    values[i] = known * (values[i] as number) + (1 - known) * (sum / weight);
  }
}

function fillFrom({ width, height, values: coarse }: Level, fine: Level, values: Float32Array): void {
  for (let y = 0, at = 0; y < fine.height; y++) {
    const v = (y - 0.5) / 2;
    const top = Math.max(0, Math.floor(v));
    const below = top + 1 < height ? width : 0;
    const shareY = Math.max(0, v - top);
    for (let x = 0; x < fine.width; x++, at++) {
      const weight = fine.weights[at] as number;
      if (weight >= 1) continue;
      const u = (x - 0.5) / 2;
      const left = Math.max(0, Math.floor(u));
      const right = left + 1 < width ? 1 : 0;
      const shareX = Math.max(0, u - left);
      const first = top * width + left;
      const a = coarse[first] as number;
      const upper = a + ((coarse[first + right] as number) - a) * shareX;
      const c = coarse[first + below] as number;
      const lower = c + ((coarse[first + below + right] as number) - c) * shareX;
      values[at] = weight * (values[at] as number) + (1 - weight) * (upper + (lower - upper) * shareY);
    }
  }
}
