/** Part of one side of a picture: pixels from `start` up to, and without, `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What a network sees of one side, and what is used of its answer. */
export interface Tile {
  readonly seen: Stretch;
  readonly used: Stretch;
}

/** Boundaries lie on whole chroma samples. */
const STEP = 2;

/**
 * Cuts one side of a picture into tiles of equal length that overlap, so that no pixel that is used lies nearer than `overlap` to a cut. The tiles
 * of a picture that is no longer than one are one.
 *
 * @param length Pixels of the side.
 * @param tile Pixels that a network sees at once; even, at least `2 * overlap + 6`.
 * @param overlap Pixels; even.
 */
export function splitSide(length: number, tile: number, overlap: number): readonly Tile[] {
  if (length <= tile) return [{ seen: { start: 0, end: length }, used: { start: 0, end: length } }];
  // Rounding to whole chroma samples may take that much away.
  const margin = overlap + STEP;
  const count = Math.ceil((length - 2 * margin) / (tile - 2 * margin));
  const free = length - tile;
  const starts = Array.from({ length: count }, (_, i) => even((i * free) / (count - 1)));
  starts[count - 1] = free + (free % STEP);
  const cut = (i: number): number => even(((starts[i - 1] as number) + tile + (starts[i] as number)) / 2);
  return starts.map((start, i) => ({
    seen: { start, end: i === count - 1 ? length : start + tile },
    used: { start: i === 0 ? 0 : cut(i), end: i === count - 1 ? length : cut(i + 1) },
  }));
}

function even(position: number): number {
  return Math.floor(position / STEP) * STEP;
}
