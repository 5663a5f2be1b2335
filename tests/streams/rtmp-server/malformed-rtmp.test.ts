import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amf, message, RtmpClient } from '../../helpers/rtmp-client.js';
import { type RtmpServerProcess, rtmpServerProcess } from '../../helpers/rtmp-server-process.js';

// One server for all of it: what it survives, it survives together.
let server: RtmpServerProcess;
let port = 0;
let names = 0;

beforeAll(async () => {
  server = await rtmpServerProcess();
  port = server.ports.rtmp;
});

afterAll(() => server.clean());

async function memory(): Promise<number> {
  return (await server.stats()).rss;
}

async function expectItServes(): Promise<void> {
  const publisher = await RtmpClient.publishing(port, 'fine');
  const player = await RtmpClient.playing(port, 'fine');
  publisher.videoHeader();
  publisher.picture(0, true, 5_000);
  await player.until('Z'.repeat(5_000));
  publisher.socket.destroy();
  player.socket.destroy();
}

/** Sends what a client should not, and waits until the server has read it or hung up. */
async function attack(bytes: Buffer, stage: 'none' | 'handshake' | 'publishing'): Promise<void> {
  const client = await RtmpClient.connect(port);
  if (stage !== 'none') client.handshake();
  if (stage === 'publishing') {
    client.command('connect', 1, { app: 'live', tcUrl: 'rtmp://h/live' });
    client.command('publish', 3, null, `fuzz${client.socket.localPort}`, 'live');
    await client.until('NetStream.Publish.Start');
  }
  client.socket.end(bytes);
  await client.closed;
}

function drained({ socket }: RtmpClient): Promise<void> {
  return new Promise((resolve) => {
    socket.removeAllListeners('drain').once('drain', () => resolve());
  });
}

const stages = fc.constantFrom('none', 'handshake', 'publishing') as fc.Arbitrary<'none' | 'handshake' | 'publishing'>;
const typed = fc
  .tuple(fc.integer({ min: 2, max: 63 }), fc.integer({ min: 0, max: 22 }), fc.uint8Array({ maxLength: 100 }))
  .map(([chunkStream, type, data]) => message(chunkStream, type, 0, Buffer.from(data)));

describe('malformed RTMP', () => {
  it('of random bytes and random messages, at any time, ends the connection and nothing else', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 3_000 }).map((data) => Buffer.from(data)),
      fc.array(typed, { minLength: 1, maxLength: 5 }).map((messages) => Buffer.concat(messages)),
    );
    await fc.assert(fc.asyncProperty(bytes, stages, attack), { numRuns: 300, endOnFailure: true });
    await expectItServes();
    expect(server.printed()).toBe('');
  });

  const control = (type: number, value: number) => {
    const data = Buffer.alloc(4);
    data.writeUInt32BE(value);
    return message(2, type, 0, data);
  };
  const head = (chunkStream: number, type: number, length: number) => {
    const bytes = message(chunkStream, type, 0, Buffer.alloc(0));
    bytes.writeUIntBE(length, 4, 3);
    return bytes;
  };

  it.each([
    ['a chunk size of 0', control(1, 0)],
    ['a chunk size of 4 GiB', control(1, 0xffffffff)],
    ['a control message cut short', message(2, 1, 0, Buffer.from([0]))],
    ['a control message of nothing', Buffer.concat([message(2, 1, 0, Buffer.alloc(0)), Buffer.alloc(20)])],
    ['a picture of 16 MiB', Buffer.concat([head(6, 9, 0xffffff), Buffer.alloc(128)])],
    ['metadata of 1 MiB', Buffer.concat([head(6, 18, 0x100000), Buffer.alloc(128)])],
    [
      'a message inside another',
      Buffer.concat([head(6, 9, 1_000), Buffer.alloc(128), head(6, 9, 2_000), Buffer.alloc(128)]),
    ],
    ['a chunk stream that begins in the middle', Buffer.from([0xc0 | 9, 0, 0, 0])],
    ['AMF0 nested without end', message(3, 20, 0, Buffer.alloc(10_000, Buffer.from([10, 0, 0, 0, 1])))],
    ['metadata that say nothing', message(6, 18, 0, amf('onMetaData'))],
    ['a second publish', message(3, 20, 0, amf('publish', 9, null, 'other', 'live'))],
  ])('%s makes the server hang up', async (_, bytes) => {
    names += 1;
    const client = await RtmpClient.publishing(port, `cam${names}`);
    expect(client.has('NetStream.Publish.Start')).toBe(true);
    client.socket.write(bytes);
    await client.closed;
    await expectItServes();
  });

  it('hangs up on who does not shake hands like RTMP', async () => {
    const client = await RtmpClient.connect(port);
    client.socket.write('GET / HTTP/1.1\r\n\r\n');
    await client.closed;
  });

  it('takes next to no memory for messages that are announced and not sent', async () => {
    const before = await memory();
    const clients = await Promise.all(Array.from({ length: 50 }, (_, i) => RtmpClient.publishing(port, `cam${i}`)));
    for (const client of clients) {
      for (let stream = 5; stream < 40; stream += 1) client.socket.write(head(stream, 9, 1_900_000));
    }
    await Promise.all(clients.map(({ closed }) => closed));
    expect((await memory()) - before).toBeLessThan(250 * 1024 * 1024);
    await expectItServes();
  });

  it('of clients that ask and never read cannot fill the memory', async () => {
    const client = await RtmpClient.ready(port);
    client.socket.pause();
    const command = message(3, 20, 0, amf('createStream', 2, null));
    const flood = Buffer.concat(Array.from({ length: 2_000 }, () => command));
    while (client.socket.writable) {
      if (!client.socket.write(flood)) await Promise.race([drained(client), client.closed]);
    }
    await expectItServes();
  });
});

describe('stopping', () => {
  it('leaves nothing that keeps the process alive, nothing printed and no folder', async () => {
    const publisher = await RtmpClient.publishing(port, 'cam1');
    const player = await RtmpClient.playing(port, 'cam1');
    const end = await server.stop();
    await Promise.all([publisher.closed, player.closed]);
    expect(end).toEqual({ exit: [0, null], printed: '', files: [] });
  });
});
