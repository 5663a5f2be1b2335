import { once } from 'node:events';
import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { VitascopeError } from '../../../pipeline/errors.js';
import { HandClock } from '../../helpers/hand-clock.js';
import { cam, type ServeHttpOptions, serveHttp } from '../../helpers/http-app.js';
import { secondCertificate, secondKey } from '../../streams/rtmp-server/second-certificate.js';

const TOKEN = '0123456789abcdef';
const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function serve(options: ServeHttpOptions = {}) {
  const served = await serveHttp(options);
  apps.push(served.app);
  return served;
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').resume();
  await once(socket, 'connect');
  return socket;
}

describe('the HTTP API', () => {
  it('shows streams and graphs', async () => {
    const { app } = await serve();
    expect((await app.inject('/api/streams')).json()).toEqual([cam]);
    expect((await app.inject('/api/streams/cam1')).json()).toEqual(cam);
    const graphs = (await app.inject('/api/graphs')).json<{ name: string }[]>();
    expect(graphs.map(({ name }) => name)).toContain('colorize');
    const picture = await app.inject('/api/streams/cam1/snapshot.jpg');
    expect(picture.headers['content-type']).toBe('image/jpeg');
    expect([...picture.rawPayload]).toEqual([255, 216]);
  });

  it.each(['/api/streams/cam2', '/api/streams/cam2/snapshot.jpg', '/api/streams/cam2/events', '/nothing'])(
    'answers 404 to %s, as code and message',
    async (url) => {
      const reply = await (await serve()).app.inject(url);
      expect(reply.statusCode).toBe(404);
      expect(reply.json()).toEqual({ code: 'NOT_FOUND', message: expect.any(String) });
    },
  );

  it('asks for the token everywhere but for its health', async () => {
    const { app } = await serve({ token: TOKEN });
    const status = async (url: string, authorization?: string) =>
      (await app.inject({ url, headers: authorization === undefined ? {} : { authorization } })).statusCode;
    for (const url of [
      '/api/streams',
      '/api/events',
      '/api/openapi.json',
      '/metrics',
      '/nothing',
      '/api/sources',
      '/api/socket',
    ])
      expect([await status(url), await status(url, `Bearer ${TOKEN}x`), await status(url, 'Bearer ')]).toEqual([
        401, 401, 401,
      ]);
    expect(await status('/api/streams', `Bearer ${TOKEN}`)).toBe(200);
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200]);
  });

  it('does not answer under names of others when there is no token', async () => {
    const { app } = await serve();
    const reply = await app.inject({ url: '/api/streams', headers: { host: 'evil.example' } });
    expect(reply.json()).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('starts and ends streams that are fetched', async () => {
    const { app, started } = await serve();
    const payload = { name: 'yard', url: 'rtsp://u:p@camera.example/1' };
    const reply = await app.inject({ method: 'POST', url: '/api/sources', payload });
    expect([reply.statusCode, reply.json().name]).toEqual([201, 'yard']);
    expect(started).toEqual([{ ...payload, transport: 'tcp', tlsVerify: true, graph: 'colorize', options: [] }]);
    expect((await app.inject({ method: 'DELETE', url: '/api/sources/cam1' })).statusCode).toBe(204);
    expect((await app.inject({ method: 'DELETE', url: '/api/sources/other' })).statusCode).toBe(404);
  });

  it.each([
    ['an address inside', { name: 'a', url: 'http://169.254.169.254/' }, 403, 'URL_REFUSED'],
    ['a file', { name: 'a', url: 'file:///etc/passwd' }, 403, 'URL_REFUSED'],
    ['an unsafe name', { name: '../a', url: 'rtsp://h/1' }, 400, 'REQUEST_INVALID'],
    ['a path as a graph', { name: 'a', url: 'rtsp://h/1', graph: '/etc/x.yaml' }, 400, 'REQUEST_INVALID'],
    ['an unknown key', { name: 'a', url: 'rtsp://h/1', x: 1 }, 400, 'REQUEST_INVALID'],
    ['a number for a name', { name: 1, url: 'rtsp://h/1' }, 400, 'REQUEST_INVALID'],
    ['a body that is too large', { name: 'a', url: 'x'.repeat(70_000) }, 413, 'BODY_TOO_LARGE'],
  ])('refuses %s', async (_, payload, status, code) => {
    const { app, started } = await serve();
    const reply = await app.inject({ method: 'POST', url: '/api/sources', payload });
    expect([reply.statusCode, reply.json().code]).toEqual([status, code]);
    expect(started).toEqual([]);
  });

  it('takes no bodies that forms can send', async () => {
    const request = { method: 'POST', url: '/api/sources', headers: { 'content-type': 'text/plain' } } as const;
    expect((await (await serve()).app.inject({ ...request, payload: '{}' })).statusCode).toBe(415);
  });

  it('says why a stream cannot start, and nothing about failures inside', async () => {
    const reply = async (error: Error) => {
      const { app, lines } = await serve({ streams: { startSource: () => Promise.reject(error) } });
      const payload = { name: 'a', url: 'rtsp://camera.example/1?key=SECRET' };
      return { answer: await app.inject({ method: 'POST', url: '/api/sources?key=SECRET', payload }), lines };
    };
    const limit = await reply(new VitascopeError('STREAM_LIMIT', 'full'));
    expect([limit.answer.statusCode, limit.answer.json()]).toEqual([503, { code: 'STREAM_LIMIT', message: 'full' }]);
    const inside = await reply(new Error('cannot open rtsp://u:SECRET@h/1'));
    expect(inside.answer.statusCode).toBe(500);
    expect(inside.answer.body + inside.lines.join('')).not.toContain('SECRET');
    expect(inside.lines.join('')).toContain('cannot open');
  });

  it.each([
    ['requests', null, '/api/streams', 200],
    ['guesses at the token', TOKEN, '/api/streams', 401],
    ['requests for nothing', null, '/nothing', 404],
  ])('limits %s', async (_, token, url, status) => {
    const { app } = await serve({ token, limits: { requestsPerMinute: 2 } });
    const replies = [await app.inject(url), await app.inject(url), await app.inject(url)];
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([status, status, 429]);
    expect(replies[2]?.json()).toEqual({ code: 'RATE_LIMITED', message: expect.any(String) });
  });

  it('takes options of a fetched stream', async () => {
    const { app, started } = await serve();
    const payload = { name: 'yard', url: 'rtsp://camera.example/1', graph: 'pose', options: ['pose.every=2'] };
    expect((await app.inject({ method: 'POST', url: '/api/sources', payload })).statusCode).toBe(201);
    expect(started).toMatchObject([payload]);
  });

  it('fetches over UDP, and from those whose certificate is none, when it is told to', async () => {
    const { app, started } = await serve();
    const post = async (more: object) => {
      const payload = { name: 'yard', url: 'rtsps://camera.example/1', ...more };
      return (await app.inject({ method: 'POST', url: '/api/sources', payload })).statusCode;
    };
    expect(await post({ transport: 'udp', tlsVerify: false })).toBe(201);
    expect(started).toMatchObject([{ transport: 'udp', tlsVerify: false }]);
    for (const wrong of [{ transport: 'http' }, { tlsVerify: 'no' }, { caFile: '/etc/passwd' }])
      expect(await post(wrong)).toBe(400);
  });

  it('has only so many connections', async () => {
    const { app, listen } = await serve({ limits: { httpConnections: 2 } });
    const port = await listen();
    const sockets = [await connected(port), await connected(port)];
    const third = await connected(port);
    await once(third, 'close');
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([false, false]);
    for (const socket of sockets) socket.destroy();
    expect(app.server.maxConnections).toBe(2);
  });

  it('changes options of a stream while it runs', async () => {
    const { app, changed } = await serve();
    const patch = async (name: string, payload: object) =>
      await app.inject({ method: 'PATCH', url: `/api/streams/${name}/options`, payload });
    const reply = await patch('cam1', { options: ['colorize.strength=0.5'] });
    expect([reply.statusCode, reply.json()]).toEqual([200, cam]);
    expect(changed).toEqual([['cam1', ['colorize.strength=0.5']]]);
    expect((await patch('cam2', { options: ['colorize.strength=0.5'] })).json()).toMatchObject({ code: 'NOT_FOUND' });
    for (const payload of [{ options: [] }, { options: ['strength'] }, { options: ['a.b=1'], x: 1 }, {}])
      expect((await patch('cam1', payload)).statusCode).toBe(400);
  });

  it('says what is wrong with options', async () => {
    const refuse = () => Promise.reject(new VitascopeError('OPTION_INVALID', 'colorize has no option x'));
    const { app } = await serve({ streams: { setOptions: refuse } });
    const payload = { options: ['colorize.x=1'] };
    const reply = await app.inject({ method: 'PATCH', url: '/api/streams/cam1/options', payload });
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toEqual({ code: 'OPTION_INVALID', message: 'colorize has no option x' });
  });

  it('makes snapshots of a height that is asked for', async () => {
    const heights: unknown[] = [];
    const snapshot = async (_: string, height?: number) => {
      heights.push(height);
      return new Uint8Array([255]);
    };
    const { app } = await serve({ streams: { snapshot } });
    const status = async (query: string) => (await app.inject(`/api/streams/cam1/snapshot.jpg${query}`)).statusCode;
    for (const query of ['', '?height=16', '?height=180', '?height=4320']) expect(await status(query)).toBe(200);
    expect(heights).toEqual([undefined, 16, 180, 4320]);
    for (const height of ['15', '4321', '-1', '1e3', '0180', 'x', '', '10000', '18.5'])
      expect(await status(`?height=${height}`)).toBe(400);
  });

  it('tells a stream without a picture from none', async () => {
    const { app } = await serve({ streams: { snapshot: async () => undefined } });
    const message = async (name: string) => (await app.inject(`/api/streams/${name}/snapshot.jpg`)).json().message;
    expect(await message('cam1')).toBe('stream cam1 has no picture yet');
    expect(await message('cam2')).toBe('there is no stream cam2');
  });

  it('has an OpenAPI document with every path', async () => {
    const document = (await (await serve()).app.inject('/api/openapi.json')).json();
    const paths = Object.entries<Record<string, { summary?: string }>>(document.paths);
    const methods = paths.flatMap(([path, of]) => Object.keys(of).map((method) => `${method} ${path}`));
    expect(methods.sort()).toEqual([
      'delete /api/sources/{name}',
      'get /api/events',
      'get /api/graphs',
      'get /api/openapi.json',
      'get /api/socket',
      'get /api/streams',
      'get /api/streams/{name}',
      'get /api/streams/{name}/events',
      'get /api/streams/{name}/snapshot.jpg',
      'get /api/streams/{name}/socket',
      'get /healthz',
      'get /hls/{name}/{file}',
      'get /hls/{name}/{rendition}/{file}',
      'get /metrics',
      'get /readyz',
      'get /{app}/{name}.flv',
      'patch /api/streams/{name}/options',
      'post /api/sources',
    ]);
    expect(paths.flatMap(([, of]) => Object.values(of)).filter(({ summary }) => !summary)).toEqual([]);
  });

  it('is not ready when the server is not', async () => {
    const { app } = await serve({ streams: { ready: () => false } });
    expect((await app.inject('/readyz')).statusCode).toBe(503);
  });

  it('sends events of one stream as they happen', async () => {
    const { listen, events } = await serve();
    const port = await listen();
    const text = await new Promise<string>((resolve, reject) => {
      const request = get({ port, host: '127.0.0.1', path: '/api/streams/cam1/events' }, (response) => {
        let seen = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          seen += part;
          if (seen === ':\n\n') {
            events.next({ type: 'state', stream: 'other', data: 1 });
            events.next({ type: 'state', stream: 'cam1', data: 2 });
          } else if (seen.includes('data:')) {
            request.destroy();
            resolve(seen);
          }
        });
      });
      request.on('error', reject);
    });
    expect(text).toBe(':\n\nevent: state\ndata: {"stream":"cam1","data":2}\n\n');
  });

  it('keeps the connection of those who wait for events, and ends it when nobody reads', async () => {
    const clock = new HandClock();
    const { listen, events } = await serve({ clock });
    const port = await listen();
    const seen = await new Promise<string>((resolve, reject) => {
      const request = get({ port, host: '127.0.0.1', path: '/api/events' }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
          if (text === ':\n\n') clock.turn(15_000);
          else if (text === ':\n\n:\n\n') {
            response.pause();
            const data = 'x'.repeat(32_000_000);
            events.next({ type: 'state', stream: 'cam1', data });
            events.next({ type: 'state', stream: 'cam1', data: 'left out' });
            clock.turn(15_000);
            clock.turn(15_000);
            response.resume();
          }
        });
        response.on('error', () => resolve(text)).on('end', () => reject(new Error('it ended in good order')));
      });
      request.on('error', reject);
    });
    expect(seen.length).toBeLessThan(32_000_000);
    expect(seen).not.toContain('left out');
    expect([events.observed, clock.nextInMs]).toEqual([false, undefined]);
  });

  it('speaks HTTPS with a certificate', async () => {
    const { app, listen } = await serve({ tls: { key: secondKey, cert: secondCertificate } });
    const port = await listen();
    const status = await new Promise((resolve, reject) => {
      const options = {
        port,
        host: '127.0.0.1',
        path: '/api/streams',
        rejectUnauthorized: false,
        agent: false,
      } as const;
      getSecurely(options, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
    expect([status, app.listeningOrigin]).toEqual([200, `https://127.0.0.1:${port}`]);
  });
});
