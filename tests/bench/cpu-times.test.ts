import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { watchCpu } from '../../bench/cpu-times.js';

describe('watchCpu', () => {
  it.skipIf(!existsSync('/proc/self/task'))('tells apart a process that works and one that waits', async () => {
    const waiting = watchCpu();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const idle = waiting();
    const working = watchCpu();
    const until = process.cpuUsage().user + 300_000;
    while (process.cpuUsage().user < until);
    const busy = working();
    expect(busy?.mainThread).toBeGreaterThan(idle?.mainThread as number);
    for (const share of [idle?.stolen, busy?.stolen, busy?.mainThread]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThan(1.5);
    }
  });
});
