import { describe, expect, it } from 'vitest';
import { setOptions } from '../../config/set-options.js';
import type { Graph } from '../../pipeline/graph/graph.js';
import { createGraph } from '../../pipeline/graph/graph.js';
import { colorize, deinterlace } from '../helpers/operators.js';

const graph = createGraph({
  name: 'restore',
  nodes: {
    clean: { use: deinterlace },
    first: { use: colorize, with: { when: 'always' } },
    second: { use: colorize },
  },
});

function optionsOf(changed: Graph, node: string): unknown {
  return changed.nodes.find((n) => n.name === node)?.options;
}

describe('setOptions', () => {
  it('changes an option of a node and keeps its others', () => {
    const changed = setOptions(graph, ['first.strength=0.8']);
    expect(optionsOf(changed, 'first')).toMatchObject({ strength: 0.8, when: 'always' });
    expect(optionsOf(changed, 'second')).toMatchObject({ strength: 1 });
  });

  it('changes every node of an operator that is called by its name', () => {
    const changed = setOptions(graph, ['colorize.strength=0.5']);
    expect([optionsOf(changed, 'first'), optionsOf(changed, 'second')]).toMatchObject([
      { strength: 0.5 },
      { strength: 0.5 },
    ]);
  });

  it('takes several assignments, the later over the earlier', () => {
    const changed = setOptions(graph, ['colorize.strength=0.5', 'first.strength=0.1', 'clean.when=interlaced']);
    expect([optionsOf(changed, 'first'), optionsOf(changed, 'second'), optionsOf(changed, 'clean')]).toMatchObject([
      { strength: 0.1 },
      { strength: 0.5 },
      { when: 'interlaced' },
    ]);
  });

  it('leads into nested options by dots', () => {
    const changed = setOptions(graph, ['first.model.threads=3', 'first.model.path=/a=b.onnx']);
    expect(optionsOf(changed, 'first')).toMatchObject({ model: { threads: 3, path: '/a=b.onnx' } });
  });

  it.each([
    ['first.model.path="12"', '12'],
    ['first.model.path=a: b', 'a: b'],
    ['first.model.path=[in]scale=2[out]', '[in]scale=2[out]'],
    ['first.model.path={x', '{x'],
  ])('reads the text of %s as %s', (assignment, path) => {
    expect(optionsOf(setOptions(graph, [assignment]), 'first')).toMatchObject({ model: { path } });
  });

  it('changes nothing without assignments', () => {
    expect(setOptions(graph, [])).toBe(graph);
  });

  it.each([
    ['strength=1', '--set strength=1: must look like node.option=value'],
    ['first.strength', 'must look like node.option=value'],
    ['colorise.strength=1', 'graph restore has no node "colorise"; did you mean "colorize"?'],
    ['first.strenght=1', 'node first has no option "strenght"; did you mean "strength"?'],
    ['first.strength=4', 'node first (colorize): strength: Too big'],
    ['first.strength=much', 'node first (colorize): strength: '],
    ['first.strength=', 'node first (colorize): strength: '],
  ])('refuses %s', (assignment, message) => {
    expect(() => setOptions(graph, [assignment])).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it('says when a graph has no nodes to set', () => {
    expect(() => setOptions(createGraph({ name: 'copy' }), ['a.b=1'])).toThrow('graph copy has no nodes');
  });
});
