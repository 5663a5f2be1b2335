import { describe, expect, it } from 'vitest';
import { RunMetrics } from '../../models/run-metrics.js';

describe('RunMetrics', () => {
  it('starts at zero', () => {
    expect(new RunMetrics().snapshot('m')).toEqual({
      model: 'm',
      provider: 'cpu',
      runs: 0,
      failures: 0,
      batches: 0,
      meanBatchSize: 0,
      totalMs: 0,
      p50Ms: 0,
      p95Ms: 0,
    });
  });

  it('gives count, total and percentiles', () => {
    const metrics = new RunMetrics();
    for (let ms = 100; ms >= 1; ms--) metrics.recordRun(ms);
    metrics.recordFailure();
    expect(metrics.snapshot('m')).toMatchObject({ runs: 100, failures: 1, totalMs: 5050, p50Ms: 50, p95Ms: 95 });
  });

  it('forgets all but the latest 256 runs in its percentiles', () => {
    const metrics = new RunMetrics();
    for (let i = 0; i < 1000; i++) metrics.recordRun(500);
    for (let i = 0; i < 256; i++) metrics.recordRun(2);
    expect(metrics.snapshot('m')).toMatchObject({ runs: 1256, p50Ms: 2, p95Ms: 2 });
  });
});
