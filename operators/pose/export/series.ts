/** Fills what is unknown (`NaN`): between two known values by the line that joins them, at the ends by the nearest, and by `otherwise` when none is known. */
export function fillGaps(values: readonly number[], otherwise: number): number[] {
  const filled = [...values];
  let known: number | undefined;
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    const before = known === undefined ? value : (values[known] as number);
    const start = known ?? -1;
    for (let j = start + 1; j < i; j++) filled[j] = before + ((value - before) * (j - start)) / (i - start);
    known = i;
  }
  const last = known === undefined ? otherwise : (values[known] as number);
  return filled.fill(last, (known ?? -1) + 1);
}

/** Angles in degrees without jumps: each within half a turn of the known one before. */
export function unwrapped(degrees: readonly number[]): number[] {
  let before: number | undefined;
  return degrees.map((angle) => {
    if (Number.isNaN(angle)) return angle;
    const near = before === undefined ? angle : before + halfTurn(angle - before);
    before = near;
    return near;
  });
}

/** An angle in degrees as −180 up to 180. */
export function halfTurn(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}

/** The middle value; nothing of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}
