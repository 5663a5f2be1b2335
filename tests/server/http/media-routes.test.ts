import { get, request as httpRequest } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { FlvMedia } from '../../../server/http/http-app-options.js';
import type { HlsRequest, HlsResponse, HlsStream } from '../../../streams/hls/hls-stream.js';
import { HandClock } from '../../helpers/hand-clock.js';
import { type ServeHttpOptions, serveHttp } from '../../helpers/http-app.js';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

type Handle = (request: HlsRequest, signal?: AbortSignal) => Promise<HlsResponse>;

function answer(text: string, type: string, cacheControl: string): HlsResponse {
  const body = Buffer.from(text);
  const headers = { 'content-type': type, 'cache-control': cacheControl, 'content-length': String(body.length) };
  return { status: 200, headers, body };
}

const playlist = async () => answer('#EXTM3U\nmain/media.m3u8\n', 'application/vnd.apple.mpegurl', 'no-cache');

async function serve({ handle = playlist as Handle, ...options }: ServeHttpOptions & { handle?: Handle } = {}) {
  const asked: HlsRequest[] = [];
  const viewers: unknown[] = [];
  const stream = {
    handle: (request: HlsRequest, signal?: AbortSignal) => {
      asked.push(request);
      return handle(request, signal);
    },
  };
  const served = await serveHttp({
    ...options,
    streams: {
      hls: (name) => (name === 'cam1' ? (stream as unknown as HlsStream) : undefined),
      refusesViewer: async (name, query, ip) => {
        viewers.push([name, { ...query }, ip]);
        return query.key === 'wrong' ? { status: 403, reason: 'wrong key' } : undefined;
      },
      ...options.streams,
    },
  });
  apps.push(served.app);
  return { ...served, asked, viewers };
}

const flv: FlvMedia = {
  serveFlv: (request, response) => {
    response.end(`flv of ${request.url}`);
    return true;
  },
  upgradeFlv: (request, socket) => {
    socket.end(
      `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\nx-flv: ${request.url}\r\n\r\n`,
    );
    return true;
  },
};

describe('HLS over HTTP', () => {
  it('asks the stream for what is below its name', async () => {
    const { app, asked, viewers } = await serve();
    const reply = await app.inject('/hls/cam1/index.m3u8');
    expect([reply.statusCode, reply.body]).toEqual([200, '#EXTM3U\nmain/media.m3u8\n']);
    expect(reply.headers).toMatchObject({
      'content-type': 'application/vnd.apple.mpegurl',
      'cache-control': 'no-cache',
    });
    await app.inject('/hls/cam1/main/media.m3u8?_HLS_msn=3&_HLS_part=1');
    expect(asked.map(({ path, query }) => [path, String(query)])).toEqual([
      ['index.m3u8', ''],
      ['main/media.m3u8', '_HLS_msn=3&_HLS_part=1'],
    ]);
    expect(viewers[1]).toEqual(['cam1', { _HLS_msn: '3', _HLS_part: '1' }, '127.0.0.1']);
  });

  it('wants no token, and lets nobody in whom the stream refuses', async () => {
    const { app, asked } = await serve({ token: '0123456789abcdef' });
    expect((await app.inject({ url: '/hls/cam1/index.m3u8', headers: { host: 'video.example' } })).statusCode).toBe(
      200,
    );
    const refused = await app.inject('/hls/cam1/index.m3u8?key=wrong&key=right');
    expect([refused.statusCode, refused.json()]).toEqual([403, { code: 'FORBIDDEN', message: 'wrong key' }]);
    expect(asked).toHaveLength(1);
  });

  it('tells viewers whose address was refused too often when to come again', async () => {
    const refusesViewer = async () =>
      ({ status: 429, reason: 'too many viewers were refused', retryAfterS: 41 }) as const;
    const { app, asked } = await serve({ streams: { refusesViewer } });
    const reply = await app.inject('/hls/cam1/index.m3u8?key=right');
    expect([reply.statusCode, reply.headers['retry-after'], asked.length]).toEqual([429, '41', 0]);
    expect(reply.json()).toEqual({ code: 'RATE_LIMITED', message: 'too many viewers were refused' });
  });

  it('hands the key of a playlist on, and keeps what has one from shared caches', async () => {
    const { app } = await serve();
    const reply = await app.inject('/hls/cam1/index.m3u8?key=abc&_HLS_msn=1');
    expect(reply.body).toBe('#EXTM3U\nmain/media.m3u8?key=abc\n');
    expect(reply.headers).toMatchObject({ 'cache-control': 'private, no-cache', 'content-length': '32' });
  });

  it('leaves media with a key as they are, but for caches', async () => {
    const media = async () => answer('URI="a"\nb', 'video/mp4', 'public, max-age=3600, immutable');
    const { app } = await serve({ handle: media });
    const reply = await app.inject('/hls/cam1/main/a.m4s?expires=1&sig=x');
    expect([reply.body, reply.headers['cache-control']]).toEqual(['URI="a"\nb', 'private, max-age=3600, immutable']);
    expect((await app.inject('/hls/cam1/main/a.m4s')).headers['cache-control']).toBe('public, max-age=3600, immutable');
  });

  it.each(['/hls/cam2/index.m3u8', '/hls/..%2Fcam1/index.m3u8', '/hls/cam1/a/b/c', '/hls/cam1', '/hls/cam1/'])(
    'answers 404 to %s',
    async (url) => {
      const reply = await (await serve({ handle: async () => ({ ...(await playlist()), status: 404 }) })).app.inject(
        url,
      );
      expect(reply.statusCode).toBe(404);
    },
  );

  it('is not read under names of others where there is no token', async () => {
    const { app, asked } = await serve();
    const reply = await app.inject({ url: '/hls/cam1/index.m3u8', headers: { host: 'evil.example' } });
    expect([reply.statusCode, asked.length]).toEqual([403, 0]);
  });

  it('is read by pages of others only where the configuration says so', async () => {
    const own = await (await serve()).app.inject('/hls/cam1/index.m3u8');
    expect(own.headers).not.toHaveProperty('access-control-allow-origin');
    expect(own.headers['cross-origin-resource-policy']).toBe('same-origin');
    const origin = 'https://www.example.com';
    const allowed = await (await serve({ allowOrigin: origin })).app.inject('/hls/cam1/index.m3u8');
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'cross-origin-resource-policy': 'cross-origin',
    });
  });

  it('is not limited as the API is', async () => {
    const { app } = await serve({ limits: { requestsPerMinute: 1 } });
    const replies = [await app.inject('/hls/cam1/index.m3u8'), await app.inject('/hls/cam1/index.m3u8')];
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  });

  it('stops waiting when the viewer goes', async () => {
    let gone = (): void => {};
    const aborted = new Promise<void>((resolve) => {
      gone = resolve;
    });
    let leave = (): void => {};
    const handle: Handle = (_, signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          gone();
          reject(signal.reason as Error);
        });
        leave();
      });
    const { app, listen, lines } = await serve({ handle });
    const request = get({ host: '127.0.0.1', port: await listen(), path: '/hls/cam1/main/media.m3u8' });
    request.on('error', () => undefined);
    leave = () => request.destroy();
    await aborted;
    await app.close();
    expect(lines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it('cuts off who takes an answer for ever to read', async () => {
    const clock = new HandClock();
    const large = async () => answer('x'.repeat(64_000_000), 'video/mp4', 'no-cache');
    const { listen } = await serve({ handle: large, clock });
    const port = await listen();
    const ended = await new Promise<string>((resolve) => {
      const request = get({ host: '127.0.0.1', port, path: '/hls/cam1/main/a.m4s' }, (response) => {
        response
          .pause()
          .on('error', () => resolve('cut off'))
          .on('end', () => resolve('whole'));
        clock.turn(30_000);
        response.resume();
      });
      request.on('error', () => resolve('cut off'));
    });
    expect(ended).toBe('cut off');
  });
});

