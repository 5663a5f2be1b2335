import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PullMeter, type PullProgress } from '../../../models/library/pull-progress.js';

describe('the progress of a pull', () => {
  let events: PullProgress[] = [];
  let meter = new PullMeter('tiny', undefined);
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    events = [];
    meter = new PullMeter('tiny', (event) => events.push(event));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('has the rate and the time that is left, over all files', () => {
    meter.expect('a', 1000);
    meter.expect('b', 3000);
    meter.begin('downloading', 'a');
    vi.advanceTimersByTime(200);
    meter.at('a', 0, 1000);
    vi.advanceTimersByTime(1000);
    meter.at('a', 500, 1000);
    expect(events.at(-1)).toEqual({
      id: 'tiny',
      phase: 'downloading',
      file: 'a',
      bytes: 500,
      totalBytes: 4000,
      bytesPerSecond: 500,
      etaSeconds: 7,
    });
  });

  it('has no total while a size is unknown', () => {
    meter.expect('a', 1000);
    meter.expect('b', undefined);
    meter.begin('downloading', 'a');
    expect(events[0]).toEqual({ id: 'tiny', phase: 'downloading', file: 'a', bytes: 0 });
  });

  it('does not count what an earlier pull fetched as fast', () => {
    meter.expect('a', 1_000_000);
    meter.begin('downloading', 'a');
    vi.advanceTimersByTime(200);
    meter.at('a', 900_000, 1_000_000);
    vi.advanceTimersByTime(1000);
    meter.at('a', 901_000, 1_000_000);
    expect(events.at(-1)).toMatchObject({ bytes: 901_000, bytesPerSecond: 1000 });
  });

  it('is told ten times a second at most', () => {
    meter.begin('downloading', 'a');
    for (let i = 1; i <= 1000; i++) {
      vi.advanceTimersByTime(1);
      meter.at('a', i, 5000);
    }
    expect(events.length).toBeLessThanOrEqual(11);
  });

  it('tells of phases at once', () => {
    meter.begin('downloading', 'a');
    meter.begin('verifying', 'a');
    meter.waiting(7);
    expect(events.map(({ phase }) => phase)).toEqual(['downloading', 'verifying', 'waiting']);
  });
});
