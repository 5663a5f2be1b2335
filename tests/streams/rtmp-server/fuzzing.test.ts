import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CountingPlayer, numberedPicture } from '../../helpers/counting-players.js';
import { amf, message, RtmpClient } from '../../helpers/rtmp-client.js';
import { type RtmpServerProcess, rtmpServerProcess } from '../../helpers/rtmp-server-process.js';

let server: RtmpServerProcess;

beforeAll(async () => {
  server = await rtmpServerProcess({ handshakeMs: 500, playersWaitMs: 500, publisherIdleMs: 60_000 });
});

afterAll(() => server.clean());

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((data) => Buffer.from(data));
const chunkStream = fc.oneof(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 64, max: 400 }));
const length = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(0xffffff, 0x200000, 65_536, 128, 129));
const mediaType = fc.constantFrom(8, 9, 18);
const anyType = fc.oneof(mediaType, fc.constantFrom(1, 2, 3, 4, 5, 6, 15, 16, 17, 19, 20, 22), fc.nat(255));

function basicHeader(format: number, id: number): Buffer {
  if (id < 64) return Buffer.from([(format << 6) | id]);
  return id < 320 ? Buffer.from([format << 6, id - 64]) : Buffer.from([(format << 6) | 1, id - 64, (id - 64) >> 8]);
}

/** One chunk of any format, whose message may be announced longer than what comes. */
const chunk = fc
  .record({ format: fc.nat(3), id: chunkStream, time: fc.nat(0xffffff), length, type: anyType, data: bytes(200) })
  .map(({ format, id, time, length: announced, type, data }) => {
    const head = Buffer.alloc(11);
    head.writeUIntBE(time, 0, 3);
    head.writeUIntBE(announced, 3, 3);
    head[6] = type;
    head[7] = 1;
    return Buffer.concat([basicHeader(format, id), head.subarray(0, [11, 7, 3, 0][format]), data]);
  });

/** Two messages of 300 bytes in turns of 128, of which the second may never end. */
const interleaved = fc
  .record({ type: mediaType, other: mediaType, ends: fc.boolean() })
  .map(({ type, other, ends }) => {
    const one = message(6, type, 0, Buffer.alloc(300, 0x17));
    const two = message(7, other, 0, Buffer.alloc(300, 0x27));
    const parts = [one, two].flatMap((all) => [
      all.subarray(0, 12 + 128),
      all.subarray(140, 268),
      all.subarray(268, 312),
    ]);
    const [a, b, c, d, e, f] = parts as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
    const next = (id: number) => Buffer.from([0xc0 | id]);
    return Buffer.concat([a, d, next(6), b, next(7), e, next(6), c, ...(ends ? [next(7), f] : [])]);
  });

const word = (type: number) => (value: number) => {
  const data = Buffer.alloc(4);
  data.writeUInt32BE(value);
  return message(2, type, 0, data);
};
const size = fc.oneof(fc.constantFrom(0, 1, 128, 0xffffff, 0x1000000, 0x7fffffff, 0xffffffff), fc.nat(70_000));
/** Types of AMF0, with and without what must follow. */
const garbage = fc.array(fc.oneof(fc.nat(0x11), fc.nat(255)), { maxLength: 200 }).map((list) => Buffer.from(list));
const commands = fc.constantFrom(
  'connect',
  'createStream',
  'publish',
  'play',
  'deleteStream',
  'FCUnpublish',
  '_result',
);
const value = fc.oneof(
  fc.constant(null),
  fc.double(),
  fc.string({ maxLength: 300 }),
  fc.constant({ app: 'live', tcUrl: 'x' }),
);

