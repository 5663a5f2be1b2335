import { AV_PIX_FMT_GRAY8, AV_PIX_FMT_GRAY10LE, type AVPixelFormat } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { describe, expect, it } from 'vitest';
import { pixelFormats, type VideoFrame } from '../../../pipeline/index.js';
import { copyFromAv, copyGrayFromAv, copyToAv } from '../../../streams/libav/picture-copy.js';
import { avPixelFormats } from '../../../streams/libav/pixel-formats.js';
import { testFrame } from '../../helpers/frames.js';

/** Planes that follow each other without gaps, planes with gaps between them, and odd sides. */
const sizes = [
  [64, 32],
  [72, 34],
  [33, 17],
] as const;

describe('picture copy', () => {
  for (const pixelFormat of pixelFormats) {
    it.each(sizes)(`brings ${pixelFormat} of %i×%i into an AVFrame and back`, (width, height) => {
      const original = noise(testFrame(0, { pixelFormat, width, height }));
      const returned = testFrame(1, { pixelFormat, width, height });
      const av = avPicture(avPixelFormats[pixelFormat], width, height);
      copyToAv(original, av);
      copyFromAv(av, returned);
      expect(samples(returned)).toEqual(samples(original));
      closeAll(av, original, returned);
    });
  }

  it.each([
    ['yuv420p', AV_PIX_FMT_GRAY8, 128],
    ['yuv420p10', AV_PIX_FMT_GRAY10LE, 512],
  ] as const)('brings grey pictures into %s with neutral chroma', (pixelFormat, grayFormat, neutral) => {
    for (const [width, height] of sizes) {
      const av = avPicture(grayFormat, width, height);
      const [luma] = av.data ?? [];
      luma?.fill(3);
      const frame = noise(testFrame(0, { pixelFormat, width, height }));
      copyGrayFromAv(av, frame);
      const [y, cb, cr] = samples(frame);
      expect(new Set(y)).toEqual(new Set([frame.bitDepth === 8 ? 3 : 0x303]));
      expect(new Set([...(cb ?? []), ...(cr ?? [])])).toEqual(new Set([neutral]));
      closeAll(av, frame);
    }
  });

  it('sees what the slot holds now, not what it held at the copy before', () => {
    const frame = noise(testFrame(0, { width: 64, height: 32 }));
    const av = avPicture(avPixelFormats.yuv420p, 64, 32);
    copyToAv(frame, av);
    frame.plane(1).fill(77);
    copyToAv(frame, av);
    expect(av.data?.[1]?.[0]).toBe(77);
    closeAll(av, frame);
  });
});

function noise(frame: VideoFrame): VideoFrame {
  for (const plane of [0, 1, 2] as const) {
    const data = frame.plane(plane);
    for (let i = 0; i < data.length; i++) data[i] = (i * 31 + plane * 7) % 251;
  }
  return frame;
}

function samples(frame: VideoFrame): number[][] {
  return ([0, 1, 2] as const).map((plane) => [...frame.plane(plane)]);
}

function avPicture(format: AVPixelFormat, width: number, height: number): Frame {
  const av = new Frame();
  av.alloc();
  av.width = width;
  av.height = height;
  av.format = format;
  av.getBuffer(0);
  return av;
}

function closeAll(av: Frame, ...frames: VideoFrame[]): void {
  av.free();
  for (const frame of frames) frame.close();
}
