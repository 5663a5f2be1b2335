import { once } from 'node:events';
import { createRequire } from 'node:module';
import { afterEach, expect, it, vi } from 'vitest';
import type { StreamRequest } from '../../../streams/rtmp-server/index.js';
import { response, rtmpServers } from './rtmp-servers.js';

const start = rtmpServers();
const { WebSocket } = createRequire(createRequire(import.meta.url).resolve('node-media-server'))('ws') as {
  WebSocket: new (url: string) => NodeJS.EventEmitter & { terminate(): void };
};

afterEach(() => vi.restoreAllMocks());

it('what clients say in the query reaches the decision, and neither events, sessions, figures nor the log', async () => {
  const printed = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write'), vi.spyOn(console, 'log')];
  const asked: StreamRequest[] = [];
  const { publish, play, http, until, server, events, ready } = await start({
    limits: { maxWidth: 100 },
    authorize: (request) => {
      asked.push(request);
      return request.query.key === 'S3CRET' ? { ok: true, internal: true } : { ok: false, reason: 'wrong key' };
    },
  });
  const query = 'key=S3CRET&internal=S3CRET';
  const publisher = await publish(`cam1.out?${query}`);
  await publish(`cam1.out?${query}`);
  await publish('cam2?key=S3CRETx');
  await publish('cam3', `live?${query}`);
  await play(`cam1.out?${query}`);
  await play('cam1.out?key=S3CRETx');
  (await ready()).command('publish', 3, null, `../x?${query}`, 'live');
  publisher.videoHeader();
  publisher.picture(0, true, 100);
  await until('publish-codecs');
  (await response(`${http}/live/cam1.out.flv?${query}`)).resume();
  (await response(`${http}/live/cam1.out.flv?key=S3CRETx`)).resume();
  const socket = new WebSocket(`${http.replace('http', 'ws')}/live/cam1.out.flv?${query}`);
  await once(socket, 'message');
  const sessions = JSON.stringify([server.sessions(), server.metrics()]);
  socket.terminate();
  publisher.socket.destroy();
  await until('publish-stop');
  await until('play-stop');
  await until('refused', 5);
  expect(asked.filter(({ query: { key } }) => key === 'S3CRET')).toHaveLength(6);
  expect(asked[0]).toEqual({
    action: 'publish',
    path: 'live/cam1.out',
    query: { key: 'S3CRET', internal: 'S3CRET' },
    ip: '127.0.0.1',
    protocol: 'rtmp',
  });
  expect(sessions).toContain('live/cam1.out');
  expect(sessions + JSON.stringify(events)).not.toContain('S3CRET');
  expect(printed.flatMap(({ mock }) => mock.calls).join()).not.toContain('S3CRET');
});
