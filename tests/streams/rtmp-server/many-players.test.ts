import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CountingPlayer, numberedPicture } from '../../helpers/counting-players.js';
import { RtmpClient } from '../../helpers/rtmp-client.js';
import { type RtmpServerProcess, rtmpServerProcess } from '../../helpers/rtmp-server-process.js';

const maxQueueBytes = 1024 * 1024;
const pictureBytes = 20_000;
const gop = 25;
let server: RtmpServerProcess;

beforeEach(async () => {
  server = await rtmpServerProcess({ maxQueueBytes, slowPlayerMs: 500 });
});

afterEach(() => server.clean());

const players = (howMany: number, make: () => Promise<CountingPlayer>) =>
  Promise.all(Array.from({ length: howMany }, make));

/** Plays, and reads only when told to. */
async function slowOverRtmp(port: number): Promise<Readable> {
  const { socket } = await RtmpClient.playing(port, 'cam1');
  return socket.removeAllListeners('data').pause();
}

async function slowOverHttp(url: string): Promise<Readable> {
  const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
  return answer.on('error', () => undefined).pause();
}

describe('fifty players of one stream', () => {
  it('of whom five read a kilobyte a second: the others get every packet in order, the five are bounded and cut off', async () => {
    const { rtmp, http } = server.ports;
    const url = `http://127.0.0.1:${http}/live/cam1.flv`;
    const publisher = await RtmpClient.publishing(rtmp, 'cam1');
    const fast = [
      ...(await players(35, () => CountingPlayer.overRtmp(rtmp, 'cam1'))),
      ...(await players(10, () => CountingPlayer.overHttp(url))),
    ];
    const slow = await Promise.all([
      ...Array.from({ length: 3 }, () => slowOverRtmp(rtmp)),
      ...Array.from({ length: 2 }, () => slowOverHttp(url)),
    ]);
    publisher.videoHeader();
    const before = (await server.stats()).rss;
    let sent = 0;
    let mostQueued = 0;
    let mostMemory = 0;
    let gone = 0;
    while (gone < 5) {
      for (let i = 0; i < gop; i += 1, sent += 1) {
        publisher.media(9, sent * 40, numberedPicture(sent, sent % gop === 0, pictureBytes));
      }
      // A second of the stream.
      for (const one of slow) one.read(1_000);
      await Promise.all(fast.map((player) => player.until(sent - 1)));
      const { rss, metrics, sessions } = await server.stats();
      gone = metrics.slowPlayers;
      mostMemory = Math.max(mostMemory, rss - before);
      mostQueued = Math.max(mostQueued, ...sessions.map(({ queuedBytes }) => queuedBytes));
    }
    const { sessions } = await server.stats();
    expect(sessions.filter(({ action }) => action === 'play')).toHaveLength(45);
    expect(sessions.every(({ packetsDropped }) => packetsDropped === 0)).toBe(true);
    const all = Array.from({ length: sent }, (_, i) => i);
    for (const { numbers } of fast) expect(numbers).toEqual(all);
    expect(mostQueued).toBeGreaterThan(maxQueueBytes / 2);
    expect(mostQueued).toBeLessThanOrEqual(maxQueueBytes);
    // Queues of five, the group of pictures twice, and what the collector has not seen yet.
    expect(mostMemory).toBeLessThan(150 * 1024 * 1024);
    for (const { socket } of fast) socket.destroy();
    for (const one of slow) one.destroy();
    publisher.socket.destroy();
  });

  it('who come and go cost nothing that stays', async () => {
    const { rtmp, http } = server.ports;
    const url = `http://127.0.0.1:${http}/live/cam1.flv`;
    const publisher = await RtmpClient.publishing(rtmp, 'cam1');
    publisher.videoHeader();
    let sent = 0;
    const round = async (): Promise<number> => {
      const some = [
        ...(await players(25, () => CountingPlayer.overRtmp(rtmp, 'cam1'))),
        ...(await players(25, () => CountingPlayer.overHttp(url))),
      ];
      for (let i = 0; i < gop; i += 1, sent += 1) {
        publisher.media(9, sent * 40, numberedPicture(sent, i === 0, pictureBytes));
      }
      await Promise.all(some.map((player) => player.until(sent - 1)));
      for (const { socket } of some) socket.destroy();
      return (await server.stats()).rss;
    };
    // What a process takes once and keeps.
    for (let i = 0; i < 4; i += 1) await round();
    const before = await round();
    let after = 0;
    for (let i = 0; i < 10; i += 1) after = await round();
    expect(after - before).toBeLessThan(60 * 1024 * 1024);
    publisher.socket.destroy();
    while ((await server.stats()).metrics.connections > 0) await new Promise(setImmediate);
    expect((await server.stats()).sessions).toEqual([]);
  });
});
