import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Authorize,
  RtmpServer,
  type RtmpServerEvent,
  type RtmpServerOptions,
} from '../../../streams/rtmp-server/index.js';
import { RtmpClient } from '../../helpers/rtmp-client.js';

const everybody: Authorize = () => ({ ok: true });
let server: RtmpServer | undefined;
const clients: RtmpClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy();
  await server?.stop();
  server = undefined;
});

async function start(options: Partial<RtmpServerOptions> = {}) {
  const started = await RtmpServer.start({ rtmpPort: 0, httpPort: 0, authorize: everybody, ...options });
  server = started;
  const events: RtmpServerEvent[] = [];
  started.events.subscribe((event) => events.push(event));
  const until = (kind: RtmpServerEvent['kind']) =>
    new Promise<RtmpServerEvent>((resolve) => {
      const known = events.find((event) => event.kind === kind);
      if (known !== undefined) return resolve(known);
      started.events.subscribe((event) => event.kind === kind && resolve(event));
    });
  const port = started.ports.rtmp;
  const keep = (client: RtmpClient): RtmpClient => {
    clients.push(client);
    return client;
  };
  return {
    server: started,
    events,
    until,
    port,
    http: `http://127.0.0.1:${started.ports.http}`,
    publish: async (name: string, app?: string) => keep(await RtmpClient.publishing(port, name, app)),
    play: async (name: string, app?: string) => keep(await RtmpClient.playing(port, name, app)),
    ready: async () => keep(await RtmpClient.ready(port)),
    raw: async () => keep(await RtmpClient.connect(port)),
  };
}

