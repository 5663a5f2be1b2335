import { describe, expect, it } from 'vitest';
import { describeGraph } from '../../../pipeline/graph/describe.js';
import { createGraph } from '../../../pipeline/graph/graph.js';
import { graphToMermaid } from '../../../pipeline/graph/mermaid.js';
import { colorize, deinterlace, sideBySide, sortFrames } from '../../helpers/operators.js';

const restore = createGraph({
  name: 'restore',
  description: 'Deinterlace when needed, then colour.',
  nodes: {
    deinterlace: { use: deinterlace, with: { when: 'interlaced' } },
    colour: { use: colorize, with: { strength: 0.8, when: 'monochrome', model: { threads: 2 } } },
  },
});

const compare = createGraph({
  name: 'compare',
  nodes: {
    colour: { use: colorize },
    beside: { use: sideBySide, from: ['source', 'colour'] },
    clean: { use: deinterlace },
  },
});

const copy = createGraph({ name: 'copy', video: 'copy' });

const halves = createGraph({
  name: 'halves',
  nodes: { sort: { use: sortFrames }, join: { use: sideBySide, from: ['sort.even', 'sort.odd'] } },
});

describe('describeGraph', () => {
  it('writes a chain, with the options that differ from the defaults', () => {
    expect(describeGraph(restore)).toBe(
      [
        'restore: Deinterlace when needed, then colour.',
        '',
        'source',
        '→ deinterlace  when: interlaced',
        '→ colour (colorize)  strength: 0.8, model: {"threads":2}',
        '→ output',
        '',
      ].join('\n'),
    );
  });

  it('draws branches as a tree, and writes a join where its last input arrives', () => {
    expect(describeGraph(compare)).toBe(
      [
        'compare',
        '',
        'source',
        '├─→ colour (colorize)',
        '│  → beside.right  (joined below)',
        '└─→ beside.left (side-by-side)',
        '   → clean (deinterlace)',
        '   → output',
        '',
      ].join('\n'),
    );
  });

  it('says that nothing is decoded when packets are copied', () => {
    expect(describeGraph(copy)).toBe('copy\n\nsource\n→ output  (packets are copied, nothing is decoded)\n');
  });
});

describe('graphToMermaid', () => {
  it('draws nodes with their options', () => {
    expect(graphToMermaid(restore)).toBe(
      [
        'flowchart LR',
        '  source([source])',
        '  n1["deinterlace<br/>when: interlaced"]',
        '  n2["colour<br/>colorize<br/>strength: 0.8, model: #123;#34;threads#34;:2#125;"]',
        '  output([output])',
        '  source --> n1',
        '  n1 --> n2',
        '  n2 --> output',
        '',
      ].join('\n'),
    );
  });

  it('names the ports of joins and of nodes with several outputs', () => {
    expect(graphToMermaid(halves)).toContain('  n1 -->|even to left| n2\n  n1 -->|odd to right| n2\n');
    expect(graphToMermaid(compare)).toContain('  source -->|left| n2\n');
  });

  it('draws copied packets', () => {
    expect(graphToMermaid(copy)).toContain('  source -->|packets| output\n');
  });
});
