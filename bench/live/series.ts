import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchSettings } from '../speed/bench.js';
import { circumstances } from '../speed/machine.js';
import type { Row } from '../speed/report.js';
import { percentile, slope } from '../statistics.js';
import { WARM_UP_MS } from './latency.js';
import { agesOf, ms, type Span } from './latency-figures.js';
import { BenchServer } from './server.js';
import { type RunningCamera, type RunningViewer, Studio } from './studio.js';

const SAMPLE_MS = 10_000;
/** What memory does before is not growth. */
const SETTLED_MINUTES = 5;
/** More is a leak that a week would show, MB an hour. */
const MOST_GROWTH = 30;
const CHURNING = 9;
const STAY_S = 30;

/** One line of the series. */
interface Sample {
  readonly minute: number;
  readonly serverMb: number;
  readonly streamMb: number;
  readonly serverHandles: number;
  readonly streamHandles: number;
  readonly serverCores: number;
  readonly streamCores: number;
  readonly fpsIn: number;
  readonly fpsOut: number;
  readonly dropped: number;
  readonly flvP50: number;
  readonly flvP95: number;
  readonly hlsP50: number;
  readonly hlsP95: number;
  readonly missedByCamera: number;
  readonly connections: number;
  readonly restarts: number;
}

/** One stream, watched for long, with players that come and go: a line every ten seconds, and what becomes of it. */
export function seriesBench(name: string, graph: string, usualMinutes: number): Bench {
  return async (settings) => {
    const minutes = settings.minutes ?? usualMinutes;
    const file = join(settings.source.work, `${name}.csv`);
    process.stderr.write(`${name}: ${graph} for ${minutes} minutes, into ${file}\n`);
    const { samples, description, words } = await watch(settings, graph, minutes, file);
    return {
      name,
      title: `${graph} for ${minutes} minutes, players coming and going`,
      circumstances: circumstances(),
      rows: rowsOf(samples, Math.min(SETTLED_MINUTES, minutes / 3)),
      notes: [
        `${description}; two players that decode, HTTP-FLV and HLS, and ${CHURNING} of HTTP-FLV, RTMP and HLS that stay 3 to ${STAY_S} s each: ${samples.at(-1)?.connections ?? 0} connections`,
        `It says at the end: ${words.join('; ')}`,
        `From a sample every ${SAMPLE_MS / 1000} s:\n\n${table(samples, minutes)}`,
      ],
    };
  };
}

async function watch(settings: BenchSettings, graph: string, minutes: number, file: string) {
  const studio = await Studio.open(settings);
  const server = await BenchServer.start(graph, settings.work);
  const csv = createWriteStream(file);
  const samples: Sample[] = [];
  try {
    const camera = studio.camera([server.publishUrl('cam')]);
    await server.untilRunning(['cam']);
    const [flv, hls] = (['http-flv', 'hls'] as const).map((by) => studio.viewer(server.watchUrl('cam', by)));
    const ways = (['http-flv', 'rtmp', 'hls'] as const).map((by) => server.watchUrl('cam', by));
    const urls = Array.from({ length: CHURNING }, (_, i) => ways[i % ways.length] as string);
    const crowd = studio.crowd(urls, { stayS: STAY_S });
    await studio.wait(WARM_UP_MS);
    const sample = sampler(studio, server, camera, flv as RunningViewer, hls as RunningViewer);
    const beganMs = studio.nowMs();
    for (let next = beganMs + SAMPLE_MS; next <= beganMs + minutes * 60_000; next += SAMPLE_MS) {
      await studio.wait(Math.max(1, next - studio.nowMs()));
      const connections = (crowd.told.at(-1)?.report.players ?? []).reduce((sum, each) => sum + each.connections, 0);
      // Of hours of reports only the last counts.
      crowd.forget();
      const line: Sample = { minute: (studio.nowMs() - beganMs) / 60_000, ...(await sample()), connections };
      if (samples.length === 0) csv.write(`${Object.keys(line).join(',')}\n`);
      csv.write(
        `${Object.values(line)
          .map((value) => (Math.round(value * 100) / 100).toString())
          .join(',')}\n`,
      );
      samples.push(line);
    }
    return { samples, description: studio.description, words: (await server.streams())[0]?.words ?? [] };
  } finally {
    csv.end();
    await studio.close();
    await server.stop();
  }
}

