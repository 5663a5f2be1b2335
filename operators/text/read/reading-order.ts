import { centreOf, lineHeight } from '../quad-math.js';
import type { TextQuad } from '../texts-meta.js';

/** Share of a line's height by which others may lie higher or lower and still be in its row. */
const SAME_ROW = 0.5;

/** Things with a place, in the order in which they are read: row by row from above, each from the left. */
export function inReadingOrder<T extends { readonly quad: TextQuad }>(items: readonly T[]): readonly T[] {
  const placed = items.map((item) => ({ item, at: centreOf(item.quad), height: lineHeight(item.quad) }));
  placed.sort((a, b) => a.at[1] - b.at[1]);
  const rows: (typeof placed)[] = [];
  for (const one of placed) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row !== undefined && first !== undefined && one.at[1] - first.at[1] < SAME_ROW * first.height) row.push(one);
    else rows.push([one]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.at[0] - b.at[0]).map(({ item }) => item));
}
