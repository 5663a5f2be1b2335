import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectedRuns, type Run } from '../../../../models/adapters/text/connected-runs.js';

function runsOf(map: readonly string[]): Run[] {
  return map.flatMap((line, row) =>
    [...line.matchAll(/#+/g)].map(({ index, 0: text }) => ({ row, from: index, to: index + text.length })),
  );
}

/** Number of components by flooding, for comparison. */
function flooded(map: readonly string[]): number {
  const seen = new Set<string>();
  const visit = (y: number, x: number): boolean => {
    const pending = [[y, x]];
    let found = false;
    while (pending.length > 0) {
      const [row = 0, column = 0] = pending.pop() ?? [];
      if (map[row]?.[column] !== '#' || seen.has(`${row},${column}`)) continue;
      seen.add(`${row},${column}`);
      found = true;
      for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) pending.push([row + dy, column + dx]);
    }
    return found;
  };
  return map.flatMap((line, y) => [...line].map((_, x) => visit(y, x))).filter(Boolean).length;
}

describe('connectedRuns', () => {
  it.each([
    ['nothing', [], 0],
    ['one run', ['.##.'], 1],
    ['corners that touch', ['#...', '.##.', '...#'], 1],
    ['a gap of one pixel', ['#.#'], 2],
    ['an empty row between', ['###', '...', '###'], 2],
    ['two arms that meet below', ['#.#', '#.#', '###'], 1],
    ['arms that meet late, and one apart', ['#.#.#', '#.#.#', '###.#'], 2],
    ['a ring around a dot', ['#####', '#...#', '#.#.#', '#...#', '#####'], 2],
  ] as const)('finds the components of %s', (_, map, count) => {
    expect(connectedRuns(runsOf(map))).toHaveLength(count);
  });

  it('finds what flooding finds, and keeps every run', () => {
    const maps = fc.array(fc.string({ unit: fc.constantFrom('#', '.'), minLength: 9, maxLength: 9 }), { maxLength: 9 });
    fc.assert(
      fc.property(maps, (map) => {
        const runs = runsOf(map);
        const components = connectedRuns(runs);
        expect(components).toHaveLength(flooded(map));
        expect(new Set(components.flat())).toEqual(new Set(runs));
      }),
    );
  });
});
