import { describe, expect, it } from 'vitest';
import { FramePool } from '../../pipeline/frame-pool.js';
import { settle } from '../helpers/frames.js';

describe('FramePool', () => {
  it('gives out as many slots as it has, and counts what it refuses as dropped', () => {
    const pool = new FramePool({ slots: 2 });
    expect(pool.tryAcquire(10)).toBeDefined();
    expect(pool.tryAcquire(10)).toBeDefined();
    expect(pool.tryAcquire(10)).toBeUndefined();
    expect(pool).toMatchObject({ inUse: 2, peak: 2, dropped: 1 });
  });

  it('gives a slot again once it is released, with its memory', () => {
    const pool = new FramePool({ slots: 1 });
    const first = pool.tryAcquire(10);
    first?.release();
    expect(pool.inUse).toBe(0);
    expect(pool.tryAcquire(8)?.buffer).toBe(first?.buffer);
  });

  it('allocates anew when a picture is larger than the memory it kept', () => {
    const pool = new FramePool({ slots: 1 });
    pool.tryAcquire(10)?.release();
    expect(pool.tryAcquire(11)?.buffer.byteLength).toBe(11);
  });

  it('counts a slot as released once, however often it is', () => {
    const pool = new FramePool({ slots: 2 });
    const slot = pool.tryAcquire(10);
    pool.tryAcquire(10);
    slot?.release();
    slot?.release();
    expect(pool.inUse).toBe(1);
  });

  it('serves those that wait in the order they came', async () => {
    const pool = new FramePool({ slots: 1 });
    const held = await pool.acquire(10);
    const served: string[] = [];
    const first = pool.acquire(10).then((slot) => {
      served.push('first');
      slot.release();
    });
    const second = pool.acquire(20).then((slot) => {
      served.push('second');
      expect(slot.buffer.byteLength).toBe(20);
      slot.release();
    });
    await settle();
    expect(served).toEqual([]);
    held.release();
    await Promise.all([first, second]);
    expect(served).toEqual(['first', 'second']);
    expect(pool.inUse).toBe(0);
  });

  it('drops rather than overtakes those that wait', async () => {
    const pool = new FramePool({ slots: 1 });
    const held = await pool.acquire(10);
    const waiting = pool.acquire(10);
    held.release();
    expect(pool.tryAcquire(10)).toBeUndefined();
    (await waiting).release();
    expect(pool.tryAcquire(10)).toBeDefined();
  });

  it('stops waiting when the signal aborts, with its reason, and keeps the place of the others', async () => {
    const pool = new FramePool({ slots: 1 });
    const held = await pool.acquire(10);
    const abort = new AbortController();
    const given = pool.acquire(10, abort.signal);
    const patient = pool.acquire(10);
    abort.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    held.release();
    (await patient).release();
    expect(pool.inUse).toBe(0);
  });

  it('does not wait at all when the signal has aborted before', async () => {
    const pool = new FramePool({ slots: 1 });
    await expect(pool.acquire(10, AbortSignal.abort('gone'))).rejects.toBe('gone');
    expect(pool.inUse).toBe(0);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses to have %s slots', (slots) => {
    expect(() => new FramePool({ slots })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it('lets pictures in by its policy: an archive waits, a live stream drops at the input and counts', async () => {
    const live = new FramePool({ slots: 1, policy: 'drop' });
    expect(await live.admit(10)).toBeDefined();
    expect([await live.admit(10), live.dropped]).toEqual([undefined, 1]);

    const archive = new FramePool({ slots: 1 });
    const held = await archive.admit(10);
    const next = archive.admit(10);
    held?.release();
    expect([(await next) === undefined, archive.dropped]).toEqual([false, 0]);
  });

  it('says how crowded it was where producers do not wait', () => {
    const live = new FramePool({ slots: 4, policy: 'drop' });
    const slots = [1, 2, 3].map(() => live.tryAcquire(16));
    expect(slots.map((slot) => slot?.crowding)).toEqual([0.25, 0.5, 0.75]);
    const film = new FramePool({ slots: 1 });
    expect(film.tryAcquire(16)?.crowding).toBe(0);
  });
});