describe('FLV on the same port', () => {
  it.each(['/live/cam1.flv', '/live/cam1.out.flv?key=abc'])('serves %s', async (url) => {
    const { app } = await serve({ media: flv, token: '0123456789abcdef' });
    expect((await app.inject(url)).body).toBe(`flv of ${url}`);
  });

  it('is read by pages of others only where the configuration says so', async () => {
    const origin = async (allowOrigin: string | null) =>
      (await (await serve({ media: flv, allowOrigin })).app.inject('/live/cam1.flv')).headers[
        'access-control-allow-origin'
      ];
    expect([await origin(null), await origin('*')]).toEqual([undefined, '*']);
  });

  it('is not there without an RTMP server', async () => {
    const { app } = await serve();
    expect((await app.inject('/live/cam1.flv')).statusCode).toBe(404);
  });

  it('is not served under names of others where there is no token', async () => {
    const { app } = await serve({ media: flv });
    expect((await app.inject({ url: '/live/cam1.flv', headers: { host: 'evil.example' } })).statusCode).toBe(403);
  });

  it.each([
    ['a player', {}, null, 101],
    ['a page of this server', { origin: 'http://127.0.0.1:PORT' }, null, 101],
    ['a page of another server', { origin: 'https://evil.example' }, null, 403],
    ['a page of an origin that is allowed', { origin: 'https://www.example.com' }, 'https://www.example.com', 101],
    ['a name of others', { host: 'evil.example' }, null, 403],
  ])('over a WebSocket, asked by %s', async (_, headers: Record<string, string>, allowOrigin, status) => {
    const { listen } = await serve({ media: flv, allowOrigin });
    const port = await listen();
    const own = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, v.replace('PORT', String(port))]));
    const path = '/live/cam1.flv?key=k';
    const reply = await new Promise<{ status: number | undefined; flv: unknown }>((resolve, reject) => {
      const upgrade = { connection: 'upgrade', upgrade: 'websocket' };
      const request = httpRequest({ host: '127.0.0.1', port, path, headers: { ...upgrade, ...own } });
      request.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve({ status: response.statusCode, flv: response.headers['x-flv'] });
      });
      request.on('response', ({ statusCode }) => resolve({ status: statusCode, flv: undefined }));
      request.on('error', reject).end();
    });
    expect(reply).toEqual({ status, flv: status === 101 ? path : undefined });
  });
});
