import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ledger } from '../../pipeline/index.js';
import { look } from '../fixtures/look.js';
import {
  audioOnlyFile,
  corruptFile,
  emptyFile,
  grayPixelFilm,
  h264Clip,
  imageSequence,
  randomBytesFile,
  resolutionChangeClip,
  stillJpeg,
  stillPng,
  truncatedFile,
  unreadableMp4,
  zeroFrameFile,
} from '../fixtures/media.js';
import { filterGraph, openJob, processFilm } from '../helpers/jobs.js';
import { workspace } from '../helpers/workspace.js';

describe('damaged and unusual input', () => {
  const path = workspace();

  it.each([
    ['a file that is not there', async () => path('nothing.mkv'), 'INPUT_NOT_FOUND'],
    ['a folder', async () => path('.'), 'INPUT_NOT_FOUND'],
    ['an empty file', emptyFile, 'INPUT_UNREADABLE'],
    ['random bytes', randomBytesFile, 'INPUT_UNREADABLE'],
    ['an MP4 that was cut off before its index', unreadableMp4, 'INPUT_UNREADABLE'],
    ['a Matroska file without content', () => zeroFrameFile('mkv'), 'INPUT_UNREADABLE'],
    ['a film of no frames', () => zeroFrameFile('mp4'), 'INPUT_EMPTY'],
    ['a file with sound only', audioOnlyFile, 'INPUT_NO_VIDEO'],
  ] as const)('%s is refused, and nothing is left', async (_, input, code) => {
    await expect(processFilm({ input: await input(), output: path('out.mp4') })).rejects.toMatchObject({ code });
    const { readdir } = await import('node:fs/promises');
    expect(await readdir(path('.'))).toEqual([]);
  });

  it('a file with sound only can be copied', async () => {
    await processFilm({ input: await audioOnlyFile(), output: path('out.mkv'), graph: 'copy' });

    expect(look(path('out.mkv')).streams.map((s) => s.codec)).toEqual(['aac']);
  });

  it.each(['mp4', 'mkv'] as const)('a truncated .%s gives all that is left', async (container) => {
    const input = await truncatedFile(container);
    const { frames } = await processFilm({ input, output: path('out.mkv') });

    const decodable = look(input).streams[0]?.frames.length ?? 0;
    expect(frames).toBeGreaterThanOrEqual(decodable - 1);
    expect(look(path('out.mkv')).streams[0]?.frames).toHaveLength(frames);
  });

  it.each(['ts', 'mkv'] as const)('a corrupt stretch in a .%s is passed over and counted', async (container) => {
    const open = ledger.balance;
    const { frames, report } = await processFilm({ input: await corruptFile(container), output: path('out.mkv') });

    expect(frames).toBeGreaterThan(90);
    expect(frames).toBeLessThanOrEqual(120);
    expect(report.skipped + report.damaged + report.retimed).toBeGreaterThan(0);
    const times = look(path('out.mkv')).streams[0]?.frames.map((f) => f.timeUs) ?? [];
    expect(times).toHaveLength(frames);
    expect(times.every((t, i) => i === 0 || t > (times[i - 1] as number))).toBe(true);
    expect(ledger.balance).toBe(open);
  });

  it.each(['ts', 'h264'] as const)(
    'a change of resolution in a .%s is fitted into the first size and counted',
    async (kind) => {
      const { frames, report } = await processFilm({
        input: await resolutionChangeClip(kind),
        output: path('out.mkv'),
      });

      expect(frames).toBe(48);
      expect(report.rescaled).toBe(24);
      const sizes = look(path('out.mkv')).streams[0]?.frames.map((f) => `${f.width}×${f.height}`);
      expect(new Set(sizes)).toEqual(new Set(['320×240']));
    },
  );

  it('grey pixels keep their luma bit for bit', async () => {
    const input = await grayPixelFilm();
    await processFilm({ input, output: path('out.mkv'), videoCodec: 'ffv1' });

    const [before, after] = [look(input).streams[0], look(path('out.mkv')).streams[0]];
    expect(after?.frames.every((f, i) => f.luma.equals(before?.frames[i]?.luma as Buffer))).toBe(true);
  });

  it.each([
    ['png', stillPng],
    ['jpg', stillJpeg],
  ] as const)('a .%s picture is a film of one frame', async (extension, input) => {
    const { frames } = await processFilm({ input: await input(), output: path(`out.${extension}`) });

    expect(frames).toBe(1);
    expect(look(path(`out.${extension}`)).streams[0]?.frames[0]).toMatchObject({ width: 160, height: 120 });
  });

  it('an image sequence becomes a film, and a film an image sequence', async () => {
    const film = await processFilm({ input: await imageSequence(), output: path('out.mkv'), sequenceRate: 18 });
    const images = await processFilm({ input: path('out.mkv'), output: path('frame-%03d.png') });

    expect([film.frames, images.frames]).toEqual([10, 10]);
    const times = look(path('out.mkv')).streams[0]?.frames.map((f) => f.timeUs) ?? [];
    expect(times[9]).toBe(500_000);
    expect(look(path('frame-%03d.png')).streams[0]?.frames).toHaveLength(10);
  });
});

