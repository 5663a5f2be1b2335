import { afterEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../helpers/hand-clock.js';
import { type ServedHttp, type ServeHttpOptions, serveHttp } from '../../helpers/http-app.js';

let served: ServedHttp | undefined;
afterEach(async () => await served?.app.close());

async function serve(options: ServeHttpOptions = {}): Promise<ServedHttp> {
  served = await serveHttp(options);
  return served;
}

describe('the log of requests', () => {
  it('tells of those that change something, without queries and headers', async () => {
    const { app, lines } = await serve({ token: '0123456789abcdef' });
    const headers = { authorization: 'Bearer 0123456789abcdef' };
    await app.inject({ method: 'DELETE', url: '/api/sources/cam1?key=SECRET', headers });
    await app.inject({ url: '/api/streams?key=SECRET', headers });
    await app.inject('/hls/cam1/index.m3u8?key=SECRET');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 30, method: 'DELETE', path: '/api/sources/cam1', ip: '127.0.0.1', status: 204 },
    ]);
    expect(lines.join()).not.toMatch(/SECRET|0123456789abcdef/);
  });

  it('tells of all for debugging', async () => {
    const { app, lines } = await serve({ level: 'debug' });
    await app.inject('/api/streams?key=SECRET');
    expect(lines.join()).toContain('"path":"/api/streams"');
    expect(lines.join()).not.toContain('SECRET');
  });

  it('counts those who are refused', async () => {
    const clock = new HandClock();
    const { app, lines } = await serve({ token: '0123456789abcdef', clock });
    for (let i = 0; i < 5; i++) await app.inject('/api/streams');
    expect(lines).toHaveLength(1);
    clock.turn(1000);
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'GET /api/streams from 127.0.0.1 got 401',
      'GET /api/streams from 127.0.0.1 got 401, and 3 more in the last second',
    ]);
  });
});
