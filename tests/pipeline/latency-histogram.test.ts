import { describe, expect, it } from 'vitest';
import { LatencyCounter, latencyBucketsMs } from '../../pipeline/latency-histogram.js';

describe('LatencyCounter', () => {
  it('counts in each bucket what took at most as long, its end included', () => {
    const counter = new LatencyCounter();
    for (const ms of [0, 1, 1.5, 2, 19, 2000]) counter.add(ms);
    const { bucketsMs, counts } = counter.snapshot();
    expect(bucketsMs).toEqual(latencyBucketsMs);
    expect(counts).toEqual([2, 4, 4, 4, 5, 5, 5, 5, 5, 5, 6]);
  });

  it('counts what took longer than the last bucket among all, and sums', () => {
    const counter = new LatencyCounter();
    counter.add(5000);
    counter.add(0.25);
    expect(counter.snapshot()).toMatchObject({ count: 2, sumMs: 5000.25 });
    expect(counter.snapshot().counts.at(-1)).toBe(1);
  });

  it('is plain JSON', () => {
    const snapshot = new LatencyCounter().snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });
});
