import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGraphYaml } from '../../config/graph-file.js';
import { VitascopeError } from '../../pipeline/errors.js';
import { testOperators } from '../helpers/operators.js';

const compare = `
name: compare
description: The source beside itself in colour.
nodes:
  colour: { use: colorize, with: { strength: 0.8 } }
  beside:
    use: side-by-side
    from: { left: source, right: colour }
output: beside
`;

function problemsOf(text: string): readonly (string | number)[] {
  try {
    parseGraphYaml(text, 'g.yaml', testOperators);
  } catch (error) {
    if (error instanceof VitascopeError) return error.context.problems as readonly string[];
    throw error;
  }
  return [];
}

describe('a graph in YAML', () => {
  it('may branch and join', () => {
    const graph = parseGraphYaml(compare, 'compare.yaml', testOperators);
    expect(graph.nodes.map((n) => n.name)).toEqual(['colour', 'beside']);
  });

  it.each([
    ['the key that is unknown', 'name: x\nvideos: copy\n', 'g.yaml:2:1: graph: unknown key "videos"'],
    [
      'the operator that is unknown',
      'chain:\n  - colorize\n  - nonsense\n',
      'g.yaml:3:5: node nonsense: unknown operator',
    ],
    [
      'the operator of a link with options',
      'chain: [colorize, { colorise: { strength: 1 } }]',
      'g.yaml:1:21: node colorise: unknown',
    ],
    [
      'the value of a wrong option',
      'chain:\n  - colorize:\n      strength: 7\n',
      'g.yaml:3:17: node colorize: strength: ',
    ],
    [
      'the value of a wrong nested option',
      'nodes:\n  c:\n    use: colorize\n    with:\n      model: { threads: no }\n',
      'g.yaml:5:25: node c (colorize): model.threads',
    ],
    [
      'the name of an unknown option',
      'nodes:\n  c:\n    use: colorize\n    with:\n      strenght: 1\n',
      'g.yaml:5:7: node c (colorize): unknown option',
    ],
    [
      'the reference that leads nowhere',
      'nodes:\n  c: { use: colorize, from: nirvana }\n',
      'g.yaml:2:29: node c (colorize): no node "nirvana"',
    ],
    [
      'one of several references',
      'nodes:\n  j:\n    use: side-by-side\n    from: [source,\n      nirvana]\n',
      'g.yaml:5:7: node j (side-by-side): no node',
    ],
    [
      'the port that is unknown',
      'nodes:\n  j:\n    use: side-by-side\n    from:\n      left: source\n      right: source\n      middle: source\n',
      'g.yaml:7:7: node j (side-by-side): no input "middle"',
    ],
    [
      'the node that lacks an input',
      'nodes:\n  j:\n    use: side-by-side\n',
      'g.yaml:3:5: node j (side-by-side): input "left" is not connected',
    ],
    ['the output that is unknown', 'chain: [colorize]\noutput: colour\n', 'g.yaml:2:9: output: no node "colour"'],
    [
      'the node that leads nowhere',
      'nodes:\n  a: { use: colorize }\noutput: source\n',
      'g.yaml:2:3: node a: its output goes nowhere',
    ],
    [
      'an option behind an alias',
      'nodes:\n  a: { use: deinterlace, with: &x { when: never } }\n  b: { use: colorize, with: *x }\n',
      'g.yaml:2:43: node a (deinterlace): when',
    ],
    ['a syntax error', 'nodes: {\n  a: [\n', 'g.yaml:3:1: '],
    ['a key that comes twice', 'name: a\nname: b\n', 'g.yaml:2:1: Map keys must be unique'],
    ['an empty file', '', 'g.yaml:1:1: a graph must be a map'],
  ])('points at %s', (_, text, message) => {
    expect(problemsOf(text)[0]).toContain(message);
  });

  it('is refused with a code, not a crash, for an alias that has no anchor', () => {
    expect(() => parseGraphYaml('nodes: *nobody\n', 'g.yaml', [])).toThrow(
      expect.objectContaining({ code: 'GRAPH_INVALID' }),
    );
  });

  it('never fails with anything but an error of ours, whatever the text', () => {
    const token = fc.constantFrom(
      'nodes:',
      'chain:',
      '\n',
      '\n  ',
      '- ',
      'colorize',
      'use: ',
      'from: ',
      '{ ',
      ' }',
      '[',
      ']',
      ': ',
      '&a ',
      '*a',
      '<<: ',
      '"',
      'source',
      '0.8',
      '!!x ',
      '---\n',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(token).map((t) => t.join('')),
          fc.string(),
        ),
        (text) => {
          try {
            parseGraphYaml(text, 'g.yaml', testOperators);
          } catch (error) {
            expect(error).toBeInstanceOf(VitascopeError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
