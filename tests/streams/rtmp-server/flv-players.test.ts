import { once } from 'node:events';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { response, rtmpServers } from './rtmp-servers.js';

const start = rtmpServers();

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
