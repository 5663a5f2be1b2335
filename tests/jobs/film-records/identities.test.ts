import { describe, expect, it } from 'vitest';
import { Identities } from '../../../jobs/film-records/identities.js';

const at = (id: number, x: number) => ({ id, box: [x, 0, x + 100, 100] });
const ids = (list: readonly unknown[]) => list.map((item) => (item as { id: number }).id);

describe('identities', () => {
  it('are those of the operator in a run from the beginning', () => {
    const identities = new Identities();
    expect(ids(identities.rename([at(5, 0), at(2, 300)]))).toEqual([5, 2]);
    expect(identities.highest).toBe(5);
    expect(identities.renameMentions({ id: 5 })).toEqual({ id: 5 });
  });

  it('go on after another run: who was there keeps theirs, who comes gets the next', () => {
    const identities = new Identities();
    identities.resume(7);
    identities.compare([at(4, 0), at(6, 300)], [at(1, 302), at(2, 3)]);
    expect(ids(identities.rename([at(1, 310), at(2, 9), at(3, 600)]))).toEqual([6, 4, 8]);
    expect(ids(identities.rename([at(3, 610), at(4, 900)]))).toEqual([8, 9]);
  });

  it('are given to those who overlap most, each once', () => {
    const identities = new Identities();
    identities.resume(2);
    identities.compare([at(1, 0), at(2, 20)], [at(1, 18), at(2, 15)]);
    expect(ids(identities.rename([at(1, 18), at(2, 15)]))).toEqual([2, 1]);
  });

  it('are known by the corners of text as well', () => {
    const line = (id: number, x: number) => ({
      id,
      quad: [
        [x, 0],
        [x + 90, 5],
        [x + 90, 25],
        [x, 20],
      ],
    });
    const identities = new Identities();
    identities.resume(7);
    identities.compare([line(4, 0), line(6, 300)], [line(1, 302), line(2, 3)]);
    expect(ids(identities.rename([line(1, 310), line(2, 9), line(3, 600)]))).toEqual([6, 4, 8]);
  });

  it('follow the last picture that both have seen', () => {
    const identities = new Identities();
    identities.resume(2);
    identities.compare([at(1, 0)], [at(1, 0)]);
    identities.compare([at(1, 0), at(2, 500)], [at(1, 500), at(2, 0)]);
    expect(ids(identities.rename([at(1, 500), at(2, 0)]))).toEqual([2, 1]);
  });

  it('are meant by other results, at any depth', () => {
    const identities = new Identities();
    identities.resume(3);
    identities.compare([at(3, 0)], [at(1, 0)]);
    const result = { present: 1, crossings: [{ id: 1, line: 'door' }], none: null, box: [1, 2, 3, 4] };
    expect(identities.renameMentions(result)).toEqual({ ...result, crossings: [{ id: 3, line: 'door' }] });
  });
});
