import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { Bench, BenchSettings } from '../speed/bench.js';
import { shown } from '../speed/commands.js';
import { interleave, resultsOf } from '../speed/interleave.js';
import { circumstances } from '../speed/machine.js';
import type { Row } from '../speed/report.js';
import { median, medianOfPairs } from '../statistics.js';
import { WARM_UP_MS } from './latency.js';
import { type Ages, agesOf, gapsOf, ms, picturesIn, type Span } from './latency-figures.js';
import { processUse } from './process-use.js';
import { BenchServer } from './server.js';
import { Studio } from './studio.js';

interface Measured {
  readonly ages: Ages;
  readonly missing: number;
  readonly cores: number;
}

/** `transcode` against the `ffmpeg` command that listens for RTMP and gives FLV over HTTP to one player. */
export const peerBench: Bench = async (settings) => {
  let command: readonly string[] = [];
  const sides = [
    { name: 'vitascope', measure: () => measureOurs(settings) },
    {
      name: 'ffmpeg',
      measure: async () => {
        const [rtmp, http] = [await freePort(), await freePort()];
        command = ffmpegServer(rtmp, http);
        return await measureFfmpeg(settings, command, rtmp, http);
      },
    },
  ] as const;
  const results = await interleave(sides, settings.runs);
  const [ours, theirs] = [resultsOf(results, 'vitascope'), resultsOf(results, 'ffmpeg')];
  const row = (measured: string, value: (one: Measured) => number, shownAs: (value: number) => string): Row => ({
    measured,
    ours: shownAs(median(ours.map(value))),
    reference: `${shownAs(median(theirs.map(value)))}, ffmpeg`,
    ratio: medianOfPairs(ours, theirs, (a, b) => value(a) / value(b)).toFixed(2),
    goal: '',
  });
  return {
    name: 'live-peer',
    title: 'A transcoded live stream, against ffmpeg that listens',
    circumstances: circumstances(),
    rows: [
      row('latency, RTMP in to HTTP-FLV out', ({ ages }) => ages.p50, ms),
      row('latency, p95', ({ ages }) => ages.p95, ms),
      row(
        'CPU',
        ({ cores }) => cores,
        (value) => `${value.toFixed(2)} cores`,
      ),
      { ...row('pictures lost', ({ missing }) => missing, String), ratio: '' },
    ],
    notes: [
      `${settings.runs} rounds of ${settings.seconds} s in turn; medians over the rounds, ratios of pairs`,
      `\`${shown(command)}\``,
      'ffmpeg serves one player once; CPU of Vitascope is that of the server and of the process of the stream, which also makes HLS',
    ],
  };
};

async function measureOurs(settings: BenchSettings): Promise<Measured> {
  const studio = await Studio.open(settings);
  const server = await BenchServer.start('transcode', settings.work);
  const cpu = async (): Promise<number> => {
    const { server: parent, streams } = await server.use();
    return parent.cpuSeconds + streams.cpuSeconds;
  };
  try {
    const url = server.watchUrl('cam', 'http-flv');
    return await measure(studio, settings, { publish: server.publishUrl('cam'), watch: url, cpu });
  } finally {
    await studio.close();
    await server.stop();
  }
}

async function measureFfmpeg(
  settings: BenchSettings,
  [program, ...args]: readonly string[],
  rtmp: number,
  http: number,
): Promise<Measured> {
  const studio = await Studio.open(settings);
  const ffmpeg = spawn(program as string, args, { stdio: 'ignore' });
  const cpu = async (): Promise<number> => processUse(ffmpeg.pid as number).cpuSeconds;
  try {
    const publish = `rtmp://127.0.0.1:${rtmp}/live/cam`;
    return await measure(studio, settings, { publish, watch: `http://127.0.0.1:${http}/cam.flv`, cpu });
  } finally {
    await studio.close();
    ffmpeg.kill('SIGKILL');
    if (ffmpeg.exitCode === null) await once(ffmpeg, 'exit');
  }
}

async function measure(
  studio: Studio,
  settings: BenchSettings,
  { publish, watch, cpu }: { publish: string; watch: string; cpu: () => Promise<number> },
): Promise<Measured> {
  const camera = studio.camera([publish]);
  const viewer = studio.viewer(watch);
  for (let i = 0; i < 60 && viewer.seen.every(({ pictures }) => pictures.length === 0); i++) await studio.wait(500);
  await studio.wait(WARM_UP_MS);
  const [before, missedBefore, fromMs] = [await cpu(), camera.report.missed, studio.nowMs()];
  await studio.wait(settings.seconds * 1000);
  const span: Span = { fromMs, toMs: studio.nowMs() };
  const [after, missed] = [await cpu(), camera.report.missed - missedBefore];
  await studio.wait(1000);
  const { missing } = gapsOf(picturesIn(viewer.seen, span));
  return {
    ages: agesOf(viewer.seen, span),
    missing: Math.max(0, missing - missed),
    cores: ((after - before) * 1000) / (span.toMs - span.fromMs),
  };
}

function ffmpegServer(rtmp: number, http: number): string[] {
  const input = ['-listen', '1', '-f', 'flv', '-i', `rtmp://127.0.0.1:${rtmp}/live/cam`];
  const coding = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-tune',
    'zerolatency',
    '-b:v',
    '2800k',
    '-g',
    '60',
    '-c:a',
    'copy',
  ];
  return [
    'ffmpeg',
    '-v',
    'error',
    ...input,
    ...coding,
    '-f',
    'flv',
    '-listen',
    '1',
    `http://127.0.0.1:${http}/cam.flv`,
  ];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
