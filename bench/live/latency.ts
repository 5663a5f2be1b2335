import type { Bench, BenchSettings } from '../speed/bench.js';
import { circumstances } from '../speed/machine.js';
import type { Row } from '../speed/report.js';
import { type Ages, agesOf, decodingAges, gapsOf, heldBackAges, ms, picturesIn, type Span } from './latency-figures.js';
import { FRAME_RATE } from './pictures.js';
import { BenchServer, type StreamStatus } from './server.js';
import { Studio } from './studio.js';

/** What is not measured: until models are loaded, decoders have found their pace, and players are past what was kept for them. */
export const WARM_UP_MS = 10_000;

/** A picture may be so old, milliseconds, half of viewers and 95 %. */
interface Goal {
  readonly p50: number;
  readonly p95: number;
}

interface Case {
  readonly graph: string;
  readonly flv: Goal;
  readonly hls: Goal;
}

const cases: readonly Case[] = [
  { graph: 'transcode', flv: { p50: 200, p95: 350 }, hls: { p50: 750, p95: 1250 } },
  { graph: 'colorize', flv: { p50: 400, p95: 700 }, hls: { p50: 1500, p95: 2500 } },
];
const MOST_RATE_ERROR = 0.005;

/** From a picture's being taken to its being shown, by RTMP in and HTTP-FLV or low-latency HLS out. */
export const latencyBench: Bench = async (settings) => {
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const each of cases) {
    process.stderr.write(`latency: ${each.graph} for ${settings.seconds} s\n`);
    const result = await measure(settings, each.graph);
    rows.push(...rowsOf(each, result));
    notes.push(...notesOf(each.graph, result));
  }
  return {
    name: 'live-latency',
    title: `Latency of a live stream, ${settings.seconds} s`,
    circumstances: circumstances(),
    rows,
    notes: [
      ...notes,
      'Publisher, players and the server share this machine',
      'From the moment a picture is stamped at to the moment its stamp has been read after decoding; no player buffers anything',
      '"held back": what a player of HLS shows that keeps PART-HOLD-BACK to the live edge, as hls.js does',
    ],
  };
};

interface Measured {
  readonly description: string;
  readonly flv: Ages;
  readonly hls: Ages;
  readonly heldBack: Ages;
  /** Of the latency, what the publisher and the viewers of FLV and HLS took. */
  readonly outside: readonly number[];
  /** Of the server's own, from decoder to encoder. */
  readonly inside: NonNullable<StreamStatus['metrics']>['latencyMs'];
  readonly framesIn: number;
  readonly dropped: number;
  readonly missing: number;
  readonly taken: number;
  readonly missedByCamera: number;
  readonly unreadable: number;
  readonly words: readonly string[];
  /** Cores that each used. */
  readonly cores: Readonly<Record<'server' | 'stream' | 'viewers', number>>;
}

