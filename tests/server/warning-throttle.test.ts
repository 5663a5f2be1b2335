import { describe, expect, it } from 'vitest';
import type { Logger } from '../../server/log.js';
import { WarningThrottle } from '../../server/warning-throttle.js';
import { HandClock } from '../helpers/hand-clock.js';

function throttled() {
  const lines: string[] = [];
  const log = { warn: (_: object, message: string) => lines.push(message) } as unknown as Pick<Logger, 'warn'>;
  const clock = new HandClock();
  return { lines, clock, throttle: new WarningThrottle(log, clock) };
}

describe('throttled warnings', () => {
  it('are written at once, and then once a second with how many there were', () => {
    const { lines, clock, throttle } = throttled();
    for (let i = 0; i < 43; i++) throttle.warn('cam1', 'drop', `drop ${i}`);
    expect(lines).toEqual(['drop 0']);
    clock.turn(999);
    expect(lines).toHaveLength(1);
    clock.turn(1);
    expect(lines).toEqual(['drop 0', 'drop 42, and 41 more in the last second']);
    throttle.warn('cam1', 'drop', 'drop again');
    expect(lines).toHaveLength(2);
    clock.turn(1000);
    expect(lines.at(-1)).toBe('drop again');
  });

  it('are written at once again after a quiet second', () => {
    const { lines, clock, throttle } = throttled();
    throttle.warn('cam1', 'drop', 'one');
    clock.turn(1000);
    expect(clock.nextInMs).toBeUndefined();
    throttle.warn('cam1', 'drop', 'two');
    expect(lines).toEqual(['one', 'two']);
  });

  it('are counted by stream and kind', () => {
    const { lines, throttle } = throttled();
    throttle.warn('cam1', 'drop', 'a');
    throttle.warn('cam2', 'drop', 'b');
    throttle.warn('cam1', 'slow', 'c');
    expect(lines).toEqual(['a', 'b', 'c']);
  });

  it('of ever new names are counted together', () => {
    const { lines, clock, throttle } = throttled();
    for (let i = 0; i < 10_000; i++) throttle.warn(`name${i}`, 'refused', `refused ${i}`);
    expect(lines).toHaveLength(257);
    clock.turn(1000);
    expect(lines.slice(257)).toEqual(['refused 9999, and 9742 more in the last second']);
  });

  it('are written when it ends', () => {
    const { lines, clock, throttle } = throttled();
    for (const text of ['a', 'b', 'c']) throttle.warn('cam1', 'drop', text);
    throttle.close();
    expect(lines).toEqual(['a', 'c, and 1 more in the last second']);
    expect(clock.nextInMs).toBeUndefined();
  });
});
