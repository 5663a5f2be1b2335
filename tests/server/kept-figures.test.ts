import { describe, expect, it } from 'vitest';
import { KeptFigures } from '../../server/kept-figures.js';

const count = (value: number, line = 'door') => ({ name: 'crossings_total', type: 'counter', labels: { line }, value });
const gauge = (value: number) => ({ name: 'people', type: 'gauge', labels: {}, value });
const beat = (...figures: readonly unknown[]) => ({ runner: { nodes: [{ node: 'n', figures }] } });

function values(kept: KeptFigures): Readonly<Record<string, number>> {
  return Object.fromEntries(kept.list().map(({ name, labels, value }) => [labels.line ?? name, value]));
}

describe('figures of a stream', () => {
  it('are those of the last heartbeat, with their node', () => {
    const kept = new KeptFigures();
    kept.see(beat(gauge(3), count(1)));
    kept.see(beat(gauge(2), count(4)));
    expect(kept.list()).toEqual([
      { node: 'n', ...gauge(2) },
      { node: 'n', ...count(4) },
    ]);
  });

  it('go on when the process is started anew; gauges are gone until it tells them', () => {
    const kept = new KeptFigures();
    kept.see(beat(gauge(2), count(4), count(7, 'gate')));
    kept.ended();
    expect(values(kept)).toEqual({ door: 4, gate: 7 });
    kept.see(null);
    kept.see({ words: ['waits for its input'] });
    expect(values(kept)).toEqual({ door: 4, gate: 7 });
    kept.see(beat(gauge(1), count(0)));
    kept.see(beat(gauge(1), count(6)));
    expect(values(kept)).toEqual({ people: 1, door: 10, gate: 7 });
    kept.ended();
    kept.ended();
    kept.see(beat(count(1)));
    expect(values(kept)).toEqual({ door: 11, gate: 7 });
  });

  it('never go down, whatever the process says', () => {
    const kept = new KeptFigures();
    for (const value of [5, 2, 3, 0, 1]) kept.see(beat(count(value)));
    expect(values(kept)).toEqual({ door: 9 });
  });

  it('are told apart by node, name and labels', () => {
    const kept = new KeptFigures();
    const node = (name: string, line: string, value: number) => ({ node: name, figures: [count(value, line)] });
    kept.see({ runner: { nodes: [node('a', 'x', 1), node('b', 'x', 2), node('a', 'y', 3)] } });
    expect(kept.list().map(({ value }) => value)).toEqual([1, 2, 3]);
  });

  it('leave out what is none', () => {
    const kept = new KeptFigures();
    const wrong = [null, 7, { ...count(1), value: '1' }, { ...count(1), type: 'histogram' }, { ...gauge(Number.NaN) }];
    for (const metrics of [
      undefined,
      3,
      {},
      { runner: null },
      { runner: { nodes: [{}, { figures: 3 }] } },
      beat(...wrong),
    ])
      kept.see(metrics);
    expect(kept.list()).toEqual([]);
    kept.see(beat({ ...count(1), labels: { line: 'door', person: 7 } }));
    expect(kept.list()).toMatchObject([{ labels: { line: 'door' }, value: 1 }]);
  });

  it('are no more than 1024, the last ones', () => {
    const kept = new KeptFigures();
    for (let i = 0; i < 1100; i++) kept.see(beat(count(i, `l${i}`)));
    expect(kept.list()).toHaveLength(1024);
    expect(kept.list().at(-1)?.labels.line).toBe('l1099');
  });
});
