import { get } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { MOST_EVENT_CLIENTS } from '../../../server/http/event-clients.js';
import { type ServedHttp, serveHttp } from '../../helpers/http-app.js';
import { eventually } from '../../helpers/media-server.js';

let served: ServedHttp | undefined;
const clients: { destroy(): void }[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await served?.app.close();
});

/** Asks, and stays connected; gives the status. */
function ask(port: number, path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const client = get({ host: '127.0.0.1', port, path, headers, agent: false }, ({ statusCode }) =>
      resolve(statusCode),
    );
    client.on('upgrade', ({ statusCode }, socket) => {
      clients.push(socket);
      resolve(statusCode);
    });
    client.on('error', reject);
    clients.push(client);
  });
}

const upgrade = {
  connection: 'upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

describe('clients of events', () => {
  it('are only so many at once, by HTTP and WebSockets together, and others go on', async () => {
    served = await serveHttp();
    const port = await served.listen();
    expect(await ask(port, '/api/socket', upgrade)).toBe(101);
    const more = Array.from({ length: MOST_EVENT_CLIENTS - 1 }, () => ask(port, '/api/events'));
    expect(new Set(await Promise.all(more))).toEqual(new Set([200]));
    for (const path of ['/api/events', '/api/streams/cam1/events']) expect(await ask(port, path)).toBe(503);
    for (const path of ['/api/socket', '/api/streams/cam1/socket']) expect(await ask(port, path, upgrade)).toBe(503);
    expect(await ask(port, '/api/streams')).toBe(200);
    // The first is the WebSocket, and what it was asked for with.
    for (const client of clients.splice(0, 2)) client.destroy();
    await eventually(
      () => ask(port, '/api/events'),
      (status) => status === 200,
    );
  });
});
