import { describe, expect, it } from 'vitest';
import { builtinOperators } from '../../config/registry.js';
import { setOptions } from '../../config/set-options.js';
import { colorizeDefinition } from '../../operators/colorize/colorize.js';
import { ffmpegDefinition } from '../../operators/ffmpeg/ffmpeg-filter.js';
import type { Graph } from '../../pipeline/graph/graph.js';
import { createGraph } from '../../pipeline/graph/graph.js';
import { isRecord } from '../../pipeline/graph/is-record.js';
import { optionSchemas } from '../../pipeline/graph/options.js';
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
    ['strength=1', 'strength=1: must look like node.option=value'],
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
    const copy = createGraph({ name: 'copy' });
    expect(() => setOptions(copy, ['a.b=1'])).toThrow(/^a\.b=1: graph copy has no nodes$/);
    expect(() => setOptions(copy, ['a.b=1'], { label: '--set ' })).toThrow(/^--set a\.b=1: graph copy/);
  });
});

describe('options that come from a stranger', () => {
  const models = createGraph({
    name: 'models',
    nodes: {
      first: { use: colorizeDefinition },
      filter: { use: ffmpegDefinition, with: { chain: 'null' } },
    },
  });
  const confined = { confined: true };

  it.each([
    ['ffmpeg.chain=hqdn3d', 'option "chain" of node filter may read files'],
    ['filter.chain=movie=/etc/passwd', 'may read files and is not set over the API; http.allowFileOptions'],
    ['colorize.model=/tmp/model', 'option "model" of node first takes ids of models only, no paths'],
    ['colorize.model="../x"', 'ids of models only'],
    ['colorize.model=a\\b', 'ids of models only'],
    ['colorize.model=model.onnx', 'ids of models only'],
    ['colorize.model=.', 'ids of models only'],
  ])('may not be %s', (assignment, message) => {
    expect(() => setOptions(models, [assignment], confined)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it('may be the others, and ids of models', () => {
    const changed = setOptions(
      models,
      ['colorize.strength=0.5', 'first.model=colorize-small', 'ffmpeg.lookAhead=8'],
      confined,
    );
    expect(optionsOf(changed, 'first')).toMatchObject({ strength: 0.5, model: 'colorize-small' });
    expect(optionsOf(changed, 'filter')).toMatchObject({ chain: 'null', lookAhead: 8 });
  });

  it('may be all when they come from the owner', () => {
    expect(optionsOf(setOptions(models, ['ffmpeg.chain=hflip']), 'filter')).toMatchObject({ chain: 'hflip' });
  });

  it('are known in every operator: what takes any text says what it reads', () => {
    const texts = builtinOperators.flatMap((operator) =>
      Object.entries(optionSchemas(operator)).filter(([, schema]) => takesAnyText(schema)),
    );
    expect(texts.map(([name, schema]) => [name, (schema as { reads?: string }).reads])).toEqual([
      ['model', 'models'],
      ['model', 'models'],
      ['detector', 'models'],
      ['appearance', 'models'],
      ['chain', 'files'],
      ['model', 'models'],
      ['bank', 'files'],
      ['detector', 'models'],
      ['reader', 'models'],
      ['model', 'models'],
      ['model', 'models'],
      ['glossary', 'files'],
      ['model', 'models'],
    ]);
  });
});

/** Whether a part of the JSON Schema is a text that nothing bounds: no list of values, and no pattern. */
function takesAnyText(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(takesAnyText);
  if (!isRecord(schema)) return false;
  const isBound = 'enum' in schema || 'const' in schema || 'pattern' in schema;
  const isText = schema.type === 'string' && !isBound;
  return isText || Object.values(schema).some(takesAnyText);
}
