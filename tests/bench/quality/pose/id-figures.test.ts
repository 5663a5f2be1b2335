import { describe, expect, it } from 'vitest';
import { type FilmLabels, type NamedPerson, readFilmLabels } from '../../../../bench/quality/pose/film-labels.js';
import type { PeopleInFrame } from '../../../../bench/quality/pose/film-people.js';
import { type IdFigures, idFigures } from '../../../../bench/quality/pose/id-figures.js';
import { nameThem } from '../../../../bench/quality/pose/named-poses.js';
import { film, named, person } from './film-of-people.js';

const [left, right] = [named('left', 0, 100), named('right', 100, 200)];

function figures(
  frames: readonly PeopleInFrame[],
  people: readonly NamedPerson[],
  more: Partial<FilmLabels> = {},
): IdFigures {
  const labels = { film: '', about: '', others: false, people, empty: [], standing: [], moving: [], ...more };
  return idFigures(nameThem(frames, people), labels);
}

describe('figures of ids', () => {
  it('are an id for each person where all goes well', () => {
    const frames = film(10, () => [person(1, 50), person(2, 150)]);
    expect(figures(frames, [left, right])).toMatchObject({ people: 2, ids: 2, switches: 0, missed: 0, extra: 0 });
  });
  it('count two switches when two people swap their ids', () => {
    const frames = film(10, (i) => (i < 5 ? [person(1, 50), person(2, 150)] : [person(2, 50), person(1, 150)]));
    expect(figures(frames, [left, right])).toMatchObject({ ids: 4, switches: 2 });
  });
  it('count a person who comes back under another id, and the frames without them', () => {
    const frames = film(10, (i) => (i < 4 ? [person(1, 50)] : i < 6 ? [] : [person(7, 50)]));
    expect(figures(frames, [left])).toMatchObject({ ids: 2, switches: 1, missed: 0.2 });
  });
  it('take somebody to be who they were, whoever else is found beside them', () => {
    const large = { ...person(9, 50), box: [0, 0, 100, 100] as const };
    const frames = film(10, (i) => (i < 5 ? [person(1, 50)] : [large, person(1, 50)]));
    expect(figures(frames, [left])).toMatchObject({ ids: 1, switches: 0, extra: 0.5 });
  });
  it('take the largest person in the region at first', () => {
    const small = { ...person(3, 20), box: [15, 45, 25, 55] as const };
    const frames = film(10, () => [small, person(1, 50)]);
    expect(nameThem(frames, [left])[0]?.named.get(left)?.id).toBe(1);
  });
  it('know of nobody extra where more people are in view than those named', () => {
    const frames = film(10, () => [person(1, 50), person(2, 150)]);
    expect(figures(frames, [left], { others: true }).extra).toBeUndefined();
  });
  it('count whoever is found in an empty room', () => {
    const frames = film(50, (i) => (i >= 25 && i % 5 === 0 ? [person(1, 50)] : []));
    const shortly = named('shortly', 0, 100, 1);
    const labels = { empty: [{ fromS: 1, toS: 2 }] };
    expect(figures(frames, [shortly], labels)).toMatchObject({ missed: 1, ghosts: 0.2, extra: 0 });
  });
});

describe('the labels of films', () => {
  it('have regions apart from each other for those who are in view together', () => {
    for (const { people } of readFilmLabels()) {
      for (const [i, a] of people.entries()) {
        for (const b of people.slice(i + 1)) {
          const together = a.fromS < b.toS && b.fromS < a.toS;
          const apart = a.region[2] <= b.region[0] || b.region[2] <= a.region[0];
          expect(!together || apart, `${a.name}, ${b.name}`).toBe(true);
        }
      }
    }
  });
  it('have people in view wherever they stand or move, and nobody where it is empty', () => {
    for (const { people, standing, moving, empty } of readFilmLabels()) {
      const busy = (at: number): boolean => people.some(({ fromS, toS }) => at >= fromS && at <= toS);
      for (const { fromS, toS } of [...standing, ...moving]) expect([busy(fromS), busy(toS)]).toEqual([true, true]);
      for (const { fromS, toS } of empty) expect([busy(fromS), busy(toS)]).toEqual([false, false]);
    }
  });
});
