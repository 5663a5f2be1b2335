/** Samples that hang together with one by their sides, which are marked as seen. @param count Of all samples, row by row. */
export function connected(
  start: number,
  width: number,
  count: number,
  belongs: (at: number) => boolean,
  seen: Uint8Array,
): number[] {
  const found: number[] = [];
  const take = (at: number): void => {
    if (!belongs(at)) return;
    seen[at] = 1;
    found.push(at);
  };
  take(start);
  for (let i = 0; i < found.length; i++) {
    const at = found[i] as number;
    const column = at % width;
    if (column > 0) take(at - 1);
    if (column < width - 1) take(at + 1);
    if (at >= width) take(at - width);
    if (at + width < count) take(at + width);
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
