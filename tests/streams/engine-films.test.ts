import { existsSync } from 'node:fs';
import { AV_FRAME_FLAG_INTERLACED, AV_FRAME_FLAG_TOP_FIELD_FIRST } from 'node-av/constants';
import { afterEach, describe, expect, it } from 'vitest';
import { ledger, type VideoSample } from '../../pipeline/index.js';
import { openFile } from '../../streams/file/open-file.js';
import { writeFile } from '../../streams/file/write-file.js';
import type { Film } from '../../streams/film.js';
import { probe } from '../../streams/libav/probe.js';
import { type Looked, type LookedFrame, type LookedStream, look } from '../fixtures/look.js';
import {
  corruptFile,
  grayPixelFilm,
  h264Clip,
  oddClip,
  palInterlacedClip,
  phoneClip,
  phoneTimesUs,
  proresClip,
  resolutionChangeClip,
  tenBitClip,
  truncatedFile,
} from '../fixtures/media.js';
import { engines, ffmpegChildren } from '../helpers/engines.js';
import { expectBalanced } from '../helpers/frames.js';
import { workspace } from '../helpers/workspace.js';

const procfs = existsSync('/proc/self/task');
const videoOf = (looked: Looked): LookedStream => looked.streams.find((s) => s.kind === 'video') as LookedStream;

/** What a film gives, by number and time; every frame is closed. */
function framesOf(film: Film, stopAfter = Number.POSITIVE_INFINITY): Promise<[index: number, ptsUs: number][]> {
  return new Promise((resolve, reject) => {
    const seen: [number, number][] = [];
    const subscription = film.video?.subscribe({
      next: ({ frame }: VideoSample) => {
        seen.push([frame.index, frame.ptsUs]);
        frame.close();
        if (seen.length < stopAfter) return;
        subscription?.unsubscribe();
        resolve(seen);
      },
      error: reject,
      complete: () => resolve(seen),
    });
  });
}

