import { describe, expect, it } from 'vitest';
import { Totals } from '../../../jobs/film-records/totals.js';

const people = (into: number, out: number) => ({ present: 1, lines: { door: { in: into, out } } });

describe('totals', () => {
  it('are those of the operator in a run from the beginning', () => {
    expect(new Totals().add(people(3, 1))).toEqual(people(3, 1));
  });

  it('go on after another run, from the last picture that both have seen', () => {
    const totals = new Totals();
    totals.compare(people(6, 4), people(0, 0));
    totals.compare(people(7, 4), people(1, 0));
    expect(totals.add(people(1, 0))).toEqual(people(7, 4));
    expect(totals.add(people(3, 2))).toEqual(people(9, 6));
  });

  it.each([[undefined], [null], [[1]], [{ lines: [1] }], [{ lines: { a: 'x' } }], [{ lines: null }]])(
    'are not in %j',
    (value) => {
      const totals = new Totals();
      totals.compare(people(6, 4), people(0, 0));
      expect(totals.add(value)).toEqual(value);
    },
  );
});
