import { access, readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { look } from '../fixtures/look.js';
import { h264Clip, monochromeFilm, palInterlacedClip, richFilm } from '../fixtures/media.js';
import { jsonLines, startCli } from '../helpers/cli.js';
import { workspace } from '../helpers/workspace.js';

const quick = ['--graph', 'transcode', '--preset', 'ultrafast'];

describe('vitascope process', () => {
  const path = workspace();

  it('teaches its use', async () => {
    const { code, stdout } = await startCli(['process', '--help']);
    expect(code).toBe(0);
    for (const word of ['--graph', '--set', '--preview', '--from', '--overwrite', 'Examples:', 'Ctrl-C']) {
      expect(stdout).toContain(word);
    }
  });

  it('runs a film through a graph and says where the result is', async () => {
    const { code, stderr } = await startCli(['process', await h264Clip(), '-o', path('out.mkv'), ...quick]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/done: .*out\.mkv \(48 frames/)]);
    expect(look(path('out.mkv')).streams[0]?.frames).toHaveLength(48);
  });

  it('tells programs about progress and the result in JSON, one object a line', async () => {
    const run = await startCli(['process', await h264Clip(), '-o', path('out.mkv'), ...quick, '--progress', 'json']);
    const lines = jsonLines(run.stdout);
    expect(lines[0]).toMatchObject({ type: 'progress', phase: 'encoding', frames: expect.any(Number) });
    expect(lines.at(-1)).toMatchObject({ type: 'result', complete: true, frames: 48, path: path('out.mkv') });
    expect(run.stderr).toBe('');
  });

  it.each([
    ['no output', [], 'OPTION_INVALID'],
    ['an unknown graph', ['-o', 'x.mp4', '--graph', 'restor'], 'did you mean "restore"'],
    ['an unknown option of a node', ['-o', 'x.mp4', '--set', 'colorize.strenght=1'], 'did you mean "strength"'],
    ['a value out of range', ['-o', 'x.mp4', '--set', 'colorize.strength=7'], 'OPTION_INVALID'],
    ['a wrong time', ['-o', 'x.mp4', '--from', 'later'], 'OPTION_INVALID'],
    ['an unknown flag', ['-o', 'x.mp4', '--grpah', 'copy'], '--graph'],
  ])('exits with 2 and a hint for %s', async (_, args, hint) => {
    const { code, stderr } = await startCli(['process', await h264Clip(), ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(hint)]);
  });

  it('exits with 1 for an input that cannot be read, in JSON when asked', async () => {
    const { code, stdout } = await startCli(['process', path('no.mkv'), '-o', path('x.mp4'), '--progress', 'json']);
    expect(code).toBe(1);
    expect(jsonLines(stdout)).toMatchObject([{ type: 'error', code: 'INPUT_NOT_FOUND' }]);
  });

  it('says that a film is interlaced', async () => {
    const { stderr } = await startCli(['process', await palInterlacedClip(), '-o', path('out.mkv'), ...quick]);
    expect(stderr).toContain('interlaced (top-first)');
  });

  it('names what the container cannot hold', async () => {
    const { code, stderr } = await startCli(['process', await richFilm(), '-o', path('out.mp4'), ...quick]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('left out: track 5 (attachment, ttf)')]);
  });

  it('writes a contact sheet', async () => {
    const args = ['process', await monochromeFilm(), '--preview', path('sheet.png'), '--graph', 'colorize'];
    const { code } = await startCli(args);
    expect(code).toBe(0);
    expect((await readFile(path('sheet.png'))).subarray(1, 4).toString()).toBe('PNG');
  });

  it('shows what each node did', async () => {
    const args = [
      'process',
      await monochromeFilm({ frames: 12 }),
      '-o',
      path('out.mkv'),
      '--preset',
      'ultrafast',
      '--stats',
    ];
    const { stderr } = await startCli(args);
    expect(stderr).toMatch(/colorize +12 +12 +0 /);
  });
});

describe('a signal', () => {
  const path = workspace();
  const long = () => h264Clip({ frames: 960, width: 640, height: 480 });
  const args = async () => [
    'process',
    await long(),
    '-o',
    path('out.mkv'),
    ...quick,
    '--preset',
    'medium',
    '--piece-seconds',
    '1',
    '--progress',
    'json',
  ];
  const afterFrames = (count: number, signal: NodeJS.Signals) => {
    let sent = false;
    return (text: string, child: import('node:child_process').ChildProcess) => {
      const frames = Math.max(0, ...[...text.matchAll(/"frames":(\d+)/g)].map((m) => Number(m[1])));
      if (sent || frames < count) return;
      sent = true;
      child.kill(signal);
    };
  };

  it('SIGINT leaves a playable part and exit code 130; the same command then completes it', async () => {
    const { code, stdout } = await startCli(await args(), afterFrames(100, 'SIGINT'));
    expect(code).toBe(130);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'result', complete: false });
    expect(look(path('out.partial.mkv')).streams[0]?.frames.length).toBeGreaterThan(90);

    const again = await startCli(await args());
    expect(jsonLines(again.stdout)).toContainEqual(expect.objectContaining({ type: 'note', note: 'resumed' }));
    expect(look(path('out.mkv')).streams[0]?.packets).toHaveLength(960);
  });

  it('SIGKILL loses no finished piece; the same command completes the film', async () => {
    const killed = await startCli(await args(), afterFrames(150, 'SIGKILL'));
    expect(killed.signal).toBe('SIGKILL');
    await expect(access(path('out.mkv'))).rejects.toThrow();
    expect(await readdir(path('out.mkv.vitascope'))).toContain('piece-000000.json');

    const again = await startCli(await args());
    const result = jsonLines(again.stdout).at(-1) as { resumedFrames: number; frames: number };
    expect(result.frames).toBe(960);
    expect(result.resumedFrames).toBeGreaterThanOrEqual(24);
    const times = look(path('out.mkv'))
      .streams[0]?.packets.map((p) => p.ptsUs)
      .sort((a, b) => a - b);
    expect(times).toEqual(
      look(await long())
        .streams[0]?.packets.map((p) => Math.round(p.ptsUs / 1000) * 1000)
        .sort((a, b) => a - b),
    );
  });
});
