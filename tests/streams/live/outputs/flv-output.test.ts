import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { AV_CODEC_ID_MPEG2VIDEO } from 'node-av/constants';
import { afterEach, describe, expect, it } from 'vitest';
import type { EncodedPacket, LiveOutputMetrics, VideoTrack } from '../../../../streams/live/live-types.js';
import { FanOut } from '../../../../streams/live/outputs/fan-out.js';
import { FileOutput } from '../../../../streams/live/outputs/file-output.js';
import { FlvOutput, type FlvOutputOptions } from '../../../../streams/live/outputs/flv-output.js';
import { external } from '../../../helpers/engines.js';
import { workspace } from '../../../helpers/workspace.js';
import { encodeLive, endless, expectPlayable, heavy, type LiveSource, liveSource } from './live-packets.js';

const skip = external === undefined;
const why = skip ? ' (skipped: no ffmpeg is installed)' : '';
const ffmpeg = process.env.FFMPEG_PATH ?? 'ffmpeg';
const KEY = 's3cret-key?token=hush';
const quick = { backOffMs: { first: 20, longest: 50 } };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Feeds packets turn after turn until a condition holds. */
function feedUntil(
  output: { write(packet: EncodedPacket): void },
  packets: Iterator<EncodedPacket>,
  done: () => boolean,
  mayWrite: () => boolean = () => true,
): Promise<void> {
  return new Promise((resolve) => {
    const step = (): void => {
      if (done()) {
        resolve();
        return;
      }
      if (mayWrite()) output.write(packets.next().value);
      setImmediate(step);
    };
    step();
  });
}

const feedAll = async (output: FlvOutput, source: LiveSource): Promise<void> => {
  for (const packet of source.packets) output.write(packet);
};

const reached = (output: { metrics(): LiveOutputMetrics }, state: LiveOutputMetrics['state']): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (output.metrics().state === state) resolve();
      else setImmediate(look);
    };
    look();
  });

