import type { Bench } from '../speed/bench.js';
import { circumstances } from '../speed/machine.js';
import type { CrowdReport } from './crowd.js';
import { WARM_UP_MS } from './latency.js';
import { agesOf, isIn, ms, type Span } from './latency-figures.js';
import { BenchServer, type StreamStatus } from './server.js';
import { type RunningCrowd, Studio } from './studio.js';

const STREAMS = 10;
const MOST_RATE_ERROR = 0.005;

/** Ten streams that are only passed on, each with a player. */
export const copiesBench: Bench = async (settings) => {
  const studio = await Studio.open(settings);
  const server = await BenchServer.start('copy', settings.work);
  try {
    const names = Array.from({ length: STREAMS }, (_, i) => `cam${i}`);
    const camera = studio.camera(names.map((name) => server.publishUrl(name)));
    await server.untilRunning(names);
    const crowd = studio.crowd(names.map((name) => server.watchUrl(name, 'http-flv')));
    const viewer = studio.viewer(server.watchUrl('cam0', 'http-flv'));
    process.stderr.write(`copies: ${STREAMS} streams for ${settings.seconds} s\n`);
    await studio.wait(WARM_UP_MS);
    const [before, missedBefore, from] = [await server.use(), camera.report.missed, studio.nowMs()];
    const firstIn = framesIn(await server.streams());
    await studio.wait(settings.seconds * 1000);
    const span: Span = { fromMs: from, toMs: studio.nowMs() };
    const [after, missed] = [await server.use(), camera.report.missed - missedBefore];
    const streams = await server.streams();
    const came = framesIn(streams).map((frames, i) => frames - (firstIn[i] ?? 0));
    await studio.wait(1000);
    const seconds = (span.toMs - span.fromMs) / 1000;
    const out = playersIn(crowd, span).map(({ pictures, missing }) => {
      const lost = Math.max(0, missing - missed);
      return { fps: pictures / seconds, lost, share: pictures / (pictures + lost) };
    });
    const lost = out.reduce((sum, each) => sum + each.lost, 0);
    const worst = Math.min(...out.map(({ share }) => share));
    const cores = (use: 'server' | 'streams'): string =>
      ((after[use].cpuSeconds - before[use].cpuSeconds) / seconds).toFixed(2);
    const ages = agesOf(viewer.seen, span);
    return {
      name: 'live-copies',
      title: `${STREAMS} copied streams at once, ${settings.seconds} s`,
      circumstances: circumstances(),
      rows: [
        {
          measured: 'pictures a second out, least and most of the streams',
          ours: `${Math.min(...out.map(({ fps }) => fps)).toFixed(2)} to ${Math.max(...out.map(({ fps }) => fps)).toFixed(2)}`,
          reference: `${(came.reduce((sum, frames) => sum + frames, 0) / STREAMS / seconds).toFixed(2)} in`,
          ratio: '',
          goal: 'within 0.5 %',
          met: 1 - worst <= MOST_RATE_ERROR,
        },
        plain('pictures lost, of all streams', `${lost}`, lost === 0),
        plain('CPU', `${cores('server')} cores the server, ${cores('streams')} the ${STREAMS} processes`),
        plain(
          'memory',
          `${after.server.megabytes.toFixed(0)} MB the server, ${after.streams.megabytes.toFixed(0)} MB the ${STREAMS} processes`,
        ),
        plain('latency of one, HTTP-FLV', `${ms(ages.p50)}, p95 ${ms(ages.p95)}`),
      ],
      notes: [
        `${studio.description}; one publisher sends the same packets to all ${STREAMS}; ${missed} pictures it was too late for`,
        `States: ${[...new Set(streams.map(({ state }) => state))].join(', ')}; restarts: ${streams.reduce((sum, { restarts }) => sum + restarts, 0)}`,
      ],
    };
  } finally {
    await studio.close();
    await server.stop();
  }
};

function plain(measured: string, ours: string, met?: boolean) {
  const goal = met === undefined ? '' : 'none';
  return { measured, ours, reference: '', ratio: '', goal, ...(met === undefined ? {} : { met }) };
}

function framesIn(streams: readonly StreamStatus[]): number[] {
  return streams.map(({ metrics }) => metrics?.input.framesIn ?? 0);
}

/** What each player got in a span. */
export function playersIn({ told }: RunningCrowd, span: Span): CrowdReport['players'] {
  const reports = told.filter(({ atMs }) => isIn(span, atMs)).map(({ report }) => report);
  const last = reports.at(-1)?.players ?? [];
  return last.map(({ connections }, i) => {
    const of = reports.flatMap(({ players }) => players[i] ?? []);
    return {
      pictures: of.reduce((sum, { pictures }) => sum + pictures, 0),
      missing: of.reduce((sum, { missing }) => sum + missing, 0),
      bytes: of.reduce((sum, { bytes }) => sum + bytes, 0),
      connections,
      lagsMs: of.flatMap(({ lagsMs }) => lagsMs),
    };
  });
}
