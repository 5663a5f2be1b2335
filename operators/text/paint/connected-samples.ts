/** Samples that hang together with one by their sides, which are marked as seen. @param count Of all samples, row by row. */
export function connected(
  start: number,
  width: number,
  count: number,
  belongs: (at: number) => boolean,
  seen: Uint8Array,
): number[] {
  const found = belongs(start) ? [start] : [];
  if (found.length > 0) seen[start] = 1;
  for (let i = 0; i < found.length; i++) {
    for (const next of neighbours(found[i] as number, width, count)) {
      if (!belongs(next)) continue;
      seen[next] = 1;
      found.push(next);
    }
  }
  return found;
}

/** Samples at the sides of one. */
export function neighbours(at: number, width: number, count: number): readonly number[] {
  const column = at % width;
  return [
    ...(column > 0 ? [at - 1] : []),
    ...(column < width - 1 ? [at + 1] : []),
    ...(at >= width ? [at - width] : []),
    ...(at + width < count ? [at + width] : []),
  ];
}
