import { describe, expect, it } from 'vitest';
import { bedKinds } from '../../../../operators/foley/bank/vocabulary.js';
import { BedWatcher, EVERY, placeNames, WINDOW } from '../../../../operators/foley/see/bed-watcher.js';

const names = ['water', 'street', 'crowd', 'room'];

function watched(rows: readonly (readonly number[])[]): BedWatcher {
  const watcher = new BedWatcher(names);
  for (const row of rows) watcher.push(Float32Array.from(row));
  return watcher;
}

const many = (count: number, row: readonly number[]): (readonly number[])[] =>
  Array<readonly number[]>(count).fill(row);

describe('watching for places', () => {
  it('takes a place that it knows nothing of for a room', () => {
    expect(watched([]).guess()).toEqual({ bed: 'room', room: 'medium', level: 1 });
    expect(watched(many(9, [0.3, 0.1, 0, 0.1])).guess().bed).toBe('room');
    expect(watched(many(9, Array<number>(4).fill(Number.NaN))).guess().bed).toBe('room');
  });

  it('says the likeliest place, as loud as it is likely', () => {
    expect(watched(many(9, [0.2, 0.84, 0.5, 0.3])).guess()).toEqual({ bed: 'street', room: 'outdoors', level: 0.8 });
    expect(watched(many(9, [0.2, 0.6, 0.5, 0.9])).guess()).toMatchObject({ bed: 'room', level: 1 });
  });

  it('is not moved by a moment, and forgets what was long ago', () => {
    const water = many(WINDOW, [0.9, 0.1, 0, 0]);
    expect(watched([...water, ...many(10, [0, 1, 0, 0])]).guess().bed).toBe('water');
    expect(watched([...water, ...many(WINDOW, [0, 1, 0, 0])]).guess()).toMatchObject({ bed: 'street', level: 1 });
  });

  it('forgets at a cut', () => {
    const watcher = watched(many(WINDOW, [0.9, 0.1, 0, 0]));
    watcher.cut();
    watcher.push(Float32Array.of(0, 0.6, 0, 0));
    expect(watcher.guess()).toMatchObject({ bed: 'street', level: 0.6 });
  });

  it('decides at fixed steps, when it has seen enough of a shot', () => {
    const watcher = watched(many(24, [0.9, 0.1, 0, 0]));
    expect(watcher.isTime(EVERY)).toBe(false);
    watcher.push(Float32Array.of(0.9, 0.1, 0, 0));
    expect([EVERY - 1, EVERY, EVERY + 1].map((step) => watcher.isTime(step))).toEqual([false, true, false]);
  });

  it('tells what is news', () => {
    const watcher = watched([]);
    const street = { bed: 'street', room: 'outdoors', level: 0.6 } as const;
    const told = (...guess: Parameters<BedWatcher['tell']>) => watcher.tell(...guess).map((t) => [t.bed, t.level]);
    expect(told(street)).toEqual([['street', 0.6]]);
    expect(told(street)).toEqual([]);
    expect(told(street, true)).toEqual([['street', 0.6]]);
    expect(told({ ...street, level: 0.7 })).toEqual([['street', 0.7]]);
    expect(told({ bed: 'water', room: 'outdoors', level: 0.5 })).toEqual([
      ['street', 0],
      ['water', 0.5],
    ]);
  });

  it('knows places that the bank has', () => {
    for (const name of placeNames) {
      const watcher = new BedWatcher([name]);
      watcher.push(Float32Array.of(1));
      expect(bedKinds).toContain(watcher.guess().bed);
    }
  });
});
