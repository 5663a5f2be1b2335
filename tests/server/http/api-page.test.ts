import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { streamMetrics } from '../../../server/http/metrics/stream-metrics.js';
import type { StreamRegistry } from '../../../server/http/stream-registry.js';
import { serveHttp } from '../../helpers/http-app.js';

const page = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');

describe('docs/api.md', () => {
  it('has a section for every route, and for none else', async () => {
    const { app } = await serveHttp();
    const document = (await app.inject('/api/openapi.json')).json();
    await app.close();
    const routes = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const headings = [...page.matchAll(/^### (.+)$/gm)].flatMap(([, heading = '']) => heading.split(' and '));
    const described = headings.map((heading) => heading.replaceAll('`', ''));
    expect(described.sort()).toEqual([...routes, 'GET /'].sort());
  });

  it('has every metric, with its labels', () => {
    const rtmp = { connections: 0, turnedAway: 0, refused: 0, slowPlayers: 0 };
    const registry = streamMetrics({ list: () => [] } as unknown as StreamRegistry, () => rtmp);
    const rows = [...page.matchAll(/^\| `((?:vitascope|process)_\w+)` \| (.+?) \|/gm)];
    const described = rows.map(([, name, labels = '']) => [name, [...labels.matchAll(/`(\w+)`/g)].map(([, l]) => l)]);
    const metrics = registry.getMetricsAsArray() as unknown as { name: string; labelNames: string[] }[];
    expect(described).toEqual(metrics.map(({ name, labelNames }) => [name, labelNames]));
  });
});
