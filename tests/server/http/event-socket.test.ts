import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { get } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Subject } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { sendToSocket } from '../../../server/http/event-socket.js';
import type { StreamEvent } from '../../../server/http/stream-registry.js';
import { HandClock } from '../../helpers/hand-clock.js';
import { type ServeHttpOptions, serveHttp } from '../../helpers/http-app.js';

const TOKEN = '0123456789abcde/';
const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function serve(options: ServeHttpOptions = {}) {
  const served = await serveHttp(options);
  apps.push(served.app);
  return served;
}

/** Opens a WebSocket; gives the status, the protocol, and the text of its first message. */
async function open(port: number, path: string, headers: Record<string, string> = {}, opened = () => {}) {
  return await new Promise<{ status: number | undefined; protocol?: unknown; text?: string }>((resolve, reject) => {
    const key = randomBytes(16).toString('base64');
    const upgrade = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
    };
    const request = get({ host: '127.0.0.1', port, path, headers: { ...upgrade, ...headers } }, (response) => {
      response.resume();
      resolve({ status: response.statusCode });
    });
    request.on('upgrade', (response, socket: Socket, head) => {
      const first = (data: Buffer): void => {
        socket.destroy();
        // Short texts: two bytes of header.
        const text = data.subarray(2, 2 + (data[1] ?? 0)).toString();
        resolve({ status: response.statusCode, protocol: response.headers['sec-websocket-protocol'], text });
      };
      if (head.length > 0) first(head);
      else socket.once('data', first);
      opened();
    });
    request.on('error', reject);
  });
}

describe('events over a WebSocket', () => {
  it('are JSON texts', async () => {
    const { listen, events } = await serve();
    const opened = () => {
      events.next({ type: 'state', stream: 'other', data: 1 });
      events.next({ type: 'metadata', stream: 'cam1', data: { ptsUs: 40_000 } });
    };
    const port = await listen();
    const one = await open(port, '/api/streams/cam1/socket', {}, opened);
    expect(JSON.parse(one.text ?? '')).toEqual({ type: 'metadata', stream: 'cam1', data: { ptsUs: 40_000 } });
    const all = await open(port, '/api/socket', {}, opened);
    expect(JSON.parse(all.text ?? '')).toEqual({ type: 'state', stream: 'other', data: 1 });
  });

  it('are for those who have the token, in a header or, percent-encoded, in a protocol', async () => {
    const { listen, events } = await serve({ token: TOKEN });
    const port = await listen();
    const path = '/api/socket';
    const opened = () => events.next({ type: 'state', stream: 'cam1', data: 1 });
    const protocols = (token: string) => ({
      origin: 'https://www.example.com',
      'sec-websocket-protocol': `vitascope, vitascope.bearer.${token}`,
    });
    expect(await open(port, path)).toEqual({ status: 401 });
    expect(await open(port, `${path}?token=${encodeURIComponent(TOKEN)}`)).toEqual({ status: 401 });
    for (const wrong of ['', 'x', '%E0%A4%A', TOKEN.slice(0, -1)])
      expect(await open(port, path, protocols(wrong))).toEqual({ status: 401 });
    const byProtocol = await open(port, path, protocols(encodeURIComponent(TOKEN)), opened);
    expect(byProtocol).toMatchObject({ status: 101, protocol: 'vitascope' });
    const byHeader = await open(port, path, { authorization: `Bearer ${TOKEN}` }, opened);
    expect(byHeader).toMatchObject({ status: 101, protocol: undefined });
  });

  it('are, without a token, for pages of this server and for this machine only', async () => {
    const { listen, events } = await serve();
    const port = await listen();
    const opened = () => events.next({ type: 'state', stream: 'cam1', data: 1 });
    const status = async (headers: Record<string, string>) =>
      (await open(port, '/api/streams/cam1/socket', headers, opened)).status;
    expect(await status({ origin: `http://127.0.0.1:${port}` })).toBe(101);
    expect(await status({ origin: `http://127.0.0.1:${port + 1}` })).toBe(403);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({ origin: 'null' })).toBe(403);
    expect(await status({ host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
  });

  it('are refused where there is no such stream, and to plain requests', async () => {
    const { app, listen } = await serve();
    expect(await open(await listen(), '/api/streams/cam2/socket')).toEqual({ status: 404 });
    const plain = await app.inject('/api/socket');
    expect([plain.statusCode, plain.headers.upgrade]).toEqual([426, 'websocket']);
  });

  it('end with the server, also for those who do not say goodbye', async () => {
    const clock = new HandClock();
    const { app, listen } = await serve({ clock });
    const port = await listen();
    let closed: Promise<unknown> | undefined;
    const answer = await open(port, '/api/socket', {}, () => {
      closed = app.close();
    });
    // The first thing to come is the goodbye: status 1001.
    expect(answer.text).toBe('\u0003\ufffd');
    clock.turn(1000);
    await closed;
  });
});

/** A WebSocket that notes what is done with it. */
class FakeSocket extends EventEmitter {
  bufferedAmount = 0;
  readonly done: string[] = [];
  send = (text: string) => this.done.push(text);
  ping = () => this.done.push('ping');
  pong = () => this.done.push('pong');
  close = (code: number) => this.done.push(`close ${code}`);
  terminate = () => {
    this.done.push('terminate');
    this.emit('close');
  };
}

function sending() {
  const socket = new FakeSocket();
  const clock = new HandClock();
  const events = new Subject<StreamEvent>();
  sendToSocket(socket as unknown as WebSocket, events, clock);
  const send = (data: number) => events.next({ type: 'state', stream: 'cam1', data });
  return { socket, clock, events, send };
}

describe('a client of the WebSocket', () => {
  it('gets fewer messages while it is slow', () => {
    const { socket, send } = sending();
    send(1);
    socket.bufferedAmount = 1_000_001;
    send(2);
    socket.emit('ping', Buffer.alloc(0));
    socket.bufferedAmount = 1_000_000;
    send(3);
    expect(socket.done.map((text) => JSON.parse(text).data)).toEqual([1, 3]);
  });

  it('is cut off when it does not answer', () => {
    const { socket, clock, events } = sending();
    clock.turn(15_000);
    socket.emit('pong');
    clock.turn(15_000);
    expect(socket.done).toEqual(['ping', 'ping']);
    clock.turn(15_000);
    expect(socket.done).toEqual(['ping', 'ping', 'terminate']);
    expect([events.observed, clock.nextInMs]).toEqual([false, undefined]);
  });

  it('is answered when it asks whether anybody is there, and told when there is nothing more', () => {
    const { socket, events } = sending();
    socket.emit('ping', Buffer.alloc(0));
    events.complete();
    expect(socket.done).toEqual(['pong', 'close 1001']);
  });
});