describe.each(engines)('a film through the engine %s', (_, engine, { skip }) => {
  const path = workspace();
  afterEach(async () => {
    if (procfs) await expect.poll(ffmpegChildren, { message: 'children left' }).toEqual([]);
  });

  describe.skipIf(skip)('written again', () => {
    it.each([
      ['H.264', () => h264Clip(), 1],
      ['H.264 in a transport stream', () => h264Clip({ container: 'ts' }), 1],
      ['uneven timing, in pieces', phoneClip, 1],
      ['ten bits', () => tenBitClip(), 10],
      ['ten bits, 4:2:2', proresClip, 10],
      ['odd sides', () => oddClip(), 10],
      ['grey pixels', grayPixelFilm, 10],
    ] as const)('losslessly keeps luma, bit for bit, and time: %s', async (_, fixture, pieceSeconds) => {
      const [input, output] = [await fixture(), path('out.mkv')];
      await expectBalanced(async () => {
        const film = await openFile(input, { engine });
        await writeFile(output, film, { engine, reencode: true, videoCodec: 'ffv1', pieceSeconds });
      });

      const [before, after] = [videoOf(look(input)), videoOf(look(output))];
      expect(after.frames).toHaveLength(before.frames.length);
      expect(after.frames.every((f, i) => f.luma.equals(before.frames[i]?.luma as Buffer))).toBe(true);
      const start = (all: LookedStream): number => all.frames[0]?.timeUs ?? 0;
      for (const [i, frame] of after.frames.entries()) {
        const apart = frame.timeUs - start(after) - ((before.frames[i]?.timeUs ?? 0) - start(before));
        expect(Math.abs(apart)).toBeLessThanOrEqual(1000);
      }
    });

    it.each(['mp4', 'mkv', 'mov', 'ts'] as const)(
      'keeps every timestamp through B-frames and pieces in .%s',
      async (kind) => {
        const film = await openFile(await phoneClip(), { engine });
        const output = path(`out.${kind}`);
        const encoding = { videoCodec: 'libx264', preset: 'veryfast', options: { g: '12', bf: '2' } };
        await writeFile(output, film, { engine, reencode: true, pieceSeconds: 1, ...encoding });

        const after = videoOf(look(output));
        const first = after.frames[0]?.timeUs ?? 0;
        expect(after.decodeErrors).toBe(0);
        expect(after.frames.map((f) => Math.round((f.timeUs - first) / 1000))).toEqual(
          phoneTimesUs.map((t) => t / 1000),
        );
      },
    );

    it('cuts a part out, to the frame', async () => {
      const film = await openFile(await phoneClip(), { engine, fromUs: 500_000, toUs: 1_400_000 });
      await writeFile(path('out.mkv'), film, { engine, reencode: true, videoCodec: 'ffv1', pieceSeconds: 1 });

      const wanted = phoneTimesUs.filter((t) => t >= 500_000 && t < 1_400_000).map((t) => t - 500_000);
      expect(videoOf(look(path('out.mkv'))).frames.map((f) => f.timeUs)).toEqual(wanted);
    });

    it('widens odd sides for an encoder that needs it, and loses no pixel', async () => {
      const film = await openFile(await oddClip(), { engine });
      await writeFile(path('out.mkv'), film, { engine, reencode: true, videoCodec: 'libx264', crf: 0 });

      const [before] = videoOf(look(await oddClip())).frames as [LookedFrame];
      const [after] = videoOf(look(path('out.mkv'))).frames as [LookedFrame];
      expect([after.width, after.height]).toEqual([320, 242]);
      const row = ({ luma, width }: LookedFrame, y: number): Buffer => luma.subarray(y * width, (y + 1) * width);
      for (let y = 0; y < 241; y++) {
        expect(row(after, y).subarray(0, 319).equals(row(before, y))).toBe(true);
        expect(row(after, y)[319]).toBe(row(before, y)[318]);
      }
      expect(row(after, 241).equals(row(after, 240))).toBe(true);
    });

    it.each(['libx264', 'ffv1'] as const)('marks pictures of two fields as such: %s', async (videoCodec) => {
      const film = await openFile(await palInterlacedClip(), { engine });
      await writeFile(path('out.mkv'), film, { engine, reencode: true, videoCodec });

      const marks = AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST;
      expect(videoOf(look(path('out.mkv'))).frames.every((f) => (f.flags & marks) === marks)).toBe(true);
      expect((await probe(path('out.mkv'))).video?.fieldOrder).toBe('top-first');
    });

    it('makes a JPEG of full range from limited range', async () => {
      const film = await openFile(await h264Clip(), { engine, toUs: 1 });
      await writeFile(path('out.jpg'), film, { engine, reencode: true });

      const [before, after] = [videoOf(look(await h264Clip())).frames[0], videoOf(look(path('out.jpg'))).frames[0]];
      expect(after?.format).toBe('yuvj420p');
      const expected = (((before?.planeMeans[0] ?? 0) - 16) * 255) / 219;
      expect(Math.abs((after?.planeMeans[0] ?? 0) - expected)).toBeLessThan(2);
    });

    it('fails, leaving nothing, with an encoder that breaks off', async () => {
      const open = ledger.balance;
      const film = await openFile(await h264Clip(), { engine });
      const encoding = { videoCodec: 'libx264', preset: 'warp' };

      await expect(writeFile(path('out.mp4'), film, { engine, reencode: true, ...encoding })).rejects.toMatchObject({
        code: expect.stringMatching(/^(OPTION_INVALID|ENCODER_FAILED)$/),
      });
      expect(existsSync(path('out.mp4.vitascope'))).toBe(false);
      await expect.poll(() => ledger.balance).toBe(open);
    });
  });

  describe.skipIf(skip)('read as frames', () => {
    it('numbers the frames it goes on with as if it had read those before', async () => {
      const input = await phoneClip();
      const [atUs, index] = [phoneTimesUs[35] as number, 35];
      const film = await openFile(input, { engine, resume: { atUs, warmupFromUs: atUs, index } });

      expect(await framesOf(film)).toEqual(phoneTimesUs.map((t, i) => [i, t]).slice(35));
    });

    it('stops when nobody listens, and frees everything', async () => {
      const open = ledger.balance;
      const film = await openFile(await h264Clip({ frames: 120 }), { engine, slots: 2 });

      expect(await framesOf(film, 3)).toHaveLength(3);
      await expect.poll(() => ledger.balance).toBe(open);
      if (procfs) await expect.poll(() => ffmpegChildren()).toEqual([]);
    });

    it.each(['mp4', 'mkv'] as const)('says that a .%s is cut off', async (container) => {
      const film = await openFile(await truncatedFile(container), { engine });
      await framesOf(film);

      expect(film.report.truncated).toBe(true);
    });

    it('does not call a whole film, or a part of one, cut off', async () => {
      for (const range of [{}, { toUs: 1_000_000 }, { fromUs: 500_000 }]) {
        const film = await openFile(await h264Clip({ container: 'mkv' }), { engine, ...range });
        await framesOf(film);
        expect(film.report).toEqual({ skipped: 0, damaged: 0, retimed: 0, rescaled: 0, dropped: 0, truncated: false });
      }
    });

    it('counts a corrupt stretch, and a change of resolution', async () => {
      const [corrupt, changing] = [
        await openFile(await corruptFile('mkv'), { engine }),
        await openFile(await resolutionChangeClip(), { engine }),
      ];
      await framesOf(corrupt);
      await framesOf(changing);

      expect(corrupt.report.skipped + corrupt.report.damaged).toBeGreaterThan(0);
      expect(changing.report.rescaled).toBeGreaterThan(0);
    });
  });
});
