import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { unspecifiedColor, type VideoFrame } from '../../pipeline/index.js';
import type { EncoderInput } from '../../streams/encoding.js';
import { libavEngine as libav } from '../../streams/libav/libav-engine.js';
import {
  corruptFile,
  grayPixelFilm,
  h264Clip,
  imageSequence,
  oddClip,
  palInterlacedClip,
  phoneClip,
  phoneTimesUs,
  proresClip,
  resolutionChangeClip,
  stillPng,
  tenBitClip,
  truncatedFile,
  zeroFrameFile,
} from '../fixtures/media.js';
import { emptyReport, encodeFrames, engines, ffmpegChildren, openReader, paint, readFilm } from '../helpers/engines.js';
import { expectBalanced, testFrame } from '../helpers/frames.js';

const procfs = existsSync('/proc/self/task');

describe.each(engines)('the engine %s', (_, engine, { skip }) => {
  afterEach(() => {
    if (procfs) expect(ffmpegChildren(), 'children left').toEqual([]);
  });

  describe.skipIf(skip)('reading', () => {
    it('gives every frame of a film with B-frames, with its exact time', async () => {
      const { pictures } = await readFilm(engine, await h264Clip({ frames: 48, fps: 24 }));

      expect(pictures.map((p) => p.ptsUs)).toEqual(Array.from({ length: 48 }, (_, i) => Math.round((i * 1e6) / 24)));
      expect(new Set(pictures.map((p) => p.luma)).size).toBe(48);
    });

    it('keeps uneven timing, and does not turn the picture', async () => {
      const { info, pictures } = await readFilm(engine, await phoneClip());

      expect(pictures.map((p) => p.ptsUs)).toEqual(phoneTimesUs);
      expect(info.video?.rotation).toBe(90);
      expect(pictures.every((p) => p.width === 320 && p.height === 180)).toBe(true);
    });

    it('keeps the start offset of a transport stream', async () => {
      const { info, pictures } = await readFilm(engine, await h264Clip({ container: 'ts' }));

      expect(pictures).toHaveLength(48);
      expect(pictures[0]?.ptsUs).toBe(info.tracks[info.video?.trackIndex ?? -1]?.startUs);
    });

    it.each([
      ['mp4', () => h264Clip()],
      ['mkv', () => h264Clip({ container: 'mkv' })],
      ['ts', () => h264Clip({ container: 'ts' })],
      ['an uneven mp4', phoneClip],
      ['an interlaced ts', () => palInterlacedClip('ts')],
      ['a program stream', () => palInterlacedClip('mpg')],
    ] as const)('gives the same frames from any moment on as from the start: %s', async (_, fixture) => {
      const path = await fixture();
      const whole = await readFilm(engine, path);
      for (const at of [1, 7, 12, 13, 20, 23]) {
        const startUs = whole.pictures[at]?.ptsUs ?? 0;
        const { pictures, report } = await readFilm(engine, path, startUs);
        const [got, expected] = [pictures, whole.pictures].map((all) =>
          all.filter((p) => p.ptsUs >= startUs).map((p) => `${p.ptsUs} ${p.luma}`),
        );
        expect(got).toEqual(expected);
        expect(report).toMatchObject({ skipped: 0, damaged: 0 });
      }
    });

    it('says that pictures hold two fields', async () => {
      const { pictures } = await readFilm(engine, await palInterlacedClip());

      expect(pictures).toHaveLength(25);
      expect(pictures.every((p) => p.interlaced)).toBe(true);
    });

    it.each([
      ['ten bits, 4:2:0', () => tenBitClip('ffv1')],
      ['ten bits, 4:2:2', proresClip],
      ['odd sides, 4:2:0', () => oddClip('420')],
      ['odd sides, 4:4:4', () => oddClip('444')],
      ['a luma plane and nothing else', grayPixelFilm],
      ['monochrome H.264', () => h264Clip({ gray: true })],
    ] as const)('decodes to the same luma, bit for bit, as the bundled decoder: %s', async (_, fixture) => {
      const path = await fixture();
      const [ours, reference] = [await readFilm(engine, path), await readFilm(libav, path)];

      expect(ours.pictures.map((p) => p.luma)).toEqual(reference.pictures.map((p) => p.luma));
    });

    it.each([
      ['a still picture', stillPng, 1],
      ['an image sequence', imageSequence, 10],
      ['a film of no frames', zeroFrameFile, 0],
    ] as const)('reads %s', async (_, fixture, count) => {
      expect((await readFilm(engine, await fixture())).pictures).toHaveLength(count);
    });

    it.each(['mp4', 'mkv'] as const)('gives what is left of a truncated .%s', async (container) => {
      const path = await truncatedFile(container);
      const { pictures } = await readFilm(engine, path);

      expect(pictures.length).toBe((await readFilm(libav, path)).pictures.length);
      expect(pictures.length).toBeGreaterThan(60);
    });

    it.each(['ts', 'mkv'] as const)('passes over a corrupt stretch of a .%s and counts it', async (container) => {
      const { pictures, report } = await readFilm(engine, await corruptFile(container));

      expect(pictures.length).toBeGreaterThan(90);
      expect(report.skipped + report.damaged).toBeGreaterThan(0);
      expect(pictures.every((p, i) => i === 0 || p.ptsUs > (pictures[i - 1]?.ptsUs ?? 0))).toBe(true);
    });

    it('goes on when the resolution changes', async () => {
      expect((await readFilm(engine, await resolutionChangeClip())).pictures).toHaveLength(48);
    });

    it('stops early without leaving a process or a frame, and closes twice', async () => {
      const { reader } = await openReader(engine, await h264Clip({ frames: 120 }));
      const first = await reader.next();
      first?.frame.free();
      if (procfs && engine.name === 'external') expect(ffmpegChildren()).toHaveLength(1);

      await reader.close();
      await reader.close();
    });

    it('refuses a file that is gone', async () => {
      const { info } = await readFilm(engine, await h264Clip());
      const video = info.video as NonNullable<typeof info.video>;
      const request = { path: '/nowhere/film.mkv', video, startUs: undefined, sequenceRate: undefined };

      await expect(engine.openReader({ ...request, report: emptyReport() })).rejects.toMatchObject({
        code: 'INPUT_NOT_FOUND',
      });
    });
  });

  describe.skipIf(skip)('encoding', () => {
    const unevenTicks = [0, 1, 2, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 30, 31, 32, 33, 34, 35, 50, 51, 52, 53, 60];
    const input: EncoderInput = {
      picture: {
        pixelFormat: 'yuv420p',
        width: 64,
        height: 48,
        sampleAspectRatio: { num: 16, den: 11 },
        color: { range: 'tv', matrix: 1, primaries: 1, transfer: 1, chromaLocation: 1 },
      },
      timeBase: { num: 1, den: 25 },
      frameRate: { num: 25, den: 1 },
      globalHeader: true,
    };

    function* frames(ticks: readonly number[], picture = input.picture): Generator<VideoFrame> {
      for (const [index, tick] of ticks.entries()) {
        const frame = testFrame(index, { ...picture, ptsUs: tick * 40_000 });
        paint(frame);
        yield frame;
      }
    }

    it.each([
      ['libx264 with B-frames', { videoCodec: 'libx264', crf: 20, options: { bf: '2', g: '12' } }],
      ['ffv1', { videoCodec: 'ffv1' }],
      ['mpeg4', { videoCodec: 'mpeg4' }],
    ] as const)('makes one packet a frame with its exact time: %s', async (_, options) => {
      await expectBalanced(async () => {
        const ticks = unevenTicks.map((t) => t + 1000);
        const { packets } = await encodeFrames(engine, options, frames(ticks), input);

        expect(packets.map((p) => Number(p.pts)).sort((a, b) => a - b)).toEqual(ticks);
        expect(packets[0]?.isKey).toBe(true);
        expect(packets.every((p, i) => i === 0 || p.dts > (packets[i - 1]?.dts ?? 0n))).toBe(true);
        expect(packets.every((p) => p.dts <= p.pts)).toBe(true);
      });
    });

    it('reorders packets where the encoder has B-frames, and keeps times before 0', async () => {
      const ticks = unevenTicks.map((t) => t - 10);
      const { packets } = await encodeFrames(engine, { videoCodec: 'libx264' }, frames(ticks), input);

      expect(packets.map((p) => Number(p.pts)).sort((a, b) => a - b)).toEqual(ticks);
      expect(packets.some((p, i) => i > 0 && p.pts < (packets[i - 1]?.pts ?? 0n))).toBe(true);
    });

    it('describes the stream as a muxer needs it', async () => {
      const { stream } = await encodeFrames(engine, { videoCodec: 'libx264' }, frames([0, 1, 2]), input);

      expect(stream).toMatchObject({ width: 64, height: 48, format: 0, codecTag: 0, codecId: 27 });
      expect(stream).toMatchObject({ sampleAspectRatio: { num: 16, den: 11 }, color: input.picture.color });
      expect(stream.extradataBase64).not.toBeNull();
    });

    it('leaves the codec headers in the packets when the container keeps none', async () => {
      const inBand = { ...input, globalHeader: false };
      const [withHeaders, without] = [
        await encodeFrames(engine, { videoCodec: 'libx264' }, frames([0]), inBand),
        await encodeFrames(engine, { videoCodec: 'libx264' }, frames([0]), input),
      ];

      expect(withHeaders.packets[0]?.size).toBeGreaterThan(without.packets[0]?.size ?? 0);
    });

    it('takes another pixel format when asked to', async () => {
      const options = { videoCodec: 'libx264', pixelFormat: 'yuv444p' };

      expect((await encodeFrames(engine, options, frames([0, 1]), input)).stream.format).toBe(5);
    });

    it.each([
      ['an encoder that there is not', { videoCodec: 'libx999' }, 'ENCODER_UNKNOWN'],
      ['an encoder of sound', { videoCodec: 'aac' }, 'ENCODER_UNKNOWN'],
      ['an option that there is not', { videoCodec: 'libx264', options: { flavour: 'salty' } }, 'OPTION_INVALID'],
      ['an option of another encoder', { videoCodec: 'ffv1', crf: 20 }, 'OPTION_INVALID'],
      ['a pixel format it does not take', { videoCodec: 'libx264', pixelFormat: 'rgb48le' }, 'OPTION_INVALID'],
    ] as const)('refuses %s before the first frame', async (_, options, code) => {
      await expect(engine.openEncoder(options, input, () => {})).rejects.toMatchObject({ code });
    });

    it.each([
      ['a preset that there is not', { videoCodec: 'libx264', preset: 'warp' }],
      ['a value that is none', { videoCodec: 'libx264', options: { qmin: 'much' } }],
    ] as const)('refuses %s', async (_, options) => {
      await expectBalanced(async () => {
        const failure = encodeFrames(engine, options, frames(unevenTicks), input);
        await expect(failure).rejects.toMatchObject({
          code: expect.stringMatching(/^(OPTION_INVALID|ENCODER_FAILED)$/),
        });
      });
    });

    it('refuses a frame of another size', async () => {
      const other = { ...input.picture, width: 32, color: unspecifiedColor };
      const failure = encodeFrames(engine, { videoCodec: 'ffv1' }, frames([0], other), input);

      await expect(failure).rejects.toMatchObject({ code: 'FRAME_FORMAT' });
    });

    it('hands on what a receiver of packets fails with', async () => {
      const broken = new Error('the receiver is full');
      const encoder = await engine.openEncoder({ videoCodec: 'ffv1' }, input, () => {
        throw broken;
      });
      const writeAll = async (): Promise<void> => {
        for (const frame of frames(unevenTicks)) await encoder.write(frame).finally(() => frame.close());
        await encoder.finish();
      };

      await expect(writeAll()).rejects.toBe(broken);
      await encoder.close();
    });

    it('can be closed at any moment, and twice', async () => {
      const encoder = await engine.openEncoder({ videoCodec: 'libx264' }, input, () => {});
      for (const frame of frames([0, 1, 2])) await encoder.write(frame).finally(() => frame.close());

      await encoder.close();
      await encoder.close();
    });
  });
});