/** What has happened since the sample before. */
function sampler(studio: Studio, server: BenchServer, camera: RunningCamera, flv: RunningViewer, hls: RunningViewer) {
  let last: { span: Span; framesIn: number; framesOut: number; serverCpu: number; streamCpu: number } | undefined;
  return async (): Promise<Omit<Sample, 'minute' | 'connections'>> => {
    const { server: parent, streams } = await server.use();
    const [status] = await server.streams();
    const toMs = studio.nowMs();
    const span: Span = { fromMs: last?.span.toMs ?? toMs - SAMPLE_MS, toMs };
    const seconds = (span.toMs - span.fromMs) / 1000;
    const now = {
      span,
      framesIn: status?.metrics?.input.framesIn ?? Number.NaN,
      framesOut: status?.metrics?.renditions[0]?.framesEncoded ?? Number.NaN,
      serverCpu: parent.cpuSeconds,
      streamCpu: streams.cpuSeconds,
    };
    const rate = (of: 'framesIn' | 'framesOut' | 'serverCpu' | 'streamCpu'): number =>
      last === undefined ? Number.NaN : (now[of] - last[of]) / seconds;
    const [flvAges, hlsAges] = [agesOf(flv.seen, span), agesOf(hls.seen, span)];
    for (const viewer of [flv, hls]) viewer.forget();
    const sample = {
      serverMb: parent.megabytes,
      streamMb: streams.megabytes,
      serverHandles: parent.handles,
      streamHandles: streams.handles,
      serverCores: rate('serverCpu'),
      streamCores: rate('streamCpu'),
      fpsIn: rate('framesIn'),
      fpsOut: rate('framesOut'),
      dropped: status?.metrics?.input.framesDropped ?? Number.NaN,
      flvP50: flvAges.p50,
      flvP95: flvAges.p95,
      hlsP50: hlsAges.p50,
      hlsP95: hlsAges.p95,
      missedByCamera: camera.report.missed,
      restarts: status?.restarts ?? Number.NaN,
    };
    last = now;
    return sample;
  };
}

function rowsOf(samples: readonly Sample[], settledMinutes: number): Row[] {
  const settled = samples.filter(({ minute }) => minute >= settledMinutes);
  const [first, end] = [settled[0] ?? samples[0], samples.at(-1)];
  const growth = (of: keyof Sample): number =>
    60 * slope(settled.map((sample) => ({ x: sample.minute, y: sample[of] })));
  const growthRow = (measured: string, of: keyof Sample): Row => ({
    ...plain(measured, `${growth(of).toFixed(1)} MB an hour, ${first?.[of].toFixed(0)} to ${end?.[of].toFixed(0)} MB`),
    goal: `under ${MOST_GROWTH} MB an hour`,
    met: growth(of) < MOST_GROWTH,
  });
  const whole = samples.slice(1);
  const middle = (of: keyof Sample): number =>
    percentile(
      whole.map((sample) => sample[of]),
      0.5,
    );
  const most = (of: keyof Sample): number => Math.max(...whole.map((sample) => sample[of]));
  const total = (of: keyof Sample): number => (end?.[of] ?? 0) - (samples[0]?.[of] ?? 0);
  const rate = whole.reduce((sum, { fpsOut }) => sum + fpsOut, 0) / whole.reduce((sum, { fpsIn }) => sum + fpsIn, 0);
  return [
    growthRow(`memory of the server from minute ${settledMinutes.toFixed(0)}`, 'serverMb'),
    growthRow(`memory of the stream's process from minute ${settledMinutes.toFixed(0)}`, 'streamMb'),
    plain('open files and sockets, server', `${first?.serverHandles} to ${end?.serverHandles}`),
    plain("open files and sockets, stream's process", `${first?.streamHandles} to ${end?.streamHandles}`),
    plain(
      'latency, HTTP-FLV',
      `${ms(middle('flvP50'))}, p95 ${ms(middle('flvP95'))}, worst p95 of ten seconds ${ms(most('flvP95'))}`,
    ),
    plain(
      'latency, LL-HLS',
      `${ms(middle('hlsP50'))}, p95 ${ms(middle('hlsP95'))}, worst p95 of ten seconds ${ms(most('hlsP95'))}`,
    ),
    { ...plain('pictures dropped at the input', `${total('dropped')}`), goal: 'none', met: total('dropped') === 0 },
    {
      ...plain('pictures out against in', `${(100 * rate).toFixed(2)} %`),
      goal: 'within 0.5 %',
      met: Math.abs(rate - 1) <= 0.005,
    },
    { ...plain('restarts', `${end?.restarts ?? 0}`), goal: 'none', met: end?.restarts === 0 },
  ];
}

const plain = (measured: string, ours: string): Row => ({ measured, ours, reference: '', ratio: '', goal: '' });

/** A line for each tenth of the time. */
function table(samples: readonly Sample[], minutes: number): string {
  const columns = [
    'serverMb',
    'streamMb',
    'serverHandles',
    'streamHandles',
    'streamCores',
    'fpsIn',
    'fpsOut',
    'flvP50',
    'flvP95',
    'hlsP50',
  ] as const;
  const heads = [
    'minute',
    'server, MB',
    'stream, MB',
    'handles',
    'handles',
    'stream, cores',
    'fps in',
    'fps out',
    'FLV p50, ms',
    'FLV p95, ms',
    'LL-HLS p50, ms',
  ];
  const step = minutes / 10;
  const lines = Array.from({ length: 10 }, (_, i) => {
    const part = samples.filter(({ minute }) => minute > i * step && minute <= (i + 1) * step);
    const cells = columns.map((of) => {
      const value = percentile(
        part.map((sample) => sample[of]).filter((each) => !Number.isNaN(each)),
        0.5,
      );
      return /Cores|fps/.test(of) ? value.toFixed(2) : value.toFixed(0);
    });
    return `  | ${[((i + 1) * step).toFixed(1), ...cells].join(' | ')} |`;
  });
  return [`  | ${heads.join(' | ')} |`, `  |${'---|'.repeat(heads.length)}`, ...lines].join('\n');
}
