import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VitascopeError } from '../../../pipeline/errors.js';
import { createGraph, type Graph, parseGraph } from '../../../pipeline/graph/graph.js';
import { colorize, testOperators } from '../../helpers/operators.js';

function check(document: unknown): Graph {
  return parseGraph(document, { operators: testOperators });
}

function problemOf(document: unknown): VitascopeError {
  try {
    check(document);
  } catch (error) {
    if (error instanceof VitascopeError) return error;
    throw error;
  }
  throw new Error('the graph was accepted');
}

describe('a graph', () => {
  it('connects each node to the one before it, the first to the source, and the last to the output', () => {
    const graph = check({ nodes: { a: { use: 'deinterlace' }, b: { use: 'colorize' } } });
    expect(graph.nodes.map((n) => [n.name, n.inputs[0]?.from])).toEqual([
      ['a', { node: 'source', port: 'video' }],
      ['b', { node: 'a', port: 'video' }],
    ]);
    expect(graph.output).toEqual({ node: 'b', port: 'video' });
  });

  it('without nodes gives the source', () => {
    expect(check({ name: 'transcode' })).toMatchObject({
      name: 'transcode',
      video: 'process',
      nodes: [],
      output: { node: 'source', port: 'video' },
    });
  });

  it('is written shortly as a chain; operators that come again get a number', () => {
    const graph = check({ chain: ['colorize', { deinterlace: { when: 'always' } }, 'colorize'] });
    expect(graph.nodes.map((n) => n.name)).toEqual(['colorize', 'deinterlace', 'colorize-2']);
  });

  it('joins inputs in the order of the ports, or by their names', () => {
    const nodes = { colour: { use: 'colorize' } };
    const inOrder = check({ nodes: { ...nodes, beside: { use: 'side-by-side', from: ['source', 'colour'] } } });
    const byName = check({
      nodes: { ...nodes, beside: { use: 'side-by-side', from: { right: 'colour', left: 'source' } } },
    });
    expect(byName.nodes[1]?.inputs).toEqual(inOrder.nodes[1]?.inputs);
    expect(byName.nodes[1]?.inputs.map((i) => [i.port, i.from.node])).toEqual([
      ['left', 'source'],
      ['right', 'colour'],
    ]);
  });

  it('takes one of several outputs by its name', () => {
    const graph = check({ nodes: { sort: { use: 'sort-frames' }, colour: { use: 'colorize', from: 'sort.odd' } } });
    expect(graph.nodes[1]?.inputs[0]?.from).toEqual({ node: 'sort', port: 'odd' });
  });

  it('may name a node before it is written, and runs nodes in the order of the flow', () => {
    const graph = check({
      nodes: { second: { use: 'colorize', from: 'first' }, first: { use: 'deinterlace', from: 'source' } },
      output: 'second',
    });
    expect(graph.nodes.map((n) => n.name)).toEqual(['first', 'second']);
  });

  it('completes options by the operator’s defaults', () => {
    const [node] = check({ nodes: { c: { use: 'colorize', with: { strength: 0.5 } } } }).nodes;
    expect(node?.options).toEqual({ strength: 0.5, when: 'monochrome', model: { threads: 1 } });
    expect(node?.given).toEqual({ strength: 0.5 });
  });

  it('is built in code from definitions, without a registry', () => {
    const graph = createGraph({ nodes: { colour: { use: colorize, with: { strength: 0 } } } });
    expect(graph.nodes[0]?.operator).toBe(colorize);
  });

  it('knows how many frames of history make it independent of its start: those of the longest way', () => {
    const graph = check({
      nodes: {
        a: { use: 'deinterlace' },
        b: { use: 'colorize' },
        join: { use: 'side-by-side', from: ['source', 'b'] },
      },
    });
    expect(graph.warmupFrames()).toBe(12);
  });

  describe('is refused', () => {
    const chain = (with_: unknown): unknown => ({ nodes: { colour: { use: 'colorize', with: with_ } } });

    it.each([
      ['a list for a graph', [], 'GRAPH_INVALID', 'a graph must be a map'],
      ['an unknown key', { nodez: {} }, 'GRAPH_INVALID', 'graph: unknown key "nodez"; did you mean "nodes"?'],
      [
        'an unknown key of a node',
        { nodes: { a: { use: 'colorize', width: {} } } },
        'GRAPH_INVALID',
        'node a: unknown key "width"; did you mean "with"?',
      ],
      ['a name that is no text', { name: 3 }, 'GRAPH_INVALID', 'name: must be text, got 3'],
      [
        'a way with video that does not exist',
        { video: 'remux' },
        'GRAPH_INVALID',
        'video: must be process or copy, got "remux"',
      ],
      [
        'nodes beside copied video',
        { video: 'copy', chain: ['colorize'] },
        'GRAPH_INVALID',
        'video: copy decodes nothing',
      ],
      ['nodes and a chain', { nodes: {}, chain: [] }, 'GRAPH_INVALID', 'either nodes or chain'],
      [
        'nodes that are a list',
        { nodes: ['colorize'] },
        'GRAPH_INVALID',
        'nodes: must be a map of name to node, got a list',
      ],
      [
        'a node that is text',
        { nodes: { a: 'colorize' } },
        'GRAPH_INVALID',
        'node a: must be a map with use, from, with; got "colorize"',
      ],
      [
        'a node without an operator',
        { nodes: { a: {} } },
        'GRAPH_INVALID',
        'node a: use must name an operator, got nothing',
      ],
      [
        'a node called source',
        { nodes: { source: { use: 'colorize' } } },
        'GRAPH_INVALID',
        'node source: the name is reserved',
      ],
      [
        'a name with a dot',
        { nodes: { 'a.b': { use: 'colorize' } }, output: 'source' },
        'GRAPH_INVALID',
        'lower-case words joined by hyphens',
      ],
      ['a chain that is a map', { chain: {} }, 'GRAPH_INVALID', 'chain: must be a list of operators, got a map'],
      [
        'a link with two operators',
        { chain: [{ colorize: {}, deinterlace: {} }] },
        'GRAPH_INVALID',
        'each link must be an operator',
      ],
      [
        'an input that is a number',
        { nodes: { a: { use: 'colorize', from: 1 } } },
        'GRAPH_INVALID',
        'node a: from must be a reference',
      ],
      [
        'an unknown operator',
        { nodes: { a: { use: 'colourize' } } },
        'GRAPH_UNKNOWN_OPERATOR',
        'node a: unknown operator "colourize"; did you mean "colorize"?',
      ],
      ['a wrong option', chain({ strength: 2 }), 'OPTION_INVALID', 'node colour (colorize): strength: Too big'],
      [
        'a wrong nested option',
        chain({ model: { threads: 'x' } }),
        'OPTION_INVALID',
        'node colour (colorize): model.threads: ',
      ],
      [
        'an unknown option',
        chain({ strenght: 1 }),
        'OPTION_INVALID',
        'unknown option "strenght"; did you mean "strength"?',
      ],
      ['options that are no map', chain(7), 'OPTION_INVALID', 'node colour (colorize): '],
      [
        'an input from nowhere',
        { nodes: { a: { use: 'colorize', from: 'sorce' } } },
        'GRAPH_INVALID',
        'node a (colorize): no node "sorce"; did you mean "source"?',
      ],
      [
        'an output from nowhere',
        { chain: ['colorize'], output: 'colorise' },
        'GRAPH_INVALID',
        'output: no node "colorise"; did you mean "colorize"?',
      ],
      [
        'an unknown input port',
        { nodes: { a: { use: 'side-by-side', from: { left: 'source', right: 'source', rigth: 'source' } } } },
        'GRAPH_INVALID',
        'node a (side-by-side): no input "rigth"; did you mean "right"?',
      ],
      [
        'more inputs than ports',
        { nodes: { a: { use: 'colorize', from: ['source', 'source'] } } },
        'GRAPH_INVALID',
        'node a (colorize): no input "#2"; known: video',
      ],
      [
        'a join with an input missing',
        { nodes: { a: { use: 'side-by-side', from: { left: 'source' } } } },
        'GRAPH_INVALID',
        'input "right" is not connected; it has the inputs left, right',
      ],
      [
        'several outputs without a choice',
        { nodes: { sort: { use: 'sort-frames' }, a: { use: 'colorize' } } },
        'GRAPH_INVALID',
        'say which output of sort: sort.even, sort.odd',
      ],
      [
        'an unknown output port',
        { nodes: { sort: { use: 'sort-frames' } }, output: 'sort.evn' },
        'GRAPH_INVALID',
        'node sort has no output "evn"; did you mean "even"?',
      ],
      [
        'sound where video is wanted',
        { nodes: { a: { use: 'listen' }, b: { use: 'colorize' } } },
        'GRAPH_TYPE',
        'node b (colorize): input "video" takes video, but a gives audio',
      ],
      [
        'sound as the output',
        { nodes: { a: { use: 'listen' } } },
        'GRAPH_TYPE',
        'output takes video, but a gives audio',
      ],
      [
        'metadata that nobody attaches',
        { chain: ['paint-people', 'find-people'] },
        'GRAPH_TYPE',
        'node paint-people: needs the metadata "people", which no node before it attaches',
      ],
      [
        'a node that leads nowhere',
        { nodes: { a: { use: 'colorize' } }, output: 'source' },
        'GRAPH_INVALID',
        'node a: its output goes nowhere',
      ],
    ])('for %s', (_, document, code, message) => {
      const error = problemOf(document);
      expect(error.message).toContain(message);
      expect(error.code).toBe(code);
      expect(error.context.problems).toEqual([error.message]);
    });

    it('for a cycle, naming the way round', () => {
      const error = problemOf({
        nodes: {
          a: { use: 'side-by-side', from: ['source', 'c'] },
          b: { use: 'colorize', from: 'a' },
          c: { use: 'colorize', from: 'b' },
        },
      });
      expect(error.code).toBe('GRAPH_CYCLE');
      expect(error.message).toBe('graph: leads back into itself: a → b → c → a');
    });

    it('for a node that feeds itself', () => {
      expect(problemOf({ nodes: { a: { use: 'side-by-side', from: ['source', 'a'] } } }).message).toContain('a → a');
    });

    it('with all its problems at once', () => {
      const error = problemOf({
        name: 'wrong',
        colour: true,
        nodes: { a: { use: 'colourize' }, b: { use: 'colorize', with: { strength: 9, whem: 'x' } } },
      });
      expect(error.code).toBe('GRAPH_INVALID');
      expect(error.context.graph).toBe('wrong');
      expect(error.context.problems).toEqual([
        'graph: unknown key "colour"; known: name, description, video, nodes, chain, output',
        'node a: unknown operator "colourize"; did you mean "colorize"?',
        expect.stringContaining('node b (colorize): strength: Too big'),
        'node b (colorize): unknown option "whem"; did you mean "when"?',
      ]);
      expect(error.message).toContain('graph wrong: 4 problems\n  graph: unknown key');
    });

    it('never with anything but an error of ours, whatever the document', () => {
      const word = fc.constantFrom(
        'source',
        'colorize',
        'deinterlace',
        'a',
        'b',
        'a.video',
        'use',
        'from',
        '__proto__',
        '',
      );
      const node = fc.record(
        { use: word, from: fc.oneof(word, fc.array(word), fc.dictionary(word, word)), with: fc.anything() },
        { requiredKeys: [] },
      );
      const document = fc.record(
        { nodes: fc.dictionary(word, fc.oneof(node, fc.anything())), chain: fc.anything(), output: word, video: word },
        { requiredKeys: [] },
      );
      fc.assert(
        fc.property(fc.oneof(document, fc.anything()), (anything) => {
          try {
            check(anything);
          } catch (error) {
            expect(error).toBeInstanceOf(VitascopeError);
          }
        }),
        { numRuns: 500 },
      );
    });
  });

  describe('with other options for a node', () => {
    const graph = check({ nodes: { colour: { use: 'colorize' }, b: { use: 'deinterlace' } } });

    it('is a new graph; the old one stays as it was', () => {
      const changed = graph.withOptions('colour', { strength: 0.25 });
      expect(changed.nodes[0]?.options).toMatchObject({ strength: 0.25 });
      expect(graph.nodes[0]?.options).toMatchObject({ strength: 1 });
      expect(changed.nodes[1]).toBe(graph.nodes[1]);
    });

    it('is refused for a value out of range, and for an unknown node', () => {
      expect(() => graph.withOptions('colour', { strength: -1 })).toThrow(
        expect.objectContaining({
          code: 'OPTION_INVALID',
          message: expect.stringContaining('colour (colorize): strength'),
        }),
      );
      expect(() => graph.withOptions('color', {})).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    });
  });
});
