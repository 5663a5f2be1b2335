import { describe, expect, it } from 'vitest';
import { rtmpServers } from './rtmp-servers.js';

const start = rtmpServers();
const header160x128 = Buffer.from('1700000000' + '0142c00bffe1' + '0008' + '6742c00bda0a1190', 'hex');

describe('a publisher', () => {
  it('ends when nothing comes any more', async () => {
    const { publish, until } = await start({ limits: { publisherIdleMs: 100 } });
    const publisher = await publish('cam1');
    await publisher.closed;
    expect(await until('publish-stop')).toMatchObject({ reason: 'nothing came for 100 ms' });
  });

  it('ends above the bit rate', async () => {
    const { publish, until } = await start({ limits: { maxBitrate: 80_000 } });
    const publisher = await publish('cam1');
    publisher.videoHeader();
    publisher.picture(0, true, 60_000);
    await publisher.closed;
    expect(await until('publish-stop')).toMatchObject({ reason: 'publishes more than 80000 bit/s' });
  });

  it.each([
    [{ maxPixels: 160 * 127 }, 'publishes pictures of 160×128, at most 20320 pixels are allowed'],
    [{ maxWidth: 159 }, 'publishes pictures of 160×128, at most 159×4096 are allowed'],
    [{ maxHeight: 127 }, 'publishes pictures of 160×128, at most 4096×127 are allowed'],
  ])('ends above the size of pictures, and is told so: %j', async (limits, reason) => {
    const { publish, until } = await start({ limits });
    const publisher = await publish('cam1');
    publisher.media(9, 0, header160x128);
    await publisher.closed;
    expect(await until('publish-stop')).toMatchObject({ reason });
    expect(publisher.has(reason.replaceAll('×', 'x'))).toBe(true);
  });

  it('may send pictures as large as allowed', async () => {
    const { publish, until } = await start({ limits: { maxPixels: 160 * 128, maxWidth: 160, maxHeight: 128 } });
    (await publish('cam1')).media(9, 0, header160x128);
    expect(await until('publish-codecs')).toMatchObject({ session: { codecs: { width: 160, height: 128 } } });
  });

  it('ends when a larger picture is announced in mid-stream', async () => {
    const { publish, until } = await start({ limits: { maxWidth: 159 } });
    const publisher = await publish('cam1');
    publisher.videoHeader();
    publisher.picture(0, true, 100);
    publisher.media(9, 40, header160x128);
    await publisher.closed;
    expect(await until('publish-stop')).toMatchObject({ reason: expect.stringContaining('160×128') });
  });

  it('ends above the rate of pictures, and is told so', async () => {
    const { publish, until, server } = await start({ limits: { maxFrameRate: 12.5 }, now: () => 0 });
    const publisher = await publish('cam1');
    publisher.videoHeader();
    for (let i = 0; i < 126; i += 1) publisher.picture(i, i === 0, 10);
    await publisher.closed;
    expect(await until('publish-stop')).toMatchObject({ reason: 'publishes more than 12.5 pictures a second' });
    expect(publisher.has('publishes more than 12.5 pictures a second')).toBe(true);
    expect(server.sessions()).toEqual([]);
  });

  it('may send what it has kept when it connects, as many sounds as it likes', async () => {
    const { publish, play } = await start({ limits: { maxFrameRate: 12 }, now: () => 0 });
    const publisher = await publish('cam1');
    const player = await play('cam1');
    publisher.videoHeader();
    for (let i = 0; i < 120; i += 1) {
      publisher.picture(i, i === 0, 10);
      publisher.media(8, i, Buffer.from([0xaf, 1, 0x5a]));
      publisher.media(8, i, Buffer.from([0xaf, 1, 0x5a]));
    }
    publisher.media(8, 120, Buffer.from([0xaf, 1, ...Buffer.from('the end')]));
    await player.until('the end');
  });

  it('is measured by limits that were changed while it publishes', async () => {
    const { publish, until, server } = await start();
    const publisher = await publish('cam1');
    publisher.videoHeader();
    await until('publish-codecs');
    server.setLimits({ maxWidth: 100 });
    publisher.media(9, 0, header160x128);
    await publisher.closed;
    expect(await until('publish-stop')).toMatchObject({ reason: expect.stringContaining('100×4096') });
  });

  it('of the server itself has no such limits', async () => {
    const { publish, play, until } = await start({
      limits: { maxWidth: 100, maxFrameRate: 1, maxBitrate: 8 },
      now: () => 0,
      authorize: ({ query }) => ({ ok: true, internal: query.internal === 'mine' }),
    });
    const publisher = await publish('cam1.out?internal=mine');
    const player = await play('cam1.out');
    publisher.media(9, 0, header160x128);
    for (let i = 0; i < 30; i += 1) publisher.picture(i, i === 0, 1_000);
    publisher.media(8, 120, Buffer.from([0xaf, 1, ...Buffer.from('the end')]));
    await player.until('the end');
    expect(await until('publish-start')).toMatchObject({ session: { path: 'live/cam1.out', internal: true } });
  });
});
