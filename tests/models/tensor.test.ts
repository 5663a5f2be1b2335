import { afterEach, describe, expect, it } from 'vitest';
import { planeTensor } from '../../models/tensor.js';
import { FramePool } from '../../pipeline/frame-pool.js';
import { type PixelFormat, unspecifiedColor } from '../../pipeline/picture.js';
import { VideoFrame } from '../../pipeline/video-frame.js';

const frames: VideoFrame[] = [];

async function makeFrame(pixelFormat: PixelFormat, width: number, height: number): Promise<VideoFrame> {
  const frame = await VideoFrame.create(new FramePool({ slots: 1 }), {
    pixelFormat,
    width,
    height,
    sampleAspectRatio: { num: 1, den: 1 },
    color: unspecifiedColor,
    ptsUs: 0,
    durationUs: 0,
    index: 0,
    fieldOrder: 'progressive',
  });
  frames.push(frame);
  return frame;
}

afterEach(() => {
  for (const frame of frames.splice(0)) if (!frame.closed) frame.close();
});

describe('planeTensor', () => {
  it('describes a plane of an 8-bit frame as uint8 [1, 1, height, width] where it lies', async () => {
    const frame = await makeFrame('yuv420p', 7, 5);
    expect(planeTensor(frame, 0)).toEqual({ type: 'uint8', shape: [1, 1, 5, 7], buffer: frame.buffer, byteOffset: 0 });
    expect(planeTensor(frame, 2)).toMatchObject({ shape: [1, 1, 3, 4], byteOffset: frame.planes[2].byteOffset });
  });

  it('describes a plane of a 10-bit frame as uint16', async () => {
    expect(planeTensor(await makeFrame('yuv422p10', 8, 4), 1)).toMatchObject({ type: 'uint16', shape: [1, 1, 4, 4] });
  });

  it('takes another shape with as many elements', async () => {
    expect(planeTensor(await makeFrame('yuv444p', 6, 4), 1, [4, 6]).shape).toEqual([4, 6]);
  });

  it('refuses a shape with another number of elements', async () => {
    const frame = await makeFrame('yuv420p', 8, 4);
    expect(() => planeTensor(frame, 1, [1, 1, 4, 8])).toThrow(
      'planeTensor: a shape for plane 1 needs 8 elements (4×2), got [1,1,4,8]',
    );
  });

  it('refuses a closed frame', async () => {
    const frame = await makeFrame('yuv420p', 8, 4);
    frame.close();
    expect(() => planeTensor(frame, 0)).toThrow('already closed');
  });
});
