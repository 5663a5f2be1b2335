import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listGraphs, loadGraph } from '../../config/load-graph.js';
import { builtinOperators } from '../../config/registry.js';
import { describeGraph } from '../../pipeline/graph/describe.js';
import { testOperators } from '../helpers/operators.js';

const operators = testOperators;

describe('the presets', () => {
  it('are listed by name, with what they do', async () => {
    const presets = await listGraphs();
    const names = [
      ...['accompany', 'colorize', 'copy', 'foley', 'pose', 'read-text'],
      ...['restore', 'stylize', 'transcode', 'translate', 'upscale'],
    ];
    expect(presets.map((p) => p.name)).toEqual(names);
    for (const { description } of presets) expect(description).toMatch(/^[A-Z].*\.$/);
  });

  it('all pass the checks, and are called what their file is', async () => {
    for (const { name } of await listGraphs()) {
      expect((await loadGraph(name, { operators: builtinOperators })).name).toBe(name);
    }
  });

  it('copy decodes nothing', async () => {
    expect(await loadGraph('copy', { operators })).toMatchObject({ video: 'copy', nodes: [] });
  });

  it('transcode decodes every frame and touches none', async () => {
    expect(await loadGraph('transcode', { operators })).toMatchObject({ video: 'process', nodes: [] });
  });

  it('restore deinterlaces when needed, listens, then colours', async () => {
    expect(describeGraph(await loadGraph('restore', { operators: builtinOperators }))).toContain(
      'source\n→ deinterlace\n→ foley\n→ colorize\n→ output',
    );
  });
});

describe('loadGraph', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitascope-graphs-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const write = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };

  it('loads a file by its path, and names the graph after it unless it names itself', async () => {
    const file = await write('mine.yml', 'chain: [{ colorize: { strength: 0.5 } }]\n');
    const graph = await loadGraph(file, { operators });
    expect(graph.name).toBe('mine');
    expect(graph.nodes[0]?.given).toEqual({ strength: 0.5 });
  });

  it('points at file, line and column', async () => {
    const file = await write('wrong.yaml', 'nodes:\n  colour:\n    use: colourize\n');
    await expect(loadGraph(file, { operators })).rejects.toMatchObject({
      code: 'GRAPH_UNKNOWN_OPERATOR',
      message: `${file}:3:10: node colour: unknown operator "colourize"; did you mean "colorize"?`,
      context: { file, line: 3, column: 10, graph: 'wrong', path: 'nodes.colour.use' },
    });
  });

  it('suggests a preset for a name that is none', async () => {
    await expect(loadGraph('colorise', { operators })).rejects.toMatchObject({
      code: 'GRAPH_NOT_FOUND',
      message: 'no graph is called "colorise"; did you mean "colorize"?',
    });
  });

  it('says when a file cannot be read', async () => {
    await expect(loadGraph(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'GRAPH_NOT_FOUND' });
  });
});