describe('outputs that cannot be', () => {
  const path = workspace();
  const clip = () => h264Clip({ frames: 48 });

  it('an existing file is not replaced unless asked to', async () => {
    await writeFile(path('out.mp4'), 'precious');
    await expect(openJob({ input: await clip(), output: path('out.mp4') })).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
    });
    await expect(processFilm({ input: await clip(), output: path('out.mp4'), overwrite: true })).resolves.toMatchObject(
      { frames: 48 },
    );
  });

  it('the input is never overwritten', async () => {
    const input = await clip();
    await expect(openJob({ input, output: input, overwrite: true })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  });

  it.each([
    ['an unknown extension', { output: 'out.xyz' }, 'CONTAINER_UNKNOWN'],
    ['a folder that is not there', { output: 'no/such/out.mp4' }, 'OUTPUT_UNWRITABLE'],
    ['an unknown encoder', { output: 'out.mp4', videoCodec: 'libx265000' }, 'ENCODER_UNKNOWN'],
    ['an option the encoder lacks', { output: 'out.mkv', videoCodec: 'ffv1', crf: 20 }, 'OPTION_INVALID'],
    ['a value the encoder refuses', { output: 'out.mp4', preset: 'warp' }, 'ENCODER_FAILED'],
    ['a pixel format the encoder lacks', { output: 'out.mp4', pixelFormat: 'rgb24' }, 'OPTION_INVALID'],
    ['a piece of no length', { output: 'out.mp4', pieceSeconds: 0 }, 'OPTION_INVALID'],
    ['an end before the beginning', { output: 'out.mp4', fromUs: 2_000_000, toUs: 1_000_000 }, 'OPTION_INVALID'],
    ['a part after the end', { output: 'out.mp4', fromUs: 60_000_000 }, 'INPUT_EMPTY'],
  ])('%s is refused', async (_, options, code) => {
    const open = ledger.balance;
    await expect(processFilm({ input: await clip(), ...options, output: path(options.output) })).rejects.toMatchObject({
      code,
    });
    expect(ledger.balance).toBe(open);
  });

  it('a filter chain that does not parse fails with the name of its node', async () => {
    const job = processFilm({ input: await clip(), output: path('out.mp4'), graph: filterGraph('no_such_filter') });
    await expect(job).rejects.toMatchObject({ code: 'FILTER_INVALID', context: { node: 'filter' } });
  });

  it('a full disk is said, and a retry with room goes on', async (context) => {
    // A file system of 300 kB in a namespace of its own, where the system allows one.
    const script =
      'mount -t tmpfs -o size=300k none "$1" && exec "$2" --import tsx cli/main.ts process "$3" -o "$1/out.mkv" --graph transcode --video-codec ffv1 --progress json';
    const args = ['-rm', 'sh', '-c', script, 'sh', path('.'), process.execPath, await h264Clip({ frames: 96 })];
    const run = await promisify(execFile)('unshare', args).catch(
      (error: { stdout?: string; stderr?: string }) => error,
    );
    const output = String(run.stdout);
    if (!output.includes('"type"')) return context.skip(`no namespace to mount a small disk in: ${run.stderr}`);
    expect(output).toContain('"code":"OUTPUT_DISK_FULL"');
  });
});
