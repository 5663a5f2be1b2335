import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadGraph } from '../config/load-graph.js';
import { describeGraph } from '../pipeline/graph/describe.js';
import { rootPath } from './docs/pages.js';
import { look } from './fixtures/look.js';
import { h264Clip, monochromeFilm } from './fixtures/media.js';
import { workspace } from './helpers/workspace.js';
import { spotPose } from './operators/pose/estimate/tiny-pose-models.js';

const run = promisify(execFile);

/** Runs an example as a user would, and gives what it printed. */
async function runExample(name: string, ...args: readonly string[]): Promise<string> {
  const command = ['--import', 'tsx', rootPath(`examples/${name}.ts`), ...args];
  const { stdout } = await run(process.execPath, command, { cwd: rootPath('') });
  return stdout;
}

const video = (path: string) => look(path).streams.find((s) => s.kind === 'video');
/** Frames whose chroma is not neutral on average. */
const coloured = (path: string) =>
  video(path)?.frames.filter(({ planeMeans: [, cb = 128, cr = 128] }) => Math.abs(cb - 128) + Math.abs(cr - 128) > 1);

describe('the examples', () => {
  const path = workspace();

  it('colour a film', async () => {
    const film = await monochromeFilm({ frames: 12 });
    await runExample('colorize-film', film, path('out.mp4'));
    expect(video(path('out.mp4'))?.frames).toHaveLength(12);
    expect(coloured(film)).toHaveLength(0);
    expect(coloured(path('out.mp4'))).toHaveLength(12);
  });

  it('put before and after beside each other', async () => {
    await runExample('side-by-side', await monochromeFilm({ frames: 12 }), path('out.mp4'));
    const frames = video(path('out.mp4'))?.frames;
    expect(frames).toHaveLength(12);
    expect(frames?.[0]).toMatchObject({ width: 640, height: 240 });
  });

  it('find people, tell where their noses are, and draw them', async () => {
    const { family, adapter, bytes } = spotPose();
    await mkdir(path('spot'));
    await writeFile(path('spot/model.onnx'), bytes);
    await writeFile(path('spot/model.json'), JSON.stringify({ id: 'spot', task: 'pose', family, adapter }));
    const printed = await runExample('skeletons', await h264Clip({ frames: 12 }), path('out.mp4'), path('spot'));
    const lines = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { ptsUs: number; noses: { id: number; nose: number[] }[] });
    expect(lines).toHaveLength(12);
    for (const { noses } of lines)
      expect(noses).toMatchObject([{ id: 1, nose: [expect.any(Number), expect.any(Number), expect.any(Number)] }]);
    expect(video(path('out.mp4'))?.frames).toHaveLength(12);
  });

  it('compose an operator of their own by hand', async () => {
    const clip = await h264Clip({ frames: 12 });
    const printed = await runExample('keep-bright', clip, path('out.mkv'));
    const lines = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { brightness: number });
    expect(lines).toHaveLength(12);
    expect(lines.every(({ brightness }) => brightness > 0.1 && brightness < 1)).toBe(true);
    expect(video(path('out.mkv'))?.frames).toHaveLength(12);
  });

  it('run an operator of their own in a graph, as a job', async () => {
    const printed = await runExample('bright-graph', await h264Clip({ frames: 12 }), path('out.mkv'));
    expect(JSON.parse(printed)).toEqual({
      complete: true,
      frames: 12,
      path: path('out.mkv'),
      nodes: ['ffmpeg', 'measure-brightness'],
    });
  });

  it('hold a graph file that is valid', async () => {
    const graph = await loadGraph(rootPath('examples/graphs/before-after.yaml'));
    expect(describeGraph(graph)).toContain('both.left (side-by-side)');
  });
});