const piece = fc.oneof(
  bytes(500),
  chunk,
  interleaved,
  size.map(word(1)),
  fc.nat(70).map(word(2)),
  size.map(word(5)),
  fc.tuple(fc.constantFrom(15, 17, 18, 20), garbage).map(([type, data]) => message(3, type, 0, data)),
  fc.tuple(commands, fc.array(value, { maxLength: 4 })).map(([name, rest]) => message(3, 20, 0, amf(name, 1, ...rest))),
  fc.tuple(mediaType, bytes(300)).map(([type, data]) => message(8, type, 0, data)),
  fc.string({ maxLength: 60 }).map((path) => Buffer.from(`GET /${path}.flv HTTP/1.1\r\nupgrade: websocket\r\n\r\n`)),
);

const attacks = fc.record({
  stage: fc.constantFrom('none', 'halfHandshake', 'handshake', 'connected', 'publishing', 'playing', 'http'),
  handshakeBytes: fc.nat(3_073),
  pieces: fc.array(piece, { maxLength: 6 }),
  cut: fc.nat(1_000),
  end: fc.constantFrom('end', 'destroy', 'leave'),
});

type Attack = typeof attacks extends fc.Arbitrary<infer Value> ? Value : never;

let count = 0;
const left: RtmpClient[] = [];

async function attack({ stage, handshakeBytes, pieces, cut, end }: Attack): Promise<void> {
  count += 1;
  const port = stage === 'http' ? server.ports.http : server.ports.rtmp;
  const client = await RtmpClient.connect(port ?? 0);
  if (stage === 'halfHandshake') client.socket.write(Buffer.alloc(handshakeBytes, 3));
  if (stage === 'handshake') client.handshake();
  if (stage === 'connected' || stage === 'publishing' || stage === 'playing') await client.greet();
  if (stage === 'publishing' || stage === 'playing') {
    client.command(stage === 'publishing' ? 'publish' : 'play', 3, null, `fuzz${count}`, 'live');
    await client.until('NetStream.');
  }
  const all = Buffer.concat(pieces);
  client.socket.write(all.subarray(0, cut));
  // In two packets of the network, as far as anybody can say.
  await new Promise(setImmediate);
  if (client.socket.writable) client.socket.write(all.subarray(cut));
  if (end === 'leave') left.push(client);
  else if (end === 'destroy') client.socket.destroy();
  else client.socket.end();
}

it('malformed RTMP of all kinds disturbs neither a publisher and its players beside it nor the server', async () => {
  const { rtmp, http } = server.ports;
  const publisher = await RtmpClient.publishing(rtmp, 'fine');
  const players = [
    await CountingPlayer.overRtmp(rtmp, 'fine'),
    await CountingPlayer.overHttp(`http://127.0.0.1:${http}/live/fine.flv`),
  ];
  publisher.videoHeader();
  let sent = 0;
  const goesOn = async (): Promise<void> => {
    publisher.media(9, sent * 40, numberedPicture(sent, sent % 25 === 0, 5_000));
    sent += 1;
    await Promise.all(players.map((player) => player.until(sent - 1)));
  };
  await goesOn();
  const before = (await server.stats()).rss;
  const property = fc.asyncProperty(attacks, async (one) => {
    await attack(one);
    await goesOn();
  });
  await fc.assert(property, { numRuns: 600, endOnFailure: true });
  expect((await server.stats()).rss - before).toBeLessThan(150 * 1024 * 1024);
  for (const { numbers } of players) expect(numbers).toEqual(Array.from({ length: sent }, (_, i) => i));
  for (const { socket } of left) socket.destroy();
  while ((await server.stats()).metrics.connections > 3) await goesOn();
  expect((await server.stats()).sessions.map(({ path, packetsDropped }) => [path, packetsDropped])).toEqual(
    Array.from({ length: 3 }, () => ['live/fine', 0]),
  );
  expect(await server.stop()).toEqual({ exit: [0, null], printed: '', files: [] });
  await Promise.all([publisher.closed, ...players.map(({ socket }) => socket.destroyed || once(socket, 'close'))]);
  await expect(once(connect(rtmp, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
