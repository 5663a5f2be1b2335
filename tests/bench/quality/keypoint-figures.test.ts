import { describe, expect, it } from 'vitest';
import { keypointFigures } from '../../../bench/quality/pose/average-precision.js';
import type { FoundPerson } from '../../../bench/quality/pose/found-person.js';
import type { LabelledPerson } from '../../../bench/quality/pose/labelled-people.js';

/** A large person with all key points on a grid from `x`; `area` 100². */
function label(x: number, changes: Partial<LabelledPerson> = {}): LabelledPerson {
  const keypoints = Array.from({ length: 17 }, (_, i) => [x + (i % 4) * 40, Math.floor(i / 4) * 40, 2]).flat();
  return { keypoints, num_keypoints: 17, area: 10_000, bbox: [x, 0, 120, 160], iscrowd: 0, ...changes };
}

function found(x: number, score: number): FoundPerson {
  return { score, keypoints: label(x).keypoints };
}

describe('keypointFigures', () => {
  it('gives 1 where everybody is in place', () => {
    const figures = keypointFigures([{ people: [label(0), label(1000)], found: [found(0, 0.9), found(1000, 0.8)] }]);
    expect(figures).toMatchObject({ ap: 1, ap50: 1, apLarge: 1, ar: 1, apMedium: undefined });
  });
  it('reads precision at 101 recalls: one of two found, after a wrong one, is 51 times a half', () => {
    const picture = { people: [label(0), label(1000)], found: [found(5000, 0.9), found(0, 0.8)] };
    const figures = keypointFigures([picture]);
    expect(figures.ap).toBeCloseTo((51 * 0.5) / 101, 12);
    expect(figures.ar).toBe(0.5);
  });
  it('counts a person twice found as once wrong, and not against recall reached before', () => {
    const figures = keypointFigures([{ people: [label(0)], found: [found(0, 0.9), found(0, 0.8)] }]);
    expect(figures).toMatchObject({ ap: 1, ar: 1 });
  });
  it('neither blames nor praises for crowds and people without key points', () => {
    const unlabelled = { keypoints: new Array<number>(51).fill(0), num_keypoints: 0 };
    const people = [label(0), label(1000, { ...unlabelled, iscrowd: 1 }), label(3000, unlabelled)];
    const found4 = [found(1000, 0.99), found(1010, 0.98), found(3000, 0.97), found(0, 0.5)];
    expect(keypointFigures([{ people, found: found4 }])).toMatchObject({ ap: 1, ar: 1 });
  });
  it('lets one with no key points be found once only', () => {
    const people = [label(0), label(3000, { keypoints: new Array<number>(51).fill(0), num_keypoints: 0 })];
    const twice = [found(3000, 0.99), found(3000, 0.98), found(0, 0.5)];
    expect(keypointFigures([{ people, found: twice }]).ap).toBeCloseTo(0.5, 12);
  });
  it('looks at the best 20 of a picture', () => {
    const others = Array.from({ length: 20 }, () => found(5000, 0.9));
    expect(keypointFigures([{ people: [label(0)], found: [...others, found(0, 0.8)] }]).ap).toBe(0);
  });
  it('sorts people of medium size from large ones', () => {
    const people = [label(0), label(1000, { area: 50 ** 2 })];
    const figures = keypointFigures([{ people, found: [found(0, 0.9)] }]);
    expect(figures).toMatchObject({ apLarge: 1, apMedium: 0, arMedium: 0, ar: 0.5 });
  });
  it('knows of no figure where nobody is labelled', () => {
    expect(keypointFigures([{ people: [], found: [found(0, 0.9)] }]).ap).toBeUndefined();
  });
});
