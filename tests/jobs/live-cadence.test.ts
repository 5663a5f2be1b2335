import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../config/load-graph.js';
import { setOptions } from '../../config/set-options.js';
import { liveCadence } from '../../jobs/live-cadence.js';

describe('liveCadence', () => {
  it('lets colorize look as often as it can', async () => {
    const graph = liveCadence(await loadGraph('colorize'));
    expect(graph.nodes.find(({ operator }) => operator.name === 'colorize')?.options).toMatchObject({ every: 'auto' });
  });

  it('leaves a cadence alone that somebody has chosen, and operators that have none', async () => {
    const chosen = setOptions(await loadGraph('colorize'), ['colorize.every=3']);
    expect(liveCadence(chosen)).toBe(chosen);
    const transcode = await loadGraph('transcode');
    expect(liveCadence(transcode)).toBe(transcode);
  });
});
