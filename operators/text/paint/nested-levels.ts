/** What no wave from outside reaches: lines that come in from the edge, and what only they enclose. */
export const BEYOND = 255;

/**
 * How deep each sample of a binary map lies: 0 where it is free and free ways lead to the edge, 1 on lines that stand there, 2 where these enclose something, 3 on lines within that, and so on.
 * Free samples touch at their sides, lines at their corners as well.
 *
 * @param lines 1 where a line is.
 */
export function nestedLevels(lines: Uint8Array, width: number, height: number): Uint8Array {
  const levels = new Uint8Array(lines.length).fill(BEYOND);
  const seen = new Uint8Array(lines.length);
  const edges = edgeOf(width, height);
  // Lines from the edge belong to something else, such as the line of text below.
  spread(
    edges.filter((at) => lines[at] === 1),
    BEYOND,
  );
  let wave = spread(
    edges.filter((at) => lines[at] === 0),
    0,
  );
  for (let level = 1; wave.length > 0 && level < BEYOND; level++) wave = spread(wave, level);
  return levels;

  /** Takes all that is joined to the samples and like them. @returns Samples beside it that are unlike, not yet seen. */
  function spread(start: readonly number[], level: number): number[] {
    const beside: number[] = [];
    const queue = start.filter((at) => seen[at] === 0);
    for (const at of queue) seen[at] = 1;
    while (queue.length > 0) {
      const at = queue.pop() as number;
      levels[at] = level;
      const isLine = lines[at] as number;
      const x = at % width;
      const [fromX, toX] = [x > 0 ? -1 : 0, x < width - 1 ? 1 : 0];
      const [fromRow, toRow] = [at >= width ? -width : 0, at + width < lines.length ? width : 0];
      for (let row = fromRow; row <= toRow; row += width) {
        for (let dx = fromX; dx <= toX; dx++) {
          const to = at + row + dx;
          if (seen[to] === 1) continue;
          const isSide = dx === 0 || row === 0;
          if (lines[to] !== isLine) {
            if (isSide) beside.push(to);
          } else if (isSide || isLine === 1) {
            seen[to] = 1;
            queue.push(to);
          }
        }
      }
    }
    return beside;
  }
}

/** All samples at the edge of a picture, those in its corners perhaps twice. */
function edgeOf(width: number, height: number): readonly number[] {
  const edge: number[] = [];
  for (let x = 0; x < width; x++) edge.push(x, (height - 1) * width + x);
  for (let y = 0; y < height; y++) edge.push(y * width, (y + 1) * width - 1);
  return edge;
}
