import type { ChildProcess } from 'node:child_process';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { look } from '../fixtures/look.js';
import { h264Clip, imageSequence, stillJpeg } from '../fixtures/media.js';
import { jsonLines, startCli } from '../helpers/cli.js';
import { workspace } from '../helpers/workspace.js';
import { spotPose } from '../operators/pose/estimate/tiny-pose-models.js';

vi.setConfig({ testTimeout: 120_000 });

async function ndjson(path: string): Promise<Record<string, unknown>[]> {
  return jsonLines(await readFile(path, 'utf8'));
}

describe('vitascope with a graph that finds people', () => {
  const path = workspace();
  const model = () => ['--set', `pose.model=${path('spot')}`];
  const pose = () => ['--graph', 'pose', ...model(), '--progress', 'json'];

  beforeEach(async () => {
    const { bytes, ...facts } = spotPose();
    await mkdir(path('spot'));
    await writeFile(path('spot/model.onnx'), bytes);
    await writeFile(path('spot/model.json'), JSON.stringify({ id: 'spot', ...facts }));
  });

  it('teaches how to have them as data', async () => {
    const { stdout } = await startCli(['process', '--help']);
    for (const word of [
      '--metadata <file.ndjson>',
      '--export <coco|csv|bvh',
      '--export bvh,csv',
      'dance.partial.ndjson',
    ])
      expect(stdout).toContain(word);
  });

  it('writes them beside the film, and says so', async () => {
    const clip = await h264Clip();
    const files = ['-o', path('out.mkv'), '--metadata', path('out.ndjson'), '--export', `csv,coco=${path('p.json')}`];
    const { code, stdout } = await startCli(['process', clip, ...files, '--preset', 'ultrafast', ...pose()]);
    expect(code).toBe(0);
    expect(jsonLines(stdout).at(-1)).toMatchObject({
      type: 'result',
      path: path('out.mkv'),
      frames: 48,
      records: [
        { form: 'metadata', path: path('out.ndjson') },
        { form: 'csv', path: path('out.csv') },
        { form: 'coco', path: path('p.json') },
      ],
    });
    const [header, ...frames] = await ndjson(path('out.ndjson'));
    expect(header).toMatchObject({ schema: 'vitascope-metadata-1', width: 320, height: 240 });
    expect(frames).toHaveLength(48);
    expect(frames[7]).toMatchObject({ frame: 7, poses: [{ id: expect.any(Number) }] });
    expect(look(path('out.mkv')).streams[0]?.frames).toHaveLength(48);
  });

  it('writes them of a photo', async () => {
    const files = ['-o', path('photo.pose.png'), '--metadata', path('photo.ndjson')];
    const { code } = await startCli(['process', await stillJpeg(), ...files, ...pose()]);
    expect(code).toBe(0);
    const [header, frame, ...more] = await ndjson(path('photo.ndjson'));
    expect([header, frame]).toMatchObject([
      { width: 160, height: 120 },
      { frame: 0, poses: [{ id: 1 }] },
    ]);
    expect(more).toEqual([]);
    expect((await readFile(path('photo.pose.png'))).subarray(1, 4).toString()).toBe('PNG');
  });

  it('writes them of pictures in a row, without a film', async () => {
    const args = ['process', await imageSequence(), '--metadata', path('row.ndjson'), '--fps', '10', ...pose()];
    const { code, stdout } = await startCli(args);
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toContainEqual(expect.objectContaining({ type: 'progress', phase: 'encoding' }));
    const [, ...frames] = await ndjson(path('row.ndjson'));
    expect(frames.map(({ frame, ptsUs }) => [frame, ptsUs])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i, i * 100_000]),
    );
    expect((await readdir(path('.'))).sort()).toEqual(['row.ndjson', 'spot']);
  });

  it.each([
    ['a graph that finds nobody', ['--graph', 'transcode', '--export', 'csv'], /graphs that do: .*pose.*GRAPH_TYPE/],
    ['an unknown form', ['--graph', 'pose', '--export', 'xml'], /one of coco, csv, bvh.*OPTION_INVALID/],
  ])('exits with 2 for %s', async (_, args, words) => {
    const { code, stderr } = await startCli(['process', await h264Clip(), ...args]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
  });

  it('goes on after it was killed, and after Ctrl-C, to the file of one run', async () => {
    const clip = await h264Clip({ frames: 480 });
    const args = ['process', clip, '--metadata', path('a.ndjson'), '--piece-seconds', '1', ...pose()];
    const signalAfter = (count: number, signal: NodeJS.Signals) => {
      let sent = false;
      return (text: string, child: ChildProcess) => {
        // Not of the note that tells where it goes on: signals are waited for a moment later.
        const progress = text.split('\n').filter((line) => !line.includes('"note"'));
        const frames = Math.max(0, ...[...progress.join().matchAll(/"frames":(\d+)/g)].map((m) => Number(m[1])));
        if (sent || frames < count) return;
        sent = true;
        child.kill(signal);
      };
    };
    expect((await startCli(args, signalAfter(60, 'SIGKILL'))).signal).toBe('SIGKILL');
    await expect(access(path('a.ndjson'))).rejects.toThrow();

    const stopped = await startCli(args, signalAfter(150, 'SIGINT'));
    const result = jsonLines(stopped.stdout).at(-1) as { frames: number };
    expect([stopped.code, result]).toMatchObject([130, { complete: false, records: [{ form: 'metadata' }] }]);
    expect(await ndjson(path('a.partial.ndjson'))).toHaveLength(1 + result.frames);

    expect((await startCli(args)).code).toBe(0);
    const [, ...frames] = await ndjson(path('a.ndjson'));
    const times = look(clip).streams[0]?.frames.map(({ timeUs }) => timeUs) ?? [];
    expect(frames.map(({ frame, ptsUs }) => [frame, ptsUs])).toEqual([...times.entries()]);
    expect((await readdir(path('.'))).sort()).toEqual(['a.ndjson', 'spot']);
  });

  it('writes them of a live stream as they come', async () => {
    const files = ['-o', path('out.mkv'), '--metadata', path('live.ndjson')];
    const { code, stdout } = await startCli(['run', '-i', `file:${await h264Clip()}`, ...files, ...pose()]);
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toContainEqual({ type: 'note', note: 'metadata', path: path('live.ndjson') });
    const [header, ...frames] = await ndjson(path('live.ndjson'));
    expect(header).toMatchObject({ width: 320, height: 240, keypoints: expect.any(Array) });
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.map(({ frame }) => frame)).toEqual([...frames.keys()]);
    expect(frames[0]).toMatchObject({ ptsUs: expect.any(Number), poses: expect.any(Array) });
  });
});
