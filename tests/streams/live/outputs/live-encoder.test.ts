import { describe, expect, it } from 'vitest';
import { FramePool, VideoFrame } from '../../../../pipeline/index.js';
import { LiveEncoder } from '../../../../streams/live/outputs/live-encoder.js';
import { expectBalanced, frameProperties, testFrame } from '../../../helpers/frames.js';
import { encodeLive } from './live-packets.js';

const keyTimes = (packets: readonly { isKey: boolean; ptsUs: number }[] | undefined) =>
  packets?.filter(({ isKey }) => isKey).map(({ ptsUs }) => ptsUs);

describe('LiveEncoder', () => {
  it('makes one packet of each picture, in order, decoded when it is shown', () =>
    expectBalanced(async () => {
      const { packets } = await encodeLive(30);
      expect(packets[0]?.map(({ ptsUs, dtsUs }) => [ptsUs, dtsUs])).toEqual(
        Array.from({ length: 30 }, (_, i) => [i * 40_000, i * 40_000]),
      );
    }));

  it('puts key frames at multiples of the segment in every rendition, and nowhere else', () =>
    expectBalanced(async () => {
      const renditions = [{}, { height: 24, bitrate: 50_000 }, { height: 16 }];
      const { packets, tracks } = await encodeLive(110, { segmentMs: 1000, renditions });
      for (const i of [0, 1, 2]) expect(keyTimes(packets[i])).toEqual([0, 1e6, 2e6, 3e6, 4e6]);
      expect(tracks.map(({ track }) => `${track.stream.width}×${track.stream.height}`).sort()).toEqual([
        '22×16',
        '32×24',
        '64×48',
      ]);
    }));

  it('takes the first picture after a multiple where none lies on it', () =>
    expectBalanced(async () => {
      const { packets } = await encodeLive(40, { segmentMs: 500 });
      expect(keyTimes(packets[0])).toEqual([0, 520_000, 1_000_000, 1_520_000]);
    }));

  it('takes pictures with odd sides, scaled or not', () =>
    expectBalanced(async () => {
      const size = () => ({ width: 65, height: 47 });
      const { tracks } = await encodeLive(3, { renditions: [{}, { height: 24 }] }, size);
      expect(tracks.map(({ track }) => `${track.stream.width}×${track.stream.height}`).sort()).toEqual([
        '34×24',
        '66×48',
      ]);
    }));

  it('starts anew with a key frame when pictures change their size, and says so before the packet', () =>
    expectBalanced(async () => {
      const { packets, tracks } = await encodeLive(20, {}, (i) =>
        i < 10 ? { width: 64, height: 48 } : { width: 32, height: 32 },
      );
      expect(keyTimes(packets[0])).toEqual([0, 400_000]);
      expect(packets[0]).toHaveLength(20);
      expect(tracks.map(({ track }) => track.stream.width)).toEqual([64, 32]);
      expect(tracks[0]?.track).toMatchObject({
        codec: 'h264',
        stream: { extradataBase64: expect.stringMatching(/^AAAA/) },
      });
    }));

  it('keeps the rate that it was given', () =>
    expectBalanced(async () => {
      const bytes = async (bitrate: number) => {
        const { packets } = await encodeLive(100, { renditions: [{ bitrate }] }, () => ({ width: 320, height: 240 }));
        return packets[0]?.reduce((sum, { data }) => sum + data.length, 0) ?? 0;
      };
      // Four seconds, and a second of buffer.
      expect(await bytes(1_000_000)).toBeLessThan((1_000_000 / 8) * 5);
      expect(await bytes(4_000_000)).toBeGreaterThan((1_000_000 / 8) * 5);
    }));

  it('makes a key frame when asked', () =>
    expectBalanced(async () => {
      const packets: { isKey: boolean; ptsUs: number }[] = [];
      const encoder = new LiveEncoder({
        frameRate: { num: 25, den: 1 },
        onTrack: () => {},
        onPacket: (_, p) => packets.push(p),
      });
      for (let i = 0; i < 6; i++) {
        if (i === 4) encoder.forceKeyFrame();
        const frame = testFrame(i, { width: 64, height: 48 });
        await encoder.write(frame);
        frame.close();
      }
      await encoder.finish();
      expect(keyTimes(packets)).toEqual([0, 160_000]);
    }));

  it('holds no more pictures than it may', () =>
    expectBalanced(async () => {
      const pool = new FramePool({ slots: 3, name: 'test' });
      const encoder = new LiveEncoder({
        frameRate: { num: 25, den: 1 },
        maxFrames: 2,
        renditions: [{}, { height: 24 }],
        onTrack: () => {},
        onPacket: () => {},
      });
      for (let i = 0; i < 20; i++) {
        const frame = await VideoFrame.create(pool, frameProperties(i, { width: 64, height: 48 }));
        await encoder.write(frame);
        expect(encoder.queued).toBeLessThan(2);
        frame.close();
      }
      await encoder.finish();
      expect(encoder.queued).toBe(0);
    }));

  it('closes what waits when it is closed', () =>
    expectBalanced(async () => {
      const encoder = new LiveEncoder({ frameRate: { num: 25, den: 1 }, onTrack: () => {}, onPacket: () => {} });
      const frame = testFrame(0, { width: 64, height: 48 });
      const writing = encoder.write(frame);
      encoder.close();
      await writing;
      frame.close();
    }));

  it('reports an option that the encoder does not have, and closes its frames', () =>
    expectBalanced(async () => {
      const failing = encodeLive(3, { options: { nonsense: '1' } });
      await expect(failing).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    }));

  it.each([
    [{ videoCodec: 'libx999' }, 'ENCODER_UNKNOWN'],
    [{ renditions: [] }, 'OPTION_INVALID'],
    [{ renditions: [{ height: 33 }] }, 'OPTION_INVALID'],
    [{ segmentMs: 0 }, 'OPTION_INVALID'],
  ])('refuses %j', (options, code) => {
    const make = () =>
      new LiveEncoder({ frameRate: { num: 25, den: 1 }, onTrack: () => {}, onPacket: () => {}, ...options });
    expect(make).toThrow(expect.objectContaining({ code }));
  });
});
