import { randomFillSync } from 'node:crypto';
import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { drawStamp } from '../../../bench/live/stamp.js';
import { Viewer } from '../../../bench/live/viewer.js';
import { colorize } from '../../../operators/colorize/colorize.js';
import { consumeFrames, FramePool, VideoFrame, type VideoSample } from '../../../pipeline/index.js';
import { LiveEncoder } from '../../../streams/live/outputs/live-encoder.js';
import { frameProperties } from '../../helpers/frames.js';

const [WIDTH, HEIGHT] = [1280, 720];
const stampOf = (picture: number) => ({ takenMs: 1_234_567 + 33 * picture, picture });

/** Black and white pictures with noise that changes, each with its stamp. */
function stamped(count: number): Observable<VideoSample> {
  const pool = new FramePool({ slots: 16, name: 'stamped' });
  return new Observable((subscriber) => {
    const run = async (): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const frame = await VideoFrame.create(pool, frameProperties(i, { width: WIDTH, height: HEIGHT }));
        const luma = frame.plane(0) as Uint8Array;
        luma.fill(40 + 3 * i);
        luma.set(randomFillSync(new Uint8Array((WIDTH * HEIGHT) / 4)));
        frame.plane(1).fill(128);
        frame.plane(2).fill(128);
        drawStamp({ data: luma, stride: WIDTH, width: WIDTH, height: HEIGHT }, stampOf(i));
        subscriber.next({ frame, meta: {} });
      }
      subscriber.complete();
    };
    run().catch((error: unknown) => subscriber.error(error));
  });
}

/** Encodes pictures as the server does, and what a viewer makes of it. */
async function seen(pictures: Observable<VideoSample>, bitrate: number) {
  const viewer = new Viewer(0, 30);
  const encoder = new LiveEncoder({
    frameRate: { num: 30, den: 1 },
    renditions: [{ bitrate }],
    onTrack: (_, { stream }) => {
      const data = Buffer.from(stream.extradataBase64 ?? '', 'base64');
      viewer.take({ kind: 'video-header', data, ptsUs: 0, arrivedMs: 0 });
    },
    onPacket: (_, { data, ptsUs }) => viewer.take({ kind: 'video', data: Buffer.from(data), ptsUs, arrivedMs: 0 }),
  });
  await consumeFrames(pictures, ({ frame }) => encoder.write(frame));
  await encoder.finish();
  const { pictures: found, unreadable } = viewer.report();
  return { stamps: found.map(({ takenMs, picture }) => ({ takenMs, picture })), unreadable };
}

describe('the stamp of a picture', () => {
  it('survives H.264 at 1 Mbit/s, whatever is below it', async () => {
    const expected = Array.from({ length: 30 }, (_, i) => stampOf(i));
    expect(await seen(stamped(30), 1_000_000)).toEqual({ stamps: expected, unreadable: 0 });
  });

  it('survives being coloured', async () => {
    const expected = Array.from({ length: 6 }, (_, i) => stampOf(i));
    expect(await seen(stamped(6).pipe(colorize()), 2_800_000)).toEqual({ stamps: expected, unreadable: 0 });
  });
});
