import { describe, expect, it } from 'vitest';
import { VideoFrame } from '../../pipeline/video-frame.js';
import { expectBalanced, frameProperties, settle, testFrame, testPool } from '../helpers/frames.js';

describe('VideoFrame', () => {
  it('gives its slot back when the last owner closes it', () =>
    expectBalanced(() => {
      const pool = testPool(1);
      const frame = testFrame(0, {}, pool);
      frame.retain();
      frame.close();
      expect(frame.closed).toBe(false);
      expect(pool.inUse).toBe(1);
      frame.close();
      expect(frame.closed).toBe(true);
      expect(pool.inUse).toBe(0);
    }));

  it('is writable while it has one owner', () => {
    const frame = testFrame();
    expect(frame.writable).toBe(true);
    frame.retain();
    expect(frame.writable).toBe(false);
    frame.close();
    expect(frame.writable).toBe(true);
    frame.close();
    expect(frame.writable).toBe(false);
  });

  it.each([
    ['close', (frame: VideoFrame) => frame.close()],
    ['retain', (frame: VideoFrame) => frame.retain()],
    ['buffer', (frame: VideoFrame) => frame.buffer],
    ['plane', (frame: VideoFrame) => frame.plane(0)],
  ])('refuses %s once it is closed, and says which frame', (_, use) => {
    const frame = testFrame(7);
    frame.close();
    expect(() => use(frame)).toThrow(
      expect.objectContaining({ code: 'FRAME_CLOSED', context: { index: 7, ptsUs: 280_000 } }),
    );
  });

  it('shows its planes without copying them', () => {
    const frame = testFrame(0, { pixelFormat: 'yuv420p', width: 5, height: 3 });
    expect([frame.plane(0), frame.plane(1), frame.plane(2)].map((p) => p.length)).toEqual([15, 6, 6]);
    frame.plane(1)[5] = 99;
    expect(frame.plane(1)[5]).toBe(99);
    expect(frame.plane(1).buffer).toBe(frame.buffer);
    frame.close();
  });

  it('shows ten-bit planes as 16-bit samples', () => {
    const frame = testFrame(0, { pixelFormat: 'yuv444p10', width: 4, height: 2 });
    frame.plane(2)[7] = 1023;
    expect(frame.bitDepth).toBe(10);
    expect(frame.plane(2)).toBeInstanceOf(Uint16Array);
    expect(frame.plane(2)[7]).toBe(1023);
    frame.close();
  });

  it('is not made when its pool has no slot, which the pool counts', () => {
    const pool = testPool(1);
    const frame = testFrame(0, {}, pool);
    expect(VideoFrame.tryCreate(pool, frameProperties(1))).toBeUndefined();
    expect(pool.dropped).toBe(1);
    frame.close();
  });

  it('waits for a slot when asked to', () =>
    expectBalanced(async () => {
      const pool = testPool(1);
      const first = testFrame(0, {}, pool);
      const second = VideoFrame.create(pool, frameProperties(1));
      first.close();
      expect((await second).index).toBe(1);
      (await second).close();
    }));

  it('takes no slot for a picture without size', async () => {
    const pool = testPool(1);
    const impossible = VideoFrame.create(pool, frameProperties(0, { width: 0 }));
    await expect(impossible).rejects.toMatchObject({ code: 'FRAME_FORMAT' });
    expect(pool.inUse).toBe(0);
  });

  it('copies pixels and properties into a frame of its own, with another time if asked', () =>
    expectBalanced(async () => {
      const frame = testFrame(9, { fieldOrder: 'top-first' });
      const twin = await frame.copy(testPool(1), { ptsUs: 123 });
      twin.plane(0)[0] = 0;
      expect(frame.plane(0)[0]).toBe(9);
      expect(twin.plane(0)[1]).toBe(9);
      expect(twin.properties()).toEqual({ ...frame.properties(), ptsUs: 123 });
      frame.close();
      twin.close();
    }));

  it('may be closed while its copy waits for a slot', () =>
    expectBalanced(async () => {
      const pool = testPool(1);
      const frame = testFrame(5, {}, pool);
      const target = testPool(1);
      const blocker = testFrame(0, {}, target);
      const copy = frame.copy(target);
      frame.close();
      await settle();
      blocker.close();
      expect((await copy).plane(0)[0]).toBe(5);
      (await copy).close();
      expect(pool.inUse).toBe(0);
    }));

  it('leaks nothing when a copy is given up', () =>
    expectBalanced(async () => {
      const pool = testPool(1);
      const frame = testFrame(0, {}, pool);
      const abort = new AbortController();
      const copy = frame.copy(pool, {}, abort.signal);
      abort.abort('left');
      await expect(copy).rejects.toBe('left');
      frame.close();
    }));
});
