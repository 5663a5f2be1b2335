import { Gauge, Registry } from 'prom-client';
import type { StreamRegistry } from './stream-registry.js';

/**
 * Figures for Prometheus, in a registry of their own:
 * `vitascope_streams` by state, and for each stream `vitascope_stream_up` (1 while it runs), `vitascope_stream_restarts`
 * and `vitascope_stream_resident_bytes`.
 */
export function streamMetrics(streams: StreamRegistry): Registry {
  const registry = new Registry();
  const gauge = (
    name: string,
    help: string,
    label: string,
    fill: (set: (label: string, value: number) => void) => void,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        fill((value, n) => this.set({ [label]: value }, n));
      },
    });
  gauge('vitascope_streams', 'Streams by state', 'state', (set) => {
    const counts = new Map<string, number>();
    for (const { state } of streams.list()) counts.set(state, (counts.get(state) ?? 0) + 1);
    for (const [state, count] of counts) set(state, count);
  });
  gauge('vitascope_stream_up', '1 while the stream runs', 'stream', (set) => {
    for (const { name, state } of streams.list()) set(name, state === 'running' ? 1 : 0);
  });
  gauge('vitascope_stream_restarts', 'How often its process was started anew', 'stream', (set) => {
    for (const { name, restarts } of streams.list()) set(name, restarts);
  });
  gauge('vitascope_stream_resident_bytes', 'Resident memory of its process', 'stream', (set) => {
    for (const { name, rssBytes } of streams.list()) if (rssBytes !== null) set(name, rssBytes);
  });
  return registry;
}