describe(`FlvOutput${why}`, { skip }, () => {
  const path = workspace();
  const receivers: ChildProcess[] = [];
  const servers: Server[] = [];
  const outputs: { close(): Promise<void> }[] = [];

  afterEach(async () => {
    for (const output of outputs.splice(0)) await output.close();
    for (const child of receivers.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await new Promise((resolve) => child.once('close', resolve));
      }
    }
    for (const server of servers.splice(0)) server.close();
  });

  /** ffmpeg as an RTMP server for one publisher, which keeps all that it receives, even before a key frame. */
  function receive(port: number, file: string): { child: ChildProcess; ended: Promise<void> } {
    const url = `rtmp://127.0.0.1:${port}/live/x`;
    const args = ['-loglevel', 'error', '-listen', '1', '-f', 'flv', '-i', url, '-c', 'copy', '-copyinkf', '-y', file];
    const child = spawn(ffmpeg, args, { stdio: 'ignore' });
    receivers.push(child);
    return { child, ended: new Promise((resolve) => child.once('close', () => resolve())) };
  }

  function push(port: number, options: Partial<FlvOutputOptions> = {}): FlvOutput {
    const output = new FlvOutput({ url: `rtmp://127.0.0.1:${port}/live/${KEY}`, ...quick, ...options });
    outputs.push(output);
    return output;
  }

  /** A server that does with connections as it is told. */
  async function serve(onSocket: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      onSocket(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  it('publishes pictures and sound that arrive whole and play', async () => {
    const port = await freePort();
    const { ended } = receive(port, path('got.mkv'));
    const source = await liveSource(3);
    const output = push(port);
    await output.open(source.tracks);
    await reached(output, 'open');
    await feedAll(output, source);
    await output.close();
    await ended;
    const { video, audio } = expectPlayable(path('got.mkv'));
    expect(video.packets).toHaveLength(75);
    expect(video.frames).toHaveLength(75);
    expect(audio?.packets.length).toBeGreaterThan(100);
    expect(output.metrics()).toMatchObject({ state: 'closed', packetsDropped: 0, queued: 0 });
    expect(output.metrics().bytesOut).toBeGreaterThan(10_000);
  });

  it('leaves out sound from before the first picture, and nothing else', async () => {
    const port = await freePort();
    const { ended } = receive(port, path('got.mkv'));
    const { tracks, packets } = await liveSource(3);
    const first = packets.find(({ kind }) => kind === 'video') as EncodedPacket;
    const sound = packets.find(({ kind }) => kind === 'audio') as EncodedPacket;
    const early = { ...sound, dtsUs: first.dtsUs - 10_000, ptsUs: first.dtsUs - 10_000 };
    const output = push(port);
    await output.open(tracks);
    await reached(output, 'open');
    for (const packet of [first, early, ...packets.filter((packet) => packet !== first)]) output.write(packet);
    await output.close();
    await ended;
    expect(expectPlayable(path('got.mkv')).video.packets).toHaveLength(75);
    expect(output.metrics()).toMatchObject({ packetsDropped: 0 });
  });

  it('goes on at a key frame with a receiver that was killed and came back', async () => {
    const port = await freePort();
    const source = await liveSource(2);
    const output = push(port);
    const first = receive(port, path('first.mkv'));
    await output.open(source.tracks);
    await reached(output, 'open');
    const packets = endless(source, 2);
    for (let i = 0; i < 20; i++) output.write(packets.next().value);
    first.child.kill('SIGKILL');
    await first.ended;
    await feedUntil(output, packets, () => output.metrics().state !== 'open');
    const second = receive(port, path('second.mkv'));
    await feedUntil(output, packets, () => output.metrics().reconnects > 0);
    for (let i = 0; i < 300; i++) output.write(packets.next().value);
    await output.close();
    await second.ended;
    const { video } = expectPlayable(path('second.mkv'));
    expect(video.packets[0]?.ptsUs).toBeLessThan(1e6);
    expect(output.metrics()).toMatchObject({ reconnects: 1, state: 'closed' });
    expect(output.metrics().trouble).toBeDefined();
  });

  it('gives a new receiver nothing of what waited for the one before', async () => {
    const port = await freePort();
    const source = heavy(await liveSource(2), 100_000);
    const output = push(port);
    const first = receive(port, path('first.flv'));
    await output.open(source.tracks);
    await reached(output, 'open');
    first.child.kill('SIGSTOP');
    const packets = endless(source, 2);
    await feedUntil(output, packets, () => output.metrics().queued > 3);
    first.child.kill('SIGKILL');
    await first.ended;
    await reached(output, 'waiting');
    const second = receive(port, path('second.flv'));
    await reached(output, 'open');
    for (let i = 0; i < 300; i++) output.write(packets.next().value);
    await output.close();
    await second.ended;
    expectPlayable(path('second.flv'));
  });

  it('goes on with new tracks in the same connection', async () => {
    const port = await freePort();
    const { ended } = receive(port, path('got.flv'));
    const [before, after] = [await encodeLive(25), await encodeLive(25, { renditions: [{ height: 24 }] })] as const;
    const output = push(port);
    await output.open(before.tracks.map(({ track }) => track));
    await reached(output, 'open');
    for (const packet of before.packets[0] ?? []) output.write(packet);
    output.tracksChanged(after.tracks.map(({ track }) => track));
    for (const p of after.packets[0] ?? []) output.write({ ...p, ptsUs: p.ptsUs + 1e6, dtsUs: p.dtsUs + 1e6 });
    await output.close();
    await ended;
    const { video } = expectPlayable(path('got.flv'));
    expect(video.frames.map(({ width }) => width)).toEqual([...Array(25).fill(64), ...Array(25).fill(32)]);
    expect(output.metrics().reconnects).toBe(0);
  });

  it('is bounded towards a receiver that stops reading, and other outputs do not notice', async () => {
    const port = await freePort();
    const { child } = receive(port, path('stopped.flv'));
    const source = heavy(await liveSource(1), 100_000);
    const maxBytes = 3_000_000;
    const output = push(port, { maxBytes, stallTimeoutMs: 1e6 });
    const file = new FileOutput({ path: path('recorded.ts') });
    const fan = new FanOut([output, file]);
    outputs.push(fan);
    await fan.open(source.tracks);
    await reached(output, 'open');
    child.kill('SIGSTOP');
    const packets = endless(source, 1);
    // The disk of this machine is not what is tried here.
    const fileKeepsUp = () => file.metrics().queued < 20;
    await feedUntil(fan, packets, () => output.metrics().packetsDropped > 200, fileKeepsUp);
    const kept = output.metrics().queued;
    expect(kept).toBeLessThan(100);
    expect(fan.metrics()[1]).toMatchObject({ state: 'open', packetsDropped: 0 });
    const before = output.metrics().bytesOut;
    child.kill('SIGCONT');
    await feedUntil(fan, packets, () => output.metrics().bytesOut > before + 4 * maxBytes, fileKeepsUp);
    expect(output.metrics()).toMatchObject({ state: 'open', reconnects: 0 });
  });

  it('leaves a receiver that takes nothing for too long, and tries again', async () => {
    const port = await freePort();
    const { child } = receive(port, path('stopped.flv'));
    const source = heavy(await liveSource(1), 100_000);
    const output = push(port, { stallTimeoutMs: 100 });
    await output.open(source.tracks);
    await reached(output, 'open');
    child.kill('SIGSTOP');
    await feedUntil(output, endless(source, 1), () => output.metrics().state !== 'open');
    expect(output.metrics().trouble).toMatch(/takes nothing/);
  });

  it('gives up on servers that say nothing, hang up, or speak something else, and tells no secret', async () => {
    const source = await liveSource(1);
    const behaviours: [(socket: Socket) => void, RegExp][] = [
      [(socket) => socket.resume(), /no answer in time/],
      [(socket) => socket.destroy(), /closed|ECONNRESET|EPIPE/],
      [(socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /does not speak RTMP/],
      [
        (socket) => socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(3072), Buffer.alloc(64, 0xff)])),
        /does not speak RTMP/,
      ],
    ];
    for (const [behaviour, expected] of behaviours) {
      const said: string[] = [];
      const port = await serve(behaviour);
      const heard = new Promise<void>((resolve) => {
        const onTrouble = (error: Error): void => {
          said.push(error.message, String(error.stack), String(error.cause));
          resolve();
        };
        const output = push(port, { connectTimeoutMs: 200, onTrouble });
        void output.open(source.tracks);
        said.push(output.name);
      });
      await heard;
      expect(said.join('\n')).toMatch(expected);
      expect(said.join('\n')).not.toMatch(/s3cret|hush/);
    }
  });

  it('stops at once while it connects', async () => {
    const port = await serve((socket) => socket.resume());
    const output = push(port, { connectTimeoutMs: 1e6 });
    await output.open((await liveSource(1)).tracks);
    await output.close();
    expect(output.metrics().state).toBe('closed');
  });

  it('carries HEVC', async () => {
    const port = await freePort();
    const source = await liveSource(1, { videoCodec: 'libx265' });
    const received: number[] = [];
    // ffmpeg before 6 does not read enhanced RTMP: what is sent is looked at on its way.
    const { ended } = receive(port, path('got.flv'));
    const relay = await serve((socket) => {
      const upstream = connect(port, '127.0.0.1');
      upstream.on('error', () => socket.destroy());
      socket
        .on('data', (bytes) => received.push(bytes.indexOf('hvc1')))
        .pipe(upstream)
        .pipe(socket);
    });
    const output = push(relay);
    await output.open(source.tracks);
    await reached(output, 'open');
    await feedAll(output, source);
    await output.close();
    await ended;
    expect(received.some((at) => at >= 0)).toBe(true);
  });

  it('speaks TLS, and trusts only what it should', async ({ skip: skipNow }) => {
    if (!makeCertificate(path('key.pem'), path('cert.pem'))) return skipNow('no openssl is installed');
    const port = await freePort();
    const { ended } = receive(port, path('got.mkv'));
    const cert = readFileSync(path('cert.pem'));
    const server = createTlsServer({ key: readFileSync(path('key.pem')), cert }, (socket) => {
      const upstream = connect(port, '127.0.0.1');
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
      socket.pipe(upstream).pipe(socket);
    });
    server.on('tlsClientError', () => undefined);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `rtmps://localhost:${(server.address() as AddressInfo).port}/live/${KEY}`;
    const source = await liveSource(1);

    const wary = new Promise<string>((resolve) => {
      const output = push(0, { url, onTrouble: ({ message }) => resolve(message) });
      void output.open(source.tracks);
    });
    expect(await wary).toMatch(/SELF_SIGNED/);

    const output = push(0, { url, tls: { ca: cert } });
    await output.open(source.tracks);
    await reached(output, 'open');
    await feedAll(output, source);
    await output.close();
    await ended;
    expect(expectPlayable(path('got.mkv')).video.packets).toHaveLength(25);
  });

  it('refuses tracks that FLV cannot hold', async () => {
    const [video] = (await liveSource(1)).tracks as [VideoTrack];
    const tracks = [{ ...video, codec: 'mpeg2video', stream: { ...video.stream, codecId: AV_CODEC_ID_MPEG2VIDEO } }];
    await expect(push(1).open(tracks)).rejects.toMatchObject({ code: 'CONTAINER_CODEC' });
  });
});

function makeCertificate(key: string, cert: string): boolean {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const args = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
    '-days',
    '2',
    ...subject,
  ];
  try {
    execFileSync('openssl', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
