import { afterAll, describe, expect, it } from 'vitest';
import { builtinOperators } from '../../../config/registry.js';
import { defaultInferencePool, disposeDefaultInferencePool } from '../../../models/default-pool.js';
import { colorizeDefinition } from '../../../operators/colorize/colorize.js';
import { createGraph } from '../../../pipeline/graph/graph.js';
import { GraphMetrics } from '../../../pipeline/metrics.js';
import { collect } from '../../helpers/frames.js';
import { balancedLedger, film, meanChroma } from './pictures.js';

afterAll(() => disposeDefaultInferencePool());

describe('colorize in a graph', () => {
  it('is registered', () => {
    expect(builtinOperators).toContain(colorizeDefinition);
  });

  it('declares what it holds: one frame at least, a few at most', () => {
    const { holds, needs } = colorizeDefinition.demand(colorizeDefinition.options as never);
    expect(needs).toBe(1);
    expect(holds).toBe(2 * (defaultInferencePool().workers + 1) + 1);
  });

  it('runs with the slots that the graph recommends, and reports how long its models take', () =>
    balancedLedger(async () => {
      const graph = createGraph({ nodes: { colorize: { use: colorizeDefinition, with: { detail: 64 } } } });
      const metrics = new GraphMetrics();
      const { recommended } = graph.poolSize();
      const colorful: number[] = [];
      const { indexes, error } = await collect(
        graph.build(
          film(12, () => ({}), recommended),
          metrics,
        ),
        ({ frame }) => colorful.push(meanChroma(frame)),
      );
      expect({ indexes: indexes.length, error }).toEqual({ indexes: 12, error: undefined });
      expect(Math.min(...colorful)).toBeGreaterThan(2);
      expect(metrics.snapshot()).toMatchObject([{ framesIn: 12, framesOut: 12, modelMs: { runs: 12 } }]);
    }));

  it('makes progress with the fewest slots that the graph allows', () =>
    balancedLedger(async () => {
      const graph = createGraph({ nodes: { colorize: { use: colorizeDefinition, with: { detail: 64 } } } });
      const { minimum } = graph.poolSize();
      const { indexes } = await collect(graph.build(film(3, () => ({}), minimum)));
      expect(indexes).toEqual([0, 1, 2]);
    }));

  it('warms up long enough that the colours carried over from before are gone', () => {
    const options = { strength: 1, saturation: 1, when: 'always', detail: 64, model: 'colorize-small' } as const;
    expect(colorizeDefinition.warmupFrames({ ...options, temporal: 0.9, every: 1 })).toBeGreaterThanOrEqual(24);
    expect(colorizeDefinition.warmupFrames({ ...options, temporal: 0.9, every: 100 })).toBeGreaterThanOrEqual(100);
  });
});
