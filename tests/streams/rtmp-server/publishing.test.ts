import { describe, expect, it } from 'vitest';
import { rtmpServers } from './rtmp-servers.js';

const start = rtmpServers();

describe('publishing', () => {
  it('reaches players, and is reported without keys', async () => {
    const { publish, play, server, until } = await start();
    const publisher = await publish('cam1?key=hidden');
    const player = await play('cam1');
    publisher.videoHeader();
    publisher.picture(40, true, 5_000);
    await player.untilBytes(5_000);
    expect(await until('publish-codecs')).toMatchObject({ session: { path: 'live/cam1', codecs: { video: 'h264' } } });
    const sessions = server.sessions();
    expect(sessions).toMatchObject([
      { action: 'publish', path: 'live/cam1', protocol: 'rtmp', ip: '127.0.0.1' },
      { action: 'play', path: 'live/cam1', packetsDropped: 0 },
    ]);
    expect(sessions[0]?.bytesIn).toBeGreaterThan(5_000);
    expect(sessions[1]?.bytesOut).toBeGreaterThan(5_000);
    expect(JSON.stringify(sessions)).not.toContain('hidden');
  });

  it('gives players that come later what there is since the last key frame', async () => {
    const { publish, play, until } = await start();
    const publisher = await publish('cam1');
    publisher.videoHeader();
    publisher.picture(40, true, 5_000);
    publisher.picture(80, false, 1_000);
    await until('publish-codecs');
    await (await play('cam1')).untilBytes(6_000);
  });

  it('is asked about before anything is accepted', async () => {
    const seen: unknown[] = [];
    const { publish, events } = await start({
      authorize: async (request) => {
        seen.push(request);
        return { ok: false, reason: 'wrong key' };
      },
    });
    const publisher = await publish('cam1?key=guess');
    await publisher.closed;
    expect(publisher.has('NetStream.Publish.BadName')).toBe(true);
    expect(publisher.has('wrong key')).toBe(true);
    expect(publisher.has('Publish.Start')).toBe(false);
    expect(seen).toEqual([
      { action: 'publish', path: 'live/cam1', query: { key: 'guess' }, ip: '127.0.0.1', protocol: 'rtmp' },
    ]);
    expect(events).toEqual([
      { kind: 'refused', action: 'publish', path: 'live/cam1', ip: '127.0.0.1', protocol: 'rtmp', reason: 'wrong key' },
    ]);
  });

  it('is refused when the decision fails', async () => {
    const { publish } = await start({ authorize: () => Promise.reject(new Error('database is down')) });
    const publisher = await publish('cam1');
    await publisher.closed;
    expect(publisher.has('Publish.Start')).toBe(false);
    expect(publisher.has('database')).toBe(false);
  });

  it('is refused to a second publisher, and the first goes on', async () => {
    const { publish, play } = await start();
    const first = await publish('cam1');
    const second = await publish('cam1');
    await second.closed;
    expect(second.has('live/cam1 already has a publisher')).toBe(true);
    const player = await play('cam1');
    first.videoHeader();
    first.picture(0, true, 3_000);
    await player.untilBytes(3_000);
  });

  it.each(['../etc', 'a/../b', '%2e%2e', 'x'.repeat(100), 'a\nb', ''])('is refused under the name %j', async (name) => {
    const { ready, events } = await start();
    const client = await ready();
    client.command('publish', 3, null, name, 'live');
    await client.closed;
    expect(client.has('not a valid name')).toBe(true);
    expect(events.map(({ kind }) => kind)).toEqual(['refused']);
  });

  it('goes on for players on their timeline when the publisher comes back', async () => {
    let now = 1_000;
    const { publish, play, until, server } = await start({ now: () => now });
    const first = await publish('cam1');
    const player = await play('cam1');
    first.videoHeader();
    first.picture(10_000, true, 100);
    await player.until('Z'.repeat(100));
    first.socket.destroy();
    await until('publish-stop');
    now += 500;
    const second = await publish('cam1');
    second.picture(0, true, 41);
    // The time of the message, three bytes before its length of 46: 10,000 ms, and half a second of nothing.
    await player.until(Buffer.from([(10_500 >> 8) & 255, 10_500 & 255, 0, 0, 46, 9]).toString('latin1'));
    expect(server.sessions()).toHaveLength(2);
  });
});
