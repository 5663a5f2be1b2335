import { access, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ledger } from '../../pipeline/index.js';
import { look } from '../fixtures/look.js';
import { h264Clip, phoneClip } from '../fixtures/media.js';
import { filterGraph, openJob, processFilm } from '../helpers/jobs.js';
import { workspace } from '../helpers/workspace.js';

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Runs a job until a number of frames is encoded and then breaks it off, as a crash would but for the lock. */
async function breakOff(options: Parameters<typeof openJob>[0], afterFrames: number): Promise<void> {
  const job = await openJob({
    ...options,
    onProgress: ({ frames }) => {
      if (frames === afterFrames) void job.abort();
    },
  });
  await expect(job.run()).rejects.toMatchObject({ code: 'ABORTED' });
}

describe('a film job that is broken off', () => {
  const path = workspace();
  const clip = () => h264Clip({ frames: 120, container: 'mkv', audio: true });

  it('leaves no output, keeps its finished pieces, and closes every frame', async () => {
    const open = ledger.balance;
    await breakOff({ input: await clip(), output: path('out.mkv'), pieceSeconds: 1 }, 60);

    expect(await exists(path('out.mkv'))).toBe(false);
    const left = await readdir(path('out.mkv.vitascope'));
    expect(left).toContain('piece-000000.json');
    expect(left).not.toContain('lock');
    expect(ledger.balance).toBe(open);
  });

  it('goes on where it ended, and gives the very bytes of an uninterrupted run', async () => {
    const input = await clip();
    await processFilm({ input, output: path('whole.mp4'), pieceSeconds: 1 });
    await breakOff({ input, output: path('out.mp4'), pieceSeconds: 1 }, 60);
    const result = await processFilm({ input, output: path('out.mp4'), pieceSeconds: 1 });

    expect(result).toMatchObject({ complete: true, frames: 120 });
    expect(result.resumedFrames).toBeGreaterThanOrEqual(24);
    expect((await readFile(path('out.mp4'))).equals(await readFile(path('whole.mp4')))).toBe(true);
    expect(await exists(path('out.mp4.vitascope'))).toBe(false);
  });

  it('keeps uneven timing and frame numbers when it goes on', async () => {
    const input = await phoneClip();
    const expected = look(input).streams[0]?.frames.map((f) => f.timeUs);
    await breakOff({ input, output: path('out.mp4'), pieceSeconds: 1 }, (expected?.length ?? 0) - 4);
    await processFilm({ input, output: path('out.mp4'), pieceSeconds: 1 });

    expect(look(path('out.mp4')).streams[0]?.frames.map((f) => f.timeUs)).toEqual(expected);
  });

  it('warms operators with memory up before it goes on', async () => {
    const input = await clip();
    const graph = filterGraph('tmix=frames=3');
    await processFilm({ input, output: path('whole.mkv'), graph, pieceSeconds: 1, videoCodec: 'ffv1' });
    await breakOff({ input, output: path('out.mkv'), graph, pieceSeconds: 1, videoCodec: 'ffv1' }, 60);
    await processFilm({ input, output: path('out.mkv'), graph, pieceSeconds: 1, videoCodec: 'ffv1' });

    const [whole, resumed] = ['whole.mkv', 'out.mkv'].map((f) => look(path(f)).streams[0]?.frames ?? []);
    expect(resumed?.map((f) => f.timeUs)).toEqual(whole?.map((f) => f.timeUs));
    expect(resumed?.every((f, i) => f.luma.equals(whole?.[i]?.luma as Buffer))).toBe(true);
  });

  it('does a damaged piece again', async () => {
    const input = await clip();
    await breakOff({ input, output: path('out.mkv'), pieceSeconds: 1 }, 80);
    await truncate(`${path('out.mkv.vitascope')}/piece-000001.nut`, 100);
    const { frames } = await processFilm({ input, output: path('out.mkv'), pieceSeconds: 1 });

    expect(frames).toBe(120);
    expect(look(path('out.mkv')).streams[0]?.frames).toHaveLength(120);
  });

  it('takes over from a process that was killed', async () => {
    const input = await clip();
    await breakOff({ input, output: path('out.mkv'), pieceSeconds: 1 }, 60);
    await writeFile(`${path('out.mkv.vitascope')}/lock`, '2147483646');

    await expect(processFilm({ input, output: path('out.mkv'), pieceSeconds: 1 })).resolves.toMatchObject({
      frames: 120,
    });
  });

  it('refuses to go on with other options, saying what differs, and begins anew with restart', async () => {
    const input = await clip();
    await breakOff({ input, output: path('out.mkv'), pieceSeconds: 1 }, 60);

    const other = { input, output: path('out.mkv'), pieceSeconds: 1, crf: 40 };
    await expect(processFilm(other)).rejects.toMatchObject({
      code: 'RESUME_MISMATCH',
      message: expect.stringContaining('encoding'),
    });
    await expect(processFilm({ ...other, restart: true })).resolves.toMatchObject({ frames: 120, resumedFrames: 0 });
  });

  it('refuses to work where another job is at work', async () => {
    const input = await clip();
    const job = await openJob({ input, output: path('out.mkv') });

    await expect(openJob({ input, output: path('out.mkv') })).rejects.toMatchObject({ code: 'OUTPUT_IN_USE' });
    await job.run();
  });
});

describe('a film job that is stopped', () => {
  const path = workspace();

  it('leaves a playable file of what is finished, and goes on to the same end', async () => {
    const input = await h264Clip({ frames: 120, container: 'mkv', audio: true });
    const job = await openJob({
      input,
      output: path('out.mkv'),
      pieceSeconds: 1,
      onProgress: ({ frames }) => {
        if (frames === 50) job.stop();
      },
    });
    const stopped = await job.run();

    expect(stopped).toMatchObject({ complete: false, path: path('out.partial.mkv') });
    expect(stopped.frames).toBeGreaterThanOrEqual(50);
    const partial = look(stopped.path).streams;
    expect(partial[0]?.frames).toHaveLength(stopped.frames);
    expect(partial[1]?.packets.length).toBeGreaterThan(0);

    const { frames } = await processFilm({ input, output: path('out.mkv'), pieceSeconds: 1 });
    expect(frames).toBe(120);
    const times = (file: string) => look(file).streams[0]?.frames.map((f) => f.timeUs);
    expect(times(path('out.mkv'))).toEqual(times(input));
    expect(await exists(path('out.partial.mkv'))).toBe(false);
  });
});
