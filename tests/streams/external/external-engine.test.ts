import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { externalEngine } from '../../../streams/external/external-engine.js';
import { FfmpegBinary } from '../../../streams/external/ffmpeg-binary.js';
import { libavEngine } from '../../../streams/libav/libav-engine.js';
import { h264Clip } from '../../fixtures/media.js';
import { external, ffmpegChildren, isFfmpeg, openReader, readFilm } from '../../helpers/engines.js';
import { expectBalanced, frameProperties, testFrame } from '../../helpers/frames.js';
import { workspace } from '../../helpers/workspace.js';

const procfs = existsSync('/proc/self/task');

describe('the binary of the external engine', () => {
  const path = workspace();

  it('says what to install or to give when it is not there', async () => {
    await expect(externalEngine({ ffmpegPath: '/nowhere/ffmpeg' })).rejects.toMatchObject({
      code: 'ENGINE_MISSING',
      message: expect.stringMatching(/\/nowhere\/ffmpeg.*apt install ffmpeg.*--ffmpeg-path.*FFMPEG_PATH/),
    });
  });

  it('is refused when it is something else', async () => {
    await writeFile(path('ffmpeg'), '#!/bin/sh\necho hello\n');
    await chmod(path('ffmpeg'), 0o755);

    await expect(externalEngine({ ffmpegPath: path('ffmpeg') })).rejects.toMatchObject({ code: 'ENGINE_MISSING' });
  });

  it('is the one that FFMPEG_PATH names, unless told otherwise', async () => {
    vi.stubEnv('FFMPEG_PATH', '/from/environment/ffmpeg');

    await expect(externalEngine()).rejects.toThrow('/from/environment/ffmpeg');
    await expect(externalEngine({ ffmpegPath: '/given/ffmpeg' })).rejects.toThrow('/given/ffmpeg');
  });

  it.each([
    ['4.4.2', ['-vsync', '0']],
    ['5.0', ['-vsync', '0']],
    ['5.1.9-0+deb12u1', ['-fps_mode', 'passthrough']],
    ['n7.1', ['-fps_mode', 'passthrough']],
    ['N-118315-g4f3c9f2f03', ['-fps_mode', 'passthrough']],
  ])('version %s is asked for every frame with %j', async (version, expected) => {
    await writeFile(path('ffmpeg'), `#!/bin/sh\necho ffmpeg version ${version} Copyright\n`);
    await chmod(path('ffmpeg'), 0o755);

    expect((await FfmpegBinary.find(path('ffmpeg'))).passthrough).toEqual(expected);
  });
});

describe.skipIf(external === undefined)('the children of the external engine', () => {
  const engine = external ?? libavEngine;

  it('fail the reader, with what they said, when they are killed', async () => {
    if (!procfs) return;
    const { reader } = await openReader(engine, await h264Clip({ frames: 960 }));
    for (const pid of ffmpegChildren()) process.kill(pid, 'SIGKILL');
    const readAll = async (): Promise<void> => {
      for (let next = await reader.next(); next !== undefined; next = await reader.next()) next.frame.free();
    };

    await expect(readAll()).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringContaining('SIGKILL'),
    });
    await reader.close();
  });

  it.skipIf(!procfs)('wait while nobody reads: what they have decoded does not pile up', async () => {
    const { reader } = await openReader(engine, await h264Clip({ frames: 960 }));
    const [child] = ffmpegChildren();
    let written = 0;
    const hasStopped = (): boolean => {
      const before = written;
      written = Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${child}/io`, 'utf8'))?.[1]);
      return written > 0 && written === before;
    };

    await expect.poll(hasStopped, { interval: 200 }).toBe(true);
    const pictureBytes = 320 * 240 * 1.5;
    expect(written).toBeLessThan(20 * pictureBytes);
    await reader.close();
  });

  it.skipIf(!procfs)('fail the encoder, even one that waits for room, when they are killed', async () => {
    await expectBalanced(async () => {
      const format = { width: 1280, height: 720 };
      const picture = { ...frameProperties(0, format), pixelFormat: 'yuv420p' as const };
      const input = { picture, timeBase: { num: 1, den: 25 }, frameRate: { num: 25, den: 1 }, globalHeader: true };
      const encoder = await engine.openEncoder({ videoCodec: 'libx264', preset: 'veryslow' }, input, () => {});
      const writeAll = async (): Promise<void> => {
        for (let i = 0; ; i++) {
          if (i === 10) process.kill(ffmpegChildren()[0] as number, 'SIGKILL');
          const frame = testFrame(i, format);
          await encoder.write(frame).finally(() => frame.close());
        }
      };

      await expect(writeAll()).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
      await encoder.close();
    });
    expect(ffmpegChildren()).toEqual([]);
  });

  it('can be many at once', async () => {
    const path = await h264Clip();
    const films = await Promise.all(Array.from({ length: 6 }, () => readFilm(engine, path)));

    expect(films.map((f) => f.pictures.length)).toEqual([48, 48, 48, 48, 48, 48]);
  });

  it.skipIf(!procfs)('end when this process is killed', async () => {
    const helper = fileURLToPath(new URL('./hold-a-reader.ts', import.meta.url));
    const parent = spawn(process.execPath, ['--import', 'tsx', helper, await h264Clip({ frames: 960 })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
    const child = Number(line);
    expect(isFfmpeg(child)).toBe(true);

    parent.kill('SIGKILL');

    await expect.poll(() => isFfmpeg(child), { timeout: 20_000 }).toBe(false);
  });
});