async function measure(settings: BenchSettings, graph: string): Promise<Measured> {
  const studio = await Studio.open(settings);
  const server = await BenchServer.start(graph, settings.work);
  try {
    const camera = studio.camera([server.publishUrl('cam')]);
    await server.untilRunning(['cam']);
    const flv = studio.viewer(server.watchUrl('cam', 'http-flv'));
    const hls = studio.viewer(server.watchUrl('cam', 'hls'));
    await studio.wait(WARM_UP_MS);
    const before = { camera: camera.report, status: await only(server), use: await server.use(), cpu: cpuOf(flv, hls) };
    const fromMs = studio.nowMs();
    await studio.wait(settings.seconds * 1000);
    const span: Span = { fromMs, toMs: studio.nowMs() };
    const after = { camera: camera.report, status: await only(server), use: await server.use(), cpu: cpuOf(flv, hls) };
    // What was seen last has been told by then.
    await studio.wait(1000);
    const cores = (from: number, to: number): number => ((to - from) * 1000) / (span.toMs - span.fromMs);
    return {
      description: studio.description,
      flv: agesOf(flv.seen, span),
      hls: agesOf(hls.seen, span),
      heldBack: heldBackAges(hls.seen, span),
      outside: [after.camera.encodeMs, decodingAges(flv.seen, span).p50, decodingAges(hls.seen, span).p50],
      inside: after.status.metrics?.latencyMs ?? null,
      framesIn: input(after.status).framesIn - input(before.status).framesIn,
      dropped: input(after.status).framesDropped - input(before.status).framesDropped,
      missing: gapsOf(picturesIn(flv.seen, span)).missing,
      taken: Math.round(((span.toMs - span.fromMs) / 1000) * FRAME_RATE),
      missedByCamera: after.camera.missed - before.camera.missed,
      unreadable: [flv, hls].reduce((sum, { seen }) => sum + (seen.at(-1)?.unreadable ?? 0), 0),
      words: after.status.words,
      cores: {
        server: cores(before.use.server.cpuSeconds, after.use.server.cpuSeconds),
        stream: cores(before.use.streams.cpuSeconds, after.use.streams.cpuSeconds),
        viewers: cores(before.cpu, after.cpu),
      },
    };
  } finally {
    await studio.close();
    await server.stop();
  }
}

async function only(server: BenchServer): Promise<StreamStatus> {
  const [stream] = await server.streams();
  if (stream === undefined) throw new Error('the stream has ended');
  return stream;
}

const input = ({ metrics }: StreamStatus) => metrics?.input ?? { framesIn: Number.NaN, framesDropped: Number.NaN };

function cpuOf(...viewers: readonly { readonly seen: readonly { readonly cpuSeconds: number }[] }[]): number {
  return viewers.reduce((sum, { seen }) => sum + (seen.at(-1)?.cpuSeconds ?? 0), 0);
}

function rowsOf({ graph, flv, hls }: Case, measured: Measured): Row[] {
  const { taken, missing, missedByCamera } = measured;
  const share = 1 - (missing - missedByCamera) / (taken - missedByCamera);
  return [
    ageRow(`${graph}, HTTP-FLV`, measured.flv, flv),
    ageRow(`${graph}, LL-HLS`, measured.hls, hls),
    ageRow(`${graph}, LL-HLS, held back`, measured.heldBack, hls),
    {
      measured: `${graph}, pictures dropped at the input`,
      ours: `${measured.dropped} of ${measured.framesIn}`,
      reference: '',
      ratio: '',
      goal: 'none',
      met: measured.dropped === 0,
    },
    {
      measured: `${graph}, frame rate out against in`,
      ours: `${(share * 100).toFixed(2)} %`,
      reference: '',
      ratio: '',
      goal: 'within 0.5 %',
      met: Math.abs(share - 1) <= MOST_RATE_ERROR,
    },
  ];
}

function ageRow(measured: string, { p50, p95, max }: Ages, goal: Goal): Row {
  return {
    measured,
    ours: `${ms(p50)}, p95 ${ms(p95)}, most ${ms(max)}`,
    reference: '',
    ratio: '',
    goal: `at most ${goal.p50} ms, p95 ${goal.p95} ms`,
    met: p50 <= goal.p50 && p95 <= goal.p95,
  };
}

function notesOf(graph: string, measured: Measured): string[] {
  const { description, inside, outside, cores, words, missedByCamera, unreadable, flv } = measured;
  const [publisher, ...viewers] = outside.map(ms);
  const within =
    inside === null ? '' : `; inside the process, decoder to encoder, ${ms(inside.p50)}, p95 ${ms(inside.p95)}`;
  const used = Object.entries(cores).map(([who, share]) => `${who} ${share.toFixed(2)}`);
  return [
    `${graph}: ${description}; ${flv.count} pictures seen, ${unreadable} unreadable, ${missedByCamera} that the publisher was too late for; of the latency, ${publisher} are the publisher's encoder, ${viewers.join(' and ')} the viewers' decoders${within}; cores used: ${used.join(', ')}; it says: ${words.join('; ')}`,
  ];
}
