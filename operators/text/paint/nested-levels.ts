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
  const isEdge = (at: number): boolean => {
    const x = at % width;
    return x === 0 || x === width - 1 || at < width || at >= lines.length - width;
  };
  const seen = new Uint8Array(lines.length);
  const edges = Array.from(lines.keys()).filter(isEdge);
  // Lines from the edge belong to something else, such as the line of text below.
  spread(
    edges.filter((at) => lines[at] === 1),
    () => undefined,
  );
  let wave = spread(
    edges.filter((at) => lines[at] === 0),
    (at) => {
      levels[at] = 0;
    },
  );
  for (let level = 1; wave.length > 0 && level < BEYOND; level++) {
    const next = wave;
    wave = spread(next, (at) => {
      levels[at] = level;
    });
  }
  return levels;

  /** Takes all that is joined to the samples and like them. @returns Samples beside it that are unlike, not yet seen. */
  function spread(start: readonly number[], take: (at: number) => void): number[] {
    const beside: number[] = [];
    const queue = start.filter((at) => seen[at] === 0);
    for (const at of queue) seen[at] = 1;
    while (queue.length > 0) {
      const at = queue.pop() as number;
      take(at);
      const isLine = lines[at] as number;
      const [x, y] = [at % width, Math.trunc(at / width)];
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const [toX, toY] = [x + dx, y + dy];
          if (toX < 0 || toY < 0 || toX >= width || toY >= height) continue;
          const to = toY * width + toX;
          const isSide = dx === 0 || dy === 0;
          if (seen[to] === 1) continue;
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
