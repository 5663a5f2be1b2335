import type { Registry } from 'prom-client';
import { addCounter, addGauge } from './families.js';

/** What the server itself uses, under the names that Prometheus clients agree on. */
export function addProcessMetrics(registry: Registry): void {
  addGauge(registry, {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the server, without the processes of streams',
    collect: (note) => note({}, process.memoryUsage.rss()),
  });
  addCounter(registry, {
    name: 'process_cpu_seconds_total',
    help: 'CPU time of the server, without the processes of streams',
    collect: (note) => {
      const { user, system } = process.cpuUsage();
      note({}, (user + system) / 1e6);
    },
  });
  const startedAt = Math.round(Date.now() / 1000 - process.uptime());
  addGauge(registry, {
    name: 'process_start_time_seconds',
    help: 'Unix time at which the server began',
    collect: (note) => note({}, startedAt),
  });
}