async function response(url: string): Promise<IncomingMessage> {
  const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
  answer.on('error', () => undefined);
  return answer;
}

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

  it('ends above the size of pictures', async () => {
    const { publish, until } = await start({ limits: { maxPixels: 160 * 127 } });
    const publisher = await publish('cam1');
    publisher.media(9, 0, Buffer.from('1700000000' + '0142c00bffe1' + '0008' + '6742c00bda0a1190', 'hex'));
    await publisher.closed;
    expect(await until('publish-stop')).toMatchObject({
      reason: 'publishes pictures of 160×128, at most 20320 pixels are allowed',
    });
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

describe('playing', () => {
  it('may lead to another path', async () => {
    const { publish, play } = await start({
      authorize: ({ action, path }) => (action === 'play' ? { ok: true, path: `${path}.out` } : { ok: true }),
    });
    const publisher = await publish('cam1.out');
    publisher.videoHeader();
    publisher.picture(0, true, 3_000);
    await (await play('cam1')).untilBytes(3_000);
  });

  it('ends when no publisher comes', async () => {
    const { play, until } = await start({ limits: { playersWaitMs: 100 } });
    const player = await play('cam1');
    await player.closed;
    expect(await until('play-stop')).toMatchObject({ reason: 'there is no publisher' });
  });

  it('is refused above the limit of players', async () => {
    const { play } = await start({ limits: { maxPlayersPerStream: 1 } });
    await play('cam1');
    const second = await play('cam1');
    await second.closed;
    expect(second.has('live/cam1 has 1 players already')).toBe(true);
  });

  it('too slowly costs packets, then the connection, and nobody else anything', async () => {
    // As fast as the machine can send, for as long as the slow one is borne.
    const limits = { maxQueueBytes: 400_000, slowPlayerMs: 200, maxBitrate: 1e12 };
    const { publish, play, until, server } = await start({ limits });
    const publisher = await publish('cam1');
    const slow = await play('cam1');
    const fast = await play('cam1');
    const stopped = until('play-stop');
    slow.socket.pause();
    publisher.videoHeader();
    let sent = 0;
    let most = 0;
    let gone = false;
    void stopped.then(() => {
      gone = true;
    });
    while (!gone) {
      publisher.picture(sent, sent % 10 === 0, 50_000);
      sent += 1;
      await fast.untilBytes(sent * 50_000);
      for (const { queuedBytes } of server.sessions()) most = Math.max(most, queuedBytes);
    }
    const { session } = (await stopped) as Extract<RtmpServerEvent, { kind: 'play-stop' }>;
    expect(session.packetsDropped).toBeGreaterThan(0);
    expect(most).toBeGreaterThan(200_000);
    expect(most).toBeLessThanOrEqual(400_000);
    expect(server.metrics().slowPlayers).toBe(1);
    expect(server.sessions().filter(({ action }) => action === 'play')).toMatchObject([{ packetsDropped: 0 }]);
  });
});

describe('HTTP-FLV', () => {
  it('plays', async () => {
    const { publish, http, until } = await start();
    const publisher = await publish('cam1');
    publisher.videoHeader();
    publisher.picture(0, true, 3_000);
    await until('publish-codecs');
    const answer = await response(`${http}/live/cam1.flv`);
    expect(answer.headers).toMatchObject({ 'content-type': 'video/x-flv', 'cache-control': 'no-store' });
    const bytes: Buffer[] = [];
    for await (const part of answer) {
      bytes.push(part as Buffer);
      if (Buffer.concat(bytes).length > 3_000) break;
    }
    expect(Buffer.concat(bytes).toString('latin1', 0, 3)).toBe('FLV');
  });

  it('plays over a WebSocket', async () => {
    const { publish, http, until } = await start();
    const publisher = await publish('cam1');
    publisher.videoHeader();
    publisher.picture(0, true, 3_000);
    await until('publish-codecs');
    const require = createRequire(createRequire(import.meta.url).resolve('node-media-server'));
    const { WebSocket } = require('ws') as {
      WebSocket: new (url: string) => NodeJS.EventEmitter & { terminate(): void };
    };
    const socket = new WebSocket(`${http.replace('http', 'ws')}/live/cam1.flv`);
    const [first] = (await once(socket, 'message')) as [Buffer];
    expect(first.toString('latin1', 0, 3)).toBe('FLV');
    socket.terminate();
    expect(await until('play-stop')).toMatchObject({ session: { protocol: 'ws-flv' } });
  });

  it.each([
    ['/live/secret.flv', 403],
    ['/live/..%2f.flv', 404],
    ['/admin', 404],
    ['/api/v1/streams', 404],
  ])('answers %s with %i', async (path, status) => {
    const { http } = await start({ authorize: () => ({ ok: false, reason: 'no' }) });
    const answer = await response(http + path);
    answer.resume();
    expect(answer.statusCode).toBe(status);
  });
});

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

describe('RTMPS', () => {
  it('is RTMP over TLS, and who speaks it without TLS is closed', async () => {
    const pem = (name: string) =>
      readFile(new URL(`../../../node_modules/node-media-server/bin/${name}.pem`, import.meta.url));
    const rtmps = { port: 0, key: await pem('key'), cert: await pem('cert') };
    const { server, until, events } = await start({ rtmps });
    const client = await RtmpClient.connectTls(server.ports.rtmps ?? 0);
    clients.push(client);
    client.handshake();
    client.command('connect', 1, { app: 'live', tcUrl: 'rtmps://127.0.0.1/live' });
    client.command('publish', 3, null, 'cam1', 'live');
    await client.until('NetStream.Publish.Start');
    expect(await until('publish-start')).toMatchObject({ session: { protocol: 'rtmps' } });
    const plain = await RtmpClient.connect(server.ports.rtmps ?? 0);
    plain.handshake();
    await plain.closed;
    expect(events).toHaveLength(1);
  });

  it('refuses keys that are none', async () => {
    const rtmps = { port: 0, key: 'no key', cert: 'no certificate' };
    await expect(RtmpServer.start({ rtmpPort: 0, rtmps, authorize: everybody })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });
});

describe('starting', () => {
  it('says which port is taken, and opens none', async () => {
    const { server } = await start();
    const taken = server.ports.http ?? 0;
    await expect(RtmpServer.start({ rtmpPort: 0, httpPort: taken, authorize: everybody })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      context: { port: taken },
    });
  });

  it('refuses limits that are none', async () => {
    const limits = { handshakeMs: 0 };
    await expect(RtmpServer.start({ rtmpPort: 0, authorize: everybody, limits })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });

  it('works twice in one process, each with its own streams', async () => {
    const { publish, server } = await start();
    await publish('cam1');
    const other = await RtmpServer.start({ rtmpPort: 0, authorize: everybody });
    const publisher = await RtmpClient.publishing(other.ports.rtmp, 'cam1');
    expect(publisher.has('Publish.Start')).toBe(true);
    await other.stop();
    expect(server.sessions()).toHaveLength(1);
  });
});
