import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { RtmpClient } from '../../helpers/rtmp-client.js';
import { response, rtmpServers } from './rtmp-servers.js';
import { secondCertificate, secondKey } from './second-certificate.js';

const start = rtmpServers();

describe('connections', () => {
  it('that do not get to the point are closed', async () => {
    const { raw, events } = await start({ limits: { handshakeMs: 100 } });
    const client = await raw();
    client.socket.write(Buffer.from([3, 0, 0]));
    await client.closed;
    expect(events).toMatchObject([{ kind: 'refused', reason: 'neither published nor played within 100 ms' }]);
  });

  it('above the limit are turned away', async () => {
    const { ready, raw, server } = await start({ limits: { maxConnections: 1 } });
    await ready();
    await (await raw()).closed;
    expect(server.metrics()).toMatchObject({ connections: 1, turnedAway: 1 });
  });

  it('are gone after stop', async () => {
    const { publish, play, server, events } = await start();
    const publisher = await publish('cam1');
    const player = await play('cam1');
    await server.stop();
    await Promise.all([publisher.closed, player.closed]);
    expect(server.sessions()).toEqual([]);
    expect(events.map(({ kind }) => kind)).toEqual(['publish-start', 'play-start', 'publish-stop', 'play-stop']);
  });
});

const outside = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
const noOutside = outside === undefined ? ' (skipped: this machine has no address but its own)' : '';

describe(`connections of one address${noOutside}`, { skip: outside === undefined }, () => {
  const limits = { maxConnectionsPerMinute: 3 };
  const reason = `more than 3 connections a minute from ${outside}`;

  it.each(['0.0.0.0', '::'])('beyond those of a minute are told so, on %s', async (host) => {
    const { port, keep, events, server } = await start({ host, limits });
    const come = async (name: string) => {
      const client = keep(await RtmpClient.ready(port, 'live', outside));
      client.command('publish', 3, null, name, 'live');
      await client.until('NetStream.Publish');
      return client;
    };
    for (const name of ['cam1', 'cam2', 'cam3']) expect((await come(name)).has('Publish.Start')).toBe(true);
    const fourth = await come('cam4');
    await fourth.closed;
    expect(fourth.has(reason)).toBe(true);
    expect(events.at(-1)).toMatchObject({ kind: 'refused', ip: outside, path: 'live/cam4', reason });
    expect(server.metrics()).toMatchObject({ turnedAway: 1, refused: 1 });
    // This machine is not counted.
    for (let i = 0; i < 5; i += 1) keep(await RtmpClient.publishing(port, `here${i}`));
  });

  it('cannot take all the room with being told so', async () => {
    const { port, keep, server } = await start({ host: '0.0.0.0', limits: { maxConnectionsPerMinute: 1 } });
    keep(await RtmpClient.connect(port, outside));
    const all = await Promise.all(Array.from({ length: 60 }, () => RtmpClient.connect(port, outside)));
    const open = all.map(keep).slice(20);
    await Promise.all(open.map(({ closed }) => closed));
    expect(server.metrics()).toMatchObject({ connections: 21, turnedAway: 60 });
  });

  it('are counted before the handshake of TLS, and over HTTP answered with 429', async () => {
    const { server, keep } = await start({
      host: '0.0.0.0',
      limits: { maxConnectionsPerMinute: 1 },
      rtmps: { port: 0, key: secondKey, cert: secondCertificate },
    });
    keep(await RtmpClient.connectTls(server.ports.rtmps ?? 0, outside));
    await expect(RtmpClient.connectTls(server.ports.rtmps ?? 0, outside)).rejects.toThrow();
    const answer = await response(`http://${outside}:${server.ports.http}/live/cam1.flv`);
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '60']);
    expect(String((await answer.toArray())[0])).toContain('more than 1 connections a minute');
  });
});

describe('disconnecting', () => {
  it('closes those who match, tells them why, and leaves the others', async () => {
    const { publish, play, server, until, http } = await start();
    const publisher = await publish('cam1?key=old');
    const player = await play('cam1');
    const over = await response(`${http}/live/cam1.flv`);
    const other = await publish('cam2');
    publisher.videoHeader();
    await until('publish-codecs');
    expect(server.disconnect(({ path }) => path === 'live/cam1', 'the key was changed')).toBe(3);
    await Promise.all([publisher.closed, player.closed, over.resume().toArray()]);
    expect([publisher.has('the key was changed'), player.has('the key was changed')]).toEqual([true, true]);
    expect(await until('publish-stop')).toMatchObject({ reason: 'the key was changed' });
    expect(await until('play-stop', 2)).toMatchObject({ reason: 'the key was changed' });
    expect(server.sessions()).toMatchObject([{ path: 'live/cam2' }]);
    expect(other.socket.destroyed).toBe(false);
    expect(server.disconnect(({ path }) => path === 'live/cam1', 'again')).toBe(0);
    expect((await publish('cam1')).has('NetStream.Publish.Start')).toBe(true);
  });

  it('does not wait for a player that reads nothing', async () => {
    const { publish, play, server, until } = await start({ limits: { maxBitrate: 1e12 } });
    const publisher = await publish('cam1');
    const player = await play('cam1');
    player.socket.pause();
    publisher.videoHeader();
    for (let i = 0; i < 200; i += 1) publisher.picture(i, i === 0, 60_000);
    while ((server.sessions()[1]?.queuedBytes ?? 0) === 0) await new Promise(setImmediate);
    server.disconnect(({ action }) => action === 'play', 'the stream was removed');
    expect(await until('play-stop')).toMatchObject({ reason: 'the stream was removed' });
    while (server.metrics().connections > 1) await new Promise(setImmediate);
  });
});
