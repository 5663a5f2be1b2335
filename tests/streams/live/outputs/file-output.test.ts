import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AV_CODEC_ID_PCM_ALAW } from 'node-av/constants';
import { describe, expect, it } from 'vitest';
import type { EncodedPacket, EncodedTrack } from '../../../../streams/live/live-types.js';
import { FileOutput } from '../../../../streams/live/outputs/file-output.js';
import { workspace } from '../../../helpers/workspace.js';
import { encodeLive, endless, expectPlayable, heavy, type LiveSource, liveSource } from './live-packets.js';

const later = (p: EncodedPacket, us: number): EncodedPacket => ({ ...p, ptsUs: p.ptsUs + us, dtsUs: p.dtsUs + us });
const isOutside = ({ dtsUs }: EncodedPacket, fromUs: number, toUs: number): boolean => dtsUs < fromUs || dtsUs >= toUs;

const recorder = fileURLToPath(new URL('./recorder.ts', import.meta.url));

describe('FileOutput', () => {
  const path = workspace();

  async function record(output: FileOutput, source: Awaited<ReturnType<typeof liveSource>>, from = 0): Promise<void> {
    await output.open(source.tracks);
    for (const packet of source.packets.slice(from)) output.write(packet);
    await output.close();
  }

  it.each(['mkv', 'mp4', 'ts', 'flv'])(
    'records a %s that plays, with all pictures and their sound',
    async (extension) => {
      const output = new FileOutput({ path: path(`a.${extension}`) });
      await record(output, await liveSource(2));
      const { video, audio } = expectPlayable(path(`a.${extension}`));
      expect(video.frames).toHaveLength(50);
      expect(audio?.packets.length).toBeGreaterThan(80);
      const first = video.frames[0]?.timeUs ?? 0;
      expect(video.frames.map(({ timeUs }) => timeUs - first)).toEqual(
        Array.from({ length: 50 }, (_, i) => i * 40_000),
      );
      expect(output.metrics()).toMatchObject({ state: 'closed', packetsDropped: 0, queued: 0 });
    },
  );

  const gaps: readonly [string, (source: LiveSource) => EncodedPacket[]][] = [
    ['everything is away for 20 s', ({ packets }) => packets.map((p) => (p.dtsUs < 1e6 ? p : later(p, 20e6)))],
    ['sound is away for 5 s', ({ packets }) => packets.filter((p) => p.kind === 'video' || isOutside(p, 1e6, 6e6))],
    ['pictures are away for 5 s', ({ packets }) => packets.filter((p) => p.kind === 'audio' || isOutside(p, 1e6, 6e6))],
    ['sound begins late', ({ packets }) => packets.filter((p) => p.kind === 'video' || p.dtsUs > 4e6)],
  ];
  const containers = ['mkv', 'mp4', 'ts', 'flv'];

  it.each(gaps.flatMap(([name, leaveOut]) => containers.map((extension) => ({ name, extension, leaveOut }))))(
    'keeps all times where $name, in a $extension',
    async ({ extension, leaveOut }) => {
      const source = await liveSource(8);
      const packets = leaveOut(source).filter(({ dtsUs }) => dtsUs >= 0);
      const output = new FileOutput({ path: path(`a.${extension}`) });
      await record(output, { tracks: source.tracks, packets });
      const { video, audio } = expectPlayable(path(`a.${extension}`));
      const originUs = video.packets[0]?.ptsUs ?? 0;
      const skews = [video, audio].map((track, i) => {
        const expected = packets.filter(({ kind }) => kind === (i === 0 ? 'video' : 'audio'));
        expect(track?.packets).toHaveLength(expected.length);
        return expected.map(({ ptsUs }, k) => Math.abs((track?.packets[k]?.ptsUs ?? 0) - originUs - ptsUs));
      });
      expect(Math.max(...skews.flat())).toBeLessThan(2000);
    },
  );

  it.each(containers)('records a %s where times are closer than it can say', async (extension) => {
    const source = await liveSource(2);
    let late = 0;
    const packets = source.packets.map((p) => (isOutside(p, 500_000, 600_000) ? p : { ...p, dtsUs: 500_000 + late++ }));
    const output = new FileOutput({ path: path(`a.${extension}`) });
    await record(output, { tracks: source.tracks, packets });
    expect(output.failure).toBeUndefined();
    expect(expectPlayable(path(`a.${extension}`)).video.frames).toHaveLength(50);
  });

  it('begins at the first key frame that it sees, at zero', async () => {
    const source = await liveSource(3);
    const second = source.packets.findIndex(({ ptsUs }) => ptsUs === 40_000);
    const output = new FileOutput({ path: path('a.mkv') });
    await record(output, source, second);
    const { video } = expectPlayable(path('a.mkv'));
    expect(video.frames).toHaveLength(50);
    expect(video.packets[0]?.ptsUs).toBe(0);
    expect(output.metrics().packetsDropped).toBeGreaterThan(24);
  });

  it('splits at key frames, by time and by size, and replaces nothing', async () => {
    await writeFile(path('a.mkv'), 'mine');
    const source = await liveSource(4);
    const byTime = new FileOutput({ path: path('a.mkv'), splitSeconds: 1.5 });
    await record(byTime, source);
    expect(byTime.paths).toEqual([path('a-2.mkv'), path('a-3.mkv')]);
    for (const part of byTime.paths) expect(expectPlayable(part).video.frames).toHaveLength(50);
    expect((await stat(path('a.mkv'))).size).toBe(4);
    const bySize = new FileOutput({ path: path('b.ts'), splitBytes: 1 });
    await record(bySize, source);
    expect(bySize.paths).toHaveLength(4);
  });

  it('begins a new file when the tracks change', async () => {
    const first = await liveSource(1);
    const { tracks, packets } = await encodeLive(25, {}, () => ({ width: 32, height: 32 }));
    const output = new FileOutput({ path: path('a.mp4') });
    await output.open(first.tracks);
    for (const packet of first.packets) output.write(packet);
    output.tracksChanged(tracks.map(({ track }) => track));
    for (const packet of packets[0] ?? []) output.write(packet);
    await output.close();
    expect(output.paths).toEqual([path('a.mp4'), path('a-2.mp4')]);
    expect(output.paths.map((part) => expectPlayable(part).video.frames.map(({ width }) => width))).toEqual([
      Array(25).fill(64),
      Array(25).fill(32),
    ]);
  });

  it('records sound alone', async () => {
    const { tracks, packets } = await liveSource(2);
    for (const name of ['a.mp4', 'a.mkv']) {
      const output = new FileOutput({ path: path(name) });
      const sound = {
        tracks: tracks.filter(({ kind }) => kind === 'audio'),
        packets: packets.filter(({ kind }) => kind === 'audio'),
      };
      await record(output, sound);
      expect(output.metrics().trouble).toBeUndefined();
    }
  });

  it.each(['mkv', 'mp4', 'ts'])('leaves a %s that plays when its process is killed', async (extension) => {
    const child = spawn(process.execPath, ['--import', 'tsx', recorder, path(`a.${extension}`)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await new Promise<void>((resolve) => child.once('message', () => resolve()));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const { video } = expectPlayable(path(`a.${extension}`));
    // Of three seconds, at least the first two.
    expect(video.frames.length).toBeGreaterThanOrEqual(50);
  });

  it('makes no file when no key frame comes', async () => {
    await mkdir(path('empty'));
    const source = await liveSource(1);
    const output = new FileOutput({ path: path('empty/a.mkv') });
    await output.open(source.tracks);
    await output.close();
    expect(readdirSync(path('empty'))).toEqual([]);
  });

  it('fails, and says why, where it cannot write', async () => {
    const troubles: unknown[] = [];
    const output = new FileOutput({ path: path('nowhere/a.mkv'), onTrouble: (error) => troubles.push(error.code) });
    await record(output, await liveSource(1));
    expect(output.metrics()).toMatchObject({ state: 'failed', queued: 0, trouble: expect.stringContaining('nowhere') });
    expect(troubles).toEqual(['OUTPUT_UNWRITABLE']);
  });

  it('fails when the disk is full, and takes packets without keeping them', async ({ skip }) => {
    const mounted = await mountTiny(path('tiny'));
    if (!mounted) return skip('no small file system can be mounted here');
    try {
      const source = heavy(await liveSource(1), 60_000);
      const output = new FileOutput({ path: path('tiny/a.mkv') });
      const failed = new Promise<void>((resolve) => {
        const packets = endless(source, 1);
        const feed = (): void => {
          if (output.metrics().state === 'failed') {
            resolve();
            return;
          }
          output.write(packets.next().value);
          setImmediate(feed);
        };
        void output.open(source.tracks).then(feed);
      });
      await failed;
      for (const packet of source.packets) output.write(packet);
      expect(output.failure).toMatchObject({ code: 'OUTPUT_DISK_FULL' });
      expect(output.metrics()).toMatchObject({ state: 'failed', queued: 0 });
      await output.close();
      expect(output.metrics().state).toBe('failed');
    } finally {
      execFileSync('umount', [path('tiny')]);
    }
  });

  it.each([
    ['video', { codec: 'mpeg4' }, 'mpeg4 and aac'],
    // FFmpeg's muxer would end the process over this one.
    ['audio', { codec: 'pcm_alaw', codecId: AV_CODEC_ID_PCM_ALAW, extradataBase64: null }, 'h264 and pcm_alaw'],
  ] as const)('refuses %s that FLV cannot hold, makes no file, and lives on', async (kind, change, codecs) => {
    const { tracks, packets } = await liveSource(1);
    const wrong = tracks.map((track) => (track.kind === kind ? ({ ...track, ...change } as EncodedTrack) : track));
    const output = new FileOutput({ path: path('a.flv') });
    await record(output, { tracks: wrong, packets });
    expect(output.failure).toMatchObject({ code: 'CONTAINER_CODEC', message: `FLV cannot hold ${codecs}` });
    expect(readdirSync(path(''))).toEqual([]);
  });

  it('refuses an extension that it does not know', () => {
    expect(() => new FileOutput({ path: 'a.gif' })).toThrow(expect.objectContaining({ code: 'CONTAINER_UNKNOWN' }));
  });
});

async function mountTiny(folder: string): Promise<boolean> {
  await mkdir(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'vitascope-test', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
