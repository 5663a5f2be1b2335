import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TroubleReporter, type TroubleSummary } from '../../pipeline/trouble.js';

describe('TroubleReporter', () => {
  const reports: TroubleSummary[] = [];
  const texts = (): readonly string[] => reports.map((r) => r.text);

  beforeEach(() => {
    vi.useFakeTimers();
    reports.length = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const reporter = (): TroubleReporter => new TroubleReporter((summary) => reports.push(summary));

  it('reports a thousand troubles as one line, a second after the first', () => {
    const trouble = reporter();
    for (let i = 0; i < 1000; i++) trouble.count('corrupt packet', `at ${i} µs`);
    vi.advanceTimersByTime(999);
    expect(texts()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(texts()).toEqual(['corrupt packet ×1000 (at 999 µs)']);
  });

  it('names each kind with its count since the last report and altogether', () => {
    const trouble = reporter();
    trouble.count('dropped frame');
    trouble.count('corrupt packet', 'at 1 µs', 3);
    vi.advanceTimersByTime(1000);
    trouble.count('dropped frame');
    vi.advanceTimersByTime(1000);
    expect(texts()).toEqual(['dropped frame, corrupt packet ×3 (at 1 µs)', 'dropped frame']);
    expect(reports[1]?.kinds).toEqual([{ kind: 'dropped frame', count: 1, total: 2, detail: undefined }]);
  });

  it('says nothing, and runs no timer, when there is no trouble', () => {
    const trouble = reporter();
    expect(vi.getTimerCount()).toBe(0);
    trouble.count('dropped frame');
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect(reports).toHaveLength(1);
  });

  it('reports the rest at the end, with the totals', () => {
    const trouble = reporter();
    trouble.count('dropped frame', undefined, 2);
    expect(trouble.end()).toEqual({ 'dropped frame': 2 });
    expect(texts()).toEqual(['dropped frame ×2']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
