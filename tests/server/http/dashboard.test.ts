import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { grafanaDashboard } from '../../../scripts/grafana-dashboard.js';
import { streamMetrics } from '../../../server/http/metrics/stream-metrics.js';
import type { StreamRegistry } from '../../../server/http/stream-registry.js';

const rtmp = { connections: 0, turnedAway: 0, refused: 0, slowPlayers: 0 };
const registry = streamMetrics({ list: () => [] } as unknown as StreamRegistry, () => rtmp);
const text = await readFile(new URL('../../../docs/grafana/vitascope.json', import.meta.url), 'utf8');

interface Target {
  readonly expr: string;
}
const { panels, ...dashboard } = JSON.parse(text) as {
  readonly panels: readonly {
    readonly title: string;
    readonly datasource?: object;
    readonly targets?: readonly Target[];
  }[];
  readonly __inputs: readonly object[];
};
const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

describe('the Grafana dashboard', () => {
  it('is what its script writes', () => {
    expect(text).toBe(grafanaDashboard());
  });

  it('asks for figures that there are, and for all of them', async () => {
    const families = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    const named = new Set(queries.flatMap((expr) => expr.match(/\b(?:vitascope|process)_\w+/g) ?? []));
    const asked = [...named].map((name) => name.replace(/_bucket$/, '')).sort();
    expect(asked).toEqual([...families].sort());
  });

  it('takes rates of counts only, and counts only as rates', () => {
    for (const expr of queries)
      for (const [name] of expr.matchAll(/\b(?:vitascope|process)_\w+/g)) {
        const isCount = /_(total|bucket)$/.test(name);
        const isRated = new RegExp(`(rate|increase)\\(${name}\\b`).test(expr);
        expect([expr, isRated]).toEqual([expr, isCount]);
      }
  });

  it('asks whoever imports it for Prometheus', () => {
    expect(dashboard.__inputs).toMatchObject([{ name: 'DS_PROMETHEUS', pluginId: 'prometheus' }]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: inputs of Grafana look like that
    const uid = '${DS_PROMETHEUS}';
    for (const panel of panels) if (panel.targets !== undefined) expect(panel.datasource).toMatchObject({ uid });
  });
});
