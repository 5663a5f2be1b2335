import { describe, expect, it } from 'vitest';
import { consumeFrames, ledger } from '../../../pipeline/index.js';
import { openFile } from '../../../streams/file/open-file.js';
import { audioOnlyFile, h264Clip } from '../../fixtures/media.js';

describe('openFile', () => {
  it('decodes anew for each subscription', async () => {
    const film = await openFile(await h264Clip({ frames: 12 }));
    for (let i = 0; i < 2; i++) {
      const indexes: number[] = [];
      await consumeFrames(film.video, async ({ frame }) => {
        indexes.push(frame.index);
      });
      expect(indexes).toEqual(Array.from({ length: 12 }, (_, n) => n));
    }
  });

  it('waits for slow operators and loses nothing, with no more frames open than it has slots', async () => {
    const film = await openFile(await h264Clip({ frames: 24 }), { slots: 2 });
    let most = 0;
    let count = 0;
    await consumeFrames(film.video, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      most = Math.max(most, ledger.balance);
      count++;
    });
    expect([count, most <= 2, film.report.dropped]).toEqual([24, true, 0]);
  });

  it('drops at the input and counts it, when told that nothing may wait', async () => {
    const film = await openFile(await h264Clip({ frames: 24 }), { slots: 1, policy: 'drop' });
    const indexes: number[] = [];
    let release = (): void => undefined;
    const firstIsHeld = new Promise<void>((resolve) => {
      release = resolve;
    });
    const done = consumeFrames(film.video, async ({ frame }) => {
      indexes.push(frame.index);
      await firstIsHeld;
    });
    while (film.report.dropped < 23) await new Promise((resolve) => setImmediate(resolve));
    release();
    await done;
    expect([indexes, film.report.dropped]).toEqual([[0], 23]);
  });

  it('fails when video is wanted of a file that has none, and says so beforehand', async () => {
    const film = await openFile(await audioOnlyFile());
    expect(film.info.video).toBeUndefined();
    await expect(consumeFrames(film.video, async () => undefined)).rejects.toMatchObject({ code: 'INPUT_NO_VIDEO' });
  });

  it('stops the decoder and closes what is open when it is left', async () => {
    const open = ledger.balance;
    const film = await openFile(await h264Clip({ frames: 48 }));
    await new Promise<void>((resolve) => {
      const subscription = film.video.subscribe(({ frame }) => {
        frame.close();
        subscription.unsubscribe();
        resolve();
      });
    });
    while (ledger.balance !== open) await new Promise((resolve) => setImmediate(resolve));
    expect(ledger.balance).toBe(open);
  });
});
