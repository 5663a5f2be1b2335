import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authorizeByKeys, RtmpServer, type RtmpServerEvent } from '../../../streams/rtmp-server/index.js';
import { external } from '../../helpers/engines.js';

const ffmpeg = process.env.FFMPEG_PATH ?? 'ffmpeg';
let server: RtmpServer;
let running: ChildProcess[] = [];
let rtmp = '';
let http = '';

beforeEach(async () => {
  server = await RtmpServer.start({
    rtmpPort: 0,
    httpPort: 0,
    authorize: authorizeByKeys(() => ({ publish: ['s3cret'] }), Date.now),
  });
  rtmp = `rtmp://127.0.0.1:${server.ports.rtmp}/live/cam1`;
  http = `http://127.0.0.1:${server.ports.http}/live/cam1.flv`;
});

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  running = [];
  await server.stop();
});

function run(...args: string[]): { child: ChildProcess; ended: Promise<string> } {
  const child = spawn(ffmpeg, ['-hide_banner', '-nostdin', '-loglevel', 'info', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.push(child);
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  return { child, ended: once(child, 'exit').then(() => said) };
}

const publish = (key: string) =>
  run(
    ...['-re', '-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=25', '-f', 'lavfi', '-i', 'sine=sample_rate=44100'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-t', '60'],
    ...['-f', 'flv', `${rtmp}?key=${key}`],
  );

const until = (kind: RtmpServerEvent['kind'], times = 1) =>
  new Promise<RtmpServerEvent>((resolve) => {
    let left = times;
    server.events.subscribe((event) => {
      if (event.kind === kind && --left === 0) resolve(event);
    });
  });

describe.skipIf(external === undefined)('ffmpeg', () => {
  it.each([['RTMP', () => rtmp] as const, ['HTTP-FLV', () => http] as const])(
    'publishes, and plays over %s',
    async (_, url) => {
      const known = until('publish-codecs', 2);
      publish('s3cret');
      await known;
      const played = await run('-i', url(), '-frames:v', '30', '-f', 'null', '-').ended;
      expect(played).toMatch(/Video: h264.*160x90/);
      expect(played).toMatch(/Audio: aac.*44100 Hz/);
      expect(played).toMatch(/frame= *30 /);
      expect(played).not.toMatch(/error|invalid|corrupt/i);
      expect(server.sessions()[0]?.codecs).toEqual({
        video: 'h264',
        audio: 'aac',
        width: 160,
        height: 90,
        frameRate: 25,
        sampleRate: 44_100,
      });
    },
  );

  it('is told why it may not publish', async () => {
    expect(await publish('wrong').ended).toContain('wrong key to publish live/cam1');
  });

  it('is told that somebody else publishes', async () => {
    const started = until('publish-start');
    publish('s3cret');
    await started;
    expect(await publish('s3cret').ended).toContain('live/cam1 already has a publisher');
  });

  it('plays on when the publisher is killed and comes back', async () => {
    const known = until('publish-codecs', 2);
    const first = publish('s3cret');
    await known;
    const player = run('-i', http, '-frames:v', '60', '-f', 'null', '-');
    await until('play-start');
    const stopped = until('publish-stop');
    first.child.kill('SIGKILL');
    await stopped;
    publish('s3cret');
    const played = await player.ended;
    expect(played).toMatch(/frame= *60 /);
    expect(played).not.toMatch(/non-monoton/i);
  });
});
