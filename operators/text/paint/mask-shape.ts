/** Everything within `reach` samples of what a mask covers: 0 or 1. Reach is taken right and down first, so that corners are a little square. */
export function grown(mask: Float32Array, width: number, height: number, reach: number): Float32Array {
  const steps = Math.ceil(reach);
  const across = new Float32Array(mask.length);
  for (let y = 0; y < height; y++) spreadAlong(mask, across, y * width, 1, width, steps);
  const both = new Float32Array(mask.length);
  for (let x = 0; x < width; x++) spreadAlong(across, both, x, width, height, steps);
  return both;
}

function spreadAlong(from: Float32Array, to: Float32Array, start: number, step: number, count: number, reach: number) {
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count + reach; i++) {
    if (i < count && (from[start + i * step] as number) > 0) last = i;
    const at = i - reach;
    if (at >= 0 && last >= at - reach) to[start + at * step] = 1;
  }
}

/** A mask whose edge falls off over three samples, outwards only: what was covered stays so. */
export function softened(mask: Float32Array, width: number, height: number): Float32Array {
  const soft = new Float32Array(mask.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if ((mask[at] as number) > 0) {
        soft[at] = 1;
        continue;
      }
      const left = x > 0 ? (mask[at - 1] as number) : 0;
      const right = x + 1 < width ? (mask[at + 1] as number) : 0;
      const above = y > 0 ? (mask[at - width] as number) : 0;
      const below = y + 1 < height ? (mask[at + width] as number) : 0;
      soft[at] = Math.min(1, (left + right + above + below) / 2) / 2;
    }
  }
  return soft;
}

/** Means of 2×2 samples of a mask over luma, for chroma. */
export function halvedMask(mask: Float32Array, width: number, height: number): Float32Array {
  const [halfWidth, halfHeight] = [(width + 1) >> 1, (height + 1) >> 1];
  const half = new Float32Array(halfWidth * halfHeight);
  for (let y = 0, at = 0; y < halfHeight; y++) {
    const [above, below] = [2 * y * width, Math.min(height - 1, 2 * y + 1) * width];
    for (let x = 0; x < halfWidth; x++, at++) {
      const [left, right] = [2 * x, Math.min(width - 1, 2 * x + 1)];
      const upper = (mask[above + left] as number) + (mask[above + right] as number);
      half[at] = (upper + (mask[below + left] as number) + (mask[below + right] as number)) / 4;
    }
  }
  return half;
}
