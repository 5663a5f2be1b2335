import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaServer } from '../../../server/media-server.js';
import {
  eventually,
  FlvPlayer,
  type FlvTag,
  isGone,
  serveMedia,
  streamWhen,
  TestPublisher,
} from '../../helpers/media-server.js';

/** The server's own stream is a copy, so that packets can be known again by their bytes. */
let server: MediaServer;

beforeAll(async () => {
  server = await serveMedia(`
routes:
  - { path: live/*, graph: copy }
  - { path: made/*, graph: transcode }
`);
}, 150_000);
afterAll(() => server?.close(), 90_000);

const publish = (path: string): Promise<TestPublisher> => TestPublisher.start(server, path);

async function play(path: string): Promise<FlvPlayer> {
  const name = path.slice(path.indexOf('/') + 1);
  await streamWhen(server, name, ({ outputs }) => (outputs[0]?.bytesOut ?? 0) > 10_000);
  return new FlvPlayer(`http://127.0.0.1:${server.ports.http}/${path}.flv`);
}

/** No time goes back, and none is missing for longer than a holding picture takes to come. */
function expectOneTimeline(player: FlvPlayer): void {
  expect(player.ended).toBe(false);
  for (const type of [8, 9]) {
    const times = player.media.filter((tag) => tag.type === type).map(({ timestampMs }) => timestampMs);
    const steps = times.slice(1).map((time, i) => time - (times[i] as number));
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...steps)).toBeLessThan(1500);
  }
}

/** Sound minus picture, milliseconds, each time that the clip began, by the bytes of its first packets. */
function skews(tags: readonly FlvTag[], first: { readonly picture: Buffer; readonly sound: Buffer }): number[] {
  const timesOf = (type: number, data: Buffer): number[] =>
    tags
      .filter((tag) => tag.type === type && tag.data.subarray(5).equals(data.subarray(5)))
      .map(({ timestampMs }) => timestampMs);
  const sounds = timesOf(8, first.sound);
  return timesOf(9, first.picture).flatMap((time) => {
    const near = sounds.find((sound) => Math.abs(sound - time) < 500);
    return near === undefined ? [] : [near - time];
  });
}

describe('viewers stay', () => {
  it.each([5, 20])(
    'while the publisher is away for %i s',
    async (seconds) => {
      const path = `live/away${seconds}`;
      let publisher = await publish(path);
      const player = await play(path);
      // A whole round of the clip, so that its packets are known.
      await eventually(
        () => player.media.length,
        (length) => length > 400,
      );
      const [picture] = player.media.filter(({ type, data }) => type === 9 && (data[0] ?? 0) >> 4 === 1);
      await publisher.stop();
      await streamWhen(server, path.slice(5), ({ words }) => words.includes('viewers see the last picture, held'));
      const heldFrom = player.media.length;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      expect(player.media.length - heldFrom).toBeGreaterThan(seconds * 4);
      const before = player.media.length;
      publisher = await publish(path);
      await eventually(
        () => player.media.length,
        (length) => length > before + 600,
      );
      expectOneTimeline(player);
      const { restarts } = await streamWhen(server, path.slice(5), ({ words }) => words.join() === 'runs');
      expect(restarts).toBe(0);

      const key = picture as FlvTag;
      const sound = player.media.find(
        ({ type, timestampMs }) => type === 8 && timestampMs >= key.timestampMs,
      ) as FlvTag;
      // A slow machine takes its time.
      const apart = await eventually(
        () => skews(player.media, { picture: key.data, sound: sound.data }),
        ({ length }) => length > 3,
      );
      for (const skew of apart) expect(Math.abs(skew - (apart[0] as number))).toBeLessThan(40);
      player.stop();
      await publisher.stop();
    },
    150_000,
  );

  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    'when the process of their stream gets %s',
    async (signal) => {
      const path = `made/${signal}`;
      const publisher = await publish(path);
      const player = await play(path);
      const { pid } = await streamWhen(server, signal, () => true);
      process.kill(pid as number, signal);
      const { words } = await streamWhen(
        server,
        signal,
        ({ restarts, state }) => restarts === 1 && state === 'running',
      );
      expect(words[0]).toContain('runs, after 1 restart');
      expect(isGone(pid)).toBe(true);
      const before = player.media.length;
      await streamWhen(server, signal, (view) => !view.words.includes('viewers see the last picture, held'));
      await eventually(
        () => player.media.length,
        (length) => length > before + 200,
      );
      expectOneTimeline(player);
      const playlist = await (
        await fetch(`http://127.0.0.1:${server.ports.http}/hls/${signal}/main/media.m3u8`)
      ).text();
      expect(playlist).toContain('#EXT-X-DISCONTINUITY\n');
      player.stop();
      await publisher.stop();
    },
    150_000,
  );
});
