import { describe, expect, it } from 'vitest';
import { BEYOND, nestedLevels } from '../../../../operators/text/paint/nested-levels.js';

/** Levels of a drawing whose lines are `#`, as digits; `.` for what is reached from nowhere. */
function levelsOf(...rows: readonly string[]): readonly string[] {
  const width = rows[0]?.length ?? 0;
  const lines = Uint8Array.from(rows.join(''), (mark) => (mark === '#' ? 1 : 0));
  const levels = Array.from(nestedLevels(lines, width, rows.length), (level) => (level === BEYOND ? '.' : `${level}`));
  return rows.map((_, y) => levels.slice(y * width, (y + 1) * width).join(''));
}

describe('nestedLevels', () => {
  it('counts how often lines are crossed from the edge', () => {
    expect(levelsOf('.......', '.#####.', '.#...#.', '.#.#.#.', '.#...#.', '.#####.', '.......')).toEqual([
      '0000000',
      '0111110',
      '0122210',
      '0123210',
      '0122210',
      '0111110',
      '0000000',
    ]);
  });

  it('takes lines that touch at corners for closed', () => {
    expect(levelsOf('.....', '..#..', '.#.#.', '..#..', '.....')).toEqual([
      '00000',
      '00100',
      '01210',
      '00100',
      '00000',
    ]);
  });

  it('leaves out lines that come in from the edge, and what they enclose', () => {
    expect(levelsOf('.###.', '.#.#.', '.###.', '.....')).toEqual(['0...0', '0...0', '0...0', '00000']);
  });

  it('ends where all is free, or all is a line', () => {
    expect(levelsOf('..', '..')).toEqual(['00', '00']);
    expect(levelsOf('##', '##')).toEqual(['..', '..']);
  });
});
