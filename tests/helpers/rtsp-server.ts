import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { EncodedPacket } from '../../streams/live/live-types.js';

/** An RTSP server on a free port of this machine, as a camera has one. */
export interface RtspServer {
  readonly url: string;
  /** What clients asked for in `Transport:`, in order. */
  readonly transports: readonly string[];
  close(): Promise<void>;
}

const MAX_PAYLOAD = 1200;
const PAYLOAD_TYPE = 96;
/** RFC 3551, 6. */
const ALAW = 8;

/** What a {@link RtspServer} has besides pictures. */
export interface RtspServerOptions {
  /** Beside the pictures, over TCP only: pieces of G.711 A-law, 8000 Hz, one channel. */
  readonly sound?: readonly EncodedPacket[];
  /** Nobody is let in. */
  readonly refuses?: boolean;
}

/** Sends pictures of H.264 in Annex B at once to whoever asks for them, over TCP or UDP, and hangs up a moment later. */
export async function rtspServer(
  pictures: readonly EncodedPacket[],
  { sound = [], refuses = false }: RtspServerOptions = {},
): Promise<RtspServer> {
  const transports: string[] = [];
  const packets = [...pictures, ...sound].sort((a, b) => a.dtsUs - b.dtsUs);
  const sockets = new Set<Socket>();
  const datagrams = createSocket('udp4');
  await new Promise<void>((resolve) => datagrams.bind(0, '127.0.0.1', resolve));
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let waiting = '';
    let send: Send = () => {};
    socket.on('data', (bytes) => {
      waiting += bytes.toString('latin1');
      for (let end = waiting.indexOf('\r\n\r\n'); end >= 0; end = waiting.indexOf('\r\n\r\n')) {
        const request = waiting.slice(0, end);
        waiting = waiting.slice(end + 4);
        const transport = /^Transport: *(.*)$/im.exec(request)?.[1];
        if (transport !== undefined) {
          transports.push(transport);
          send = sender(transport, socket, datagrams);
        }
        if (refuses) {
          socket.write(refusalOf(request));
          continue;
        }
        socket.write(answerTo(request, transport, datagrams, sound.length > 0));
        if (request.startsWith('PLAY'))
          socket.once(
            'close',
            play(packets, send, () => socket.end()),
          );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/camera`,
    transports,
    close: async () => {
      // Once all are gone, nobody sends datagrams any more.
      const gone = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await gone;
      await new Promise<void>((resolve) => datagrams.close(resolve));
    },
  };
}

type Send = (packet: Buffer, kind: EncodedPacket['kind']) => void;

function sender(transport: string, socket: Socket, datagrams: Datagrams): Send {
  const port = /client_port=(\d+)/.exec(transport)?.[1];
  if (port !== undefined) return (packet) => datagrams.send(packet, Number(port), '127.0.0.1');
  return (packet, kind) => {
    const channel = kind === 'video' ? 0 : 2;
    const header = Buffer.of(0x24, channel, packet.length >> 8, packet.length & 0xff);
    socket.write(Buffer.concat([header, packet]));
  };
}

const sequenceOf = (request: string): string => `CSeq: ${/^CSeq: *(\d+)/im.exec(request)?.[1]}`;

const refusalOf = (request: string): string =>
  ['RTSP/1.0 401 Unauthorized', sequenceOf(request), 'WWW-Authenticate: Basic realm="camera"', '', ''].join('\r\n');

function answerTo(request: string, transport: string | undefined, datagrams: Datagrams, hasSound: boolean): string {
  const lines = ['RTSP/1.0 200 OK', sequenceOf(request)];
  const port = datagrams.address().port;
  if (request.startsWith('OPTIONS')) lines.push('Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN');
  if (transport !== undefined) {
    const ours = transport.includes('client_port') ? `;server_port=${port}-${port + 1}` : '';
    lines.push(`Transport: ${transport.split(',')[0]}${ours}`, 'Session: 1');
  }
  if (!request.startsWith('DESCRIBE')) return `${lines.join('\r\n')}\r\n\r\n`;
  const description = [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=camera',
    't=0 0',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    `a=rtpmap:${PAYLOAD_TYPE} H264/90000`,
    `a=fmtp:${PAYLOAD_TYPE} packetization-mode=1`,
    'a=control:track1',
    ...(hasSound ? ['m=audio 0 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000', 'a=control:track2'] : []),
    '',
  ].join('\r\n');
  lines.push('Content-Type: application/sdp', `Content-Length: ${description.length}`);
  return `${lines.join('\r\n')}\r\n\r\n${description}`;
}

/** A picture a turn, so that datagrams find room. @returns what stops it. */
function play(packets: readonly EncodedPacket[], send: Send, done: () => void): () => void {
  const sequences = { video: 0, audio: 0 };
  let next = 0;
  const timer = setInterval(() => {
    const packet = packets[next++];
    if (packet === undefined) {
      clearInterval(timer);
      done();
      return;
    }
    const { kind, ptsUs } = packet;
    const data = Buffer.from(packet.data);
    const payloads = kind === 'video' ? nalUnits(data).flatMap(payloadsOf) : [data];
    const ticks = kind === 'video' ? Math.round(ptsUs * 0.09) + 900_000 : Math.round(ptsUs * 0.008) + 80_000;
    payloads.forEach((payload, i) => {
      const header = Buffer.alloc(12);
      header.writeUInt8(0x80, 0);
      header.writeUInt8((kind === 'video' ? PAYLOAD_TYPE : ALAW) | (i === payloads.length - 1 ? 0x80 : 0), 1);
      header.writeUInt16BE(sequences[kind]++ & 0xffff, 2);
      header.writeUInt32BE(ticks, 4);
      header.writeUInt32BE(kind === 'video' ? 7 : 8, 8);
      send(Buffer.concat([header, payload]), kind);
    });
  }, 2);
  return () => clearInterval(timer);
}

function nalUnits(data: Buffer): Buffer[] {
  const start = Buffer.of(0, 0, 1);
  const units: Buffer[] = [];
  for (let at = data.indexOf(start); at >= 0; ) {
    const next = data.indexOf(start, at + 3);
    const end = next < 0 ? data.length : data[next - 1] === 0 ? next - 1 : next;
    units.push(data.subarray(at + 3, end));
    at = next;
  }
  return units;
}

/** @see RFC 6184, 5.6 and 5.8 */
function payloadsOf(unit: Buffer): Buffer[] {
  if (unit.length <= MAX_PAYLOAD) return [unit];
  const first = unit.readUInt8(0);
  const pieces: Buffer[] = [];
  for (let at = 1; at < unit.length; at += MAX_PAYLOAD) {
    const flags = (at === 1 ? 0x80 : 0) | (at + MAX_PAYLOAD >= unit.length ? 0x40 : 0);
    const header = Buffer.of((first & 0xe0) | 28, flags | (first & 0x1f));
    pieces.push(Buffer.concat([header, unit.subarray(at, at + MAX_PAYLOAD)]));
  }
  return pieces;
}
