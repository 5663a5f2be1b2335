import { describe, expect, it } from 'vitest';
import { LookCadence } from '../../operators/look-cadence.js';

const relaxed = (index: number) => ({ index, crowding: 0 });

describe('LookCadence', () => {
  it('looks at every n-th frame by its number, wherever it begins, and where it must', () => {
    const cadence = new LookCadence(4);
    const looks = [2, 3, 4, 5, 6, 7, 8].map((index) => cadence.looks(relaxed(index), true, index === 6));
    expect(looks).toEqual([true, false, true, false, true, false, true]);
  });

  it('looks at every frame with 1, however busy the network is', () => {
    const cadence = new LookCadence(1);
    expect([0, 1, 2].map((index) => cadence.looks(relaxed(index), false, false))).toEqual([true, true, true]);
  });

  it('looks with auto when the network is free and nothing queues up, and where it must', () => {
    const cadence = new LookCadence('auto');
    const looks = [
      cadence.looks(relaxed(0), true, true),
      cadence.looks(relaxed(1), false, false),
      cadence.looks(relaxed(2), true, false),
      cadence.looks({ index: 3, crowding: 0.9 }, true, false),
      cadence.looks({ index: 4, crowding: 0.9 }, false, true),
    ];
    expect(looks).toEqual([true, false, true, false, true]);
  });

  it('looks anew when it forgets', () => {
    const cadence = new LookCadence(10);
    cadence.looks(relaxed(0), true, true);
    expect(cadence.looks(relaxed(1), true, false)).toBe(false);
    cadence.forget();
    expect(cadence.looks(relaxed(2), true, false)).toBe(true);
  });
});
