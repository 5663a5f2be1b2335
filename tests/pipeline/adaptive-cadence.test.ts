import { describe, expect, it } from 'vitest';
import { AdaptiveCadence } from '../../pipeline/index.js';

/** On which of so many frames it looks. */
function looks(cadence: AdaptiveCadence, frames: number, crowding: number, isFree = true): number {
  let count = 0;
  for (let i = 0; i < frames; i++) count += Number(cadence.looks(crowding, isFree, false));
  return count;
}

describe('AdaptiveCadence', () => {
  it('looks at every frame while there is room', () => {
    expect(looks(new AdaptiveCadence(), 100, 0.2)).toBe(100);
    expect(looks(new AdaptiveCadence(), 100, 0)).toBe(100);
  });

  it('waits for the model', () => {
    expect(looks(new AdaptiveCadence(), 100, 0.2, false)).toBe(0);
  });

  it('does not look while pictures queue up, but now and then', () => {
    const cadence = new AdaptiveCadence();
    cadence.looks(0, true, true);
    expect(looks(cadence, 640, 0.8)).toBe(10);
    expect(cadence.distance).toBe(64);
  });

  it('looks where there is nothing to carry on, whatever the load', () => {
    const cadence = new AdaptiveCadence();
    looks(cadence, 10, 1);
    expect(cadence.looks(1, false, true)).toBe(true);
  });

  it('looks half as often after a jam, and as before when there is room again', () => {
    const cadence = new AdaptiveCadence();
    looks(cadence, 10, 0.2);
    cadence.looks(0.6, true, false);
    expect(cadence.distance).toBe(2);
    expect(looks(cadence, 14, 0.4)).toBe(7);
    expect(cadence.distance).toBe(2);
    looks(cadence, 15, 0.2);
    expect(cadence.distance).toBe(1);
    expect(looks(cadence, 10, 0.2)).toBe(10);
  });

  it('settles where a model that is too slow leaves room for the pictures', () => {
    // A look takes as long as four pictures; a queue of twelve grows meanwhile and shrinks by one a picture otherwise.
    const cadence = new AdaptiveCadence();
    let queue = 1;
    let dropped = 0;
    let count = 0;
    for (let i = 0; i < 2000; i++) {
      if (queue >= 12) {
        dropped++;
        queue--;
        continue;
      }
      const looked = cadence.looks((queue + 1) / 12, true, false);
      count += Number(looked);
      queue = Math.max(0, queue + (looked ? 3 : -1));
    }
    expect(dropped).toBe(0);
    expect(count).toBeGreaterThan(250);
    expect(count).toBeLessThan(500);
  });
});
