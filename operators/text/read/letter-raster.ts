/** Steps in which the beginning and the distance of letters are tried, of a distance. */
const STEP = 0.04;
/** Between the last ink of a letter and the first of the next, of their distance. */
const [LEAST_GAP, MOST_GAP] = [0.04, 0.5];
/** Half of the rows that count as between letters, of a distance. */
export const VALLEY = 0.06;
/** How much it is worth, of ink, that letters stand on one line when they are beside each other. */
const SHARP = 1;

/** Where `count` letters lie such that least ink is between them. */
export function bestRaster(profile: Float32Array, from: number, until: number, count: number) {
  let best = { cost: Infinity, top: from, pitch: (until - from) / count, sharpness: 0 };
  for (let gap = LEAST_GAP; gap <= MOST_GAP; gap += STEP) {
    const pitch = (until - from) / (count - gap);
    const top = from - (gap * pitch) / 2;
    const fold = folded(profile, top, pitch, count);
    const phase = valleyOf(fold);
    const raster = { top: top + (phase > fold.length / 2 ? phase - fold.length : phase), pitch };
    let cost = 0;
    for (let i = 1; i < count; i++) cost += least(profile, raster.top + i * pitch, STEP * pitch);
    cost /= count - 1;
    const sharpness = fold.reduce((sum, value) => sum + value * value, 0) / fold.length;
    if (cost - SHARP * sharpness < best.cost - SHARP * best.sharpness) best = { cost, ...raster, sharpness };
  }
  return best;
}

/** What all cells have in common: means over them, row by row. */
function folded(profile: Float32Array, top: number, pitch: number, count: number): Float32Array {
  return Float32Array.from({ length: Math.round(pitch) }, (_, i) => {
    let sum = 0;
    for (let cell = 0; cell < count; cell++) sum += profile[Math.round(top + cell * pitch + i)] ?? 0;
    return sum / count;
  });
}

/** Middle of the place with least, in what goes round. */
function valleyOf(fold: Float32Array): number {
  const reach = Math.max(1, Math.round(VALLEY * fold.length));
  const around = fold.map((_, i) => {
    let sum = 0;
    for (let by = -reach; by <= reach; by++) sum += fold[(i + by + fold.length) % fold.length] as number;
    return sum;
  });
  const lowest = Math.min(...around);
  return around.indexOf(lowest);
}

/** The least around a place. */
function least(profile: Float32Array, at: number, within: number): number {
  let value = profile[Math.round(at - 0.5)] ?? 0;
  for (let row = Math.ceil(at - within - 0.5); row <= at + within - 0.5; row++) {
    value = Math.min(value, profile[row] ?? 0);
  }
  return value;
}
