import type { Bench, BenchSettings } from '../speed/bench.js';
import { interleave, resultsOf } from '../speed/interleave.js';
import { circumstances } from '../speed/machine.js';
import type { Row } from '../speed/report.js';
import { median } from '../statistics.js';
import { playersIn } from './copies.js';
import { WARM_UP_MS } from './latency.js';
import { type Ages, agesOf, ms, type Span, summary } from './latency-figures.js';
import { BenchServer } from './server.js';
import { Studio } from './studio.js';

const PLAYERS = 45;
const SLOW = 5;

/** Whether players that read hardly anything cost the others something. */
export const playersBench: Bench = async (settings) => {
  const sides = [
    { name: `${PLAYERS} players`, measure: () => measure(settings, 0) },
    { name: `${PLAYERS} players and ${SLOW} slow ones`, measure: () => measure(settings, SLOW) },
  ] as const;
  const results = await interleave(sides, settings.runs);
  const [alone, crowded] = sides.map(({ name }) => resultsOf(results, name)) as [Measured[], Measured[]];
  const row = (measured: string, value: (one: Measured) => number, shown: (value: number) => string): Row => {
    const [with5, without] = [median(crowded.map(value)), median(alone.map(value))];
    const ratio = without === 0 ? '' : (with5 / without).toFixed(2);
    return { measured, ours: shown(with5), reference: `${shown(without)}, without slow players`, ratio, goal: '' };
  };
  const lost = crowded.reduce((sum, { missing }) => sum + missing, 0);
  const again = crowded.reduce((sum, { reconnects }) => sum + reconnects, 0);
  return {
    name: 'live-players',
    title: `${PLAYERS} players of one stream beside ${SLOW} that read 1 kB a second`,
    circumstances: circumstances(),
    rows: [
      row('latency, one of the players', ({ ages }) => ages.p50, ms),
      row('latency, p95', ({ ages }) => ages.p95, ms),
      row('arrival against the earliest, all players', ({ lags }) => lags.p50, ms),
      row('arrival, p95', ({ lags }) => lags.p95, ms),
      row('arrival, latest', ({ lags }) => lags.max, ms),
      row(
        'CPU of the server',
        ({ cores }) => cores,
        (value) => `${value.toFixed(2)} cores`,
      ),
      row(
        'memory of the server',
        ({ megabytes }) => megabytes,
        (value) => `${value.toFixed(0)} MB`,
      ),
      { ...row('pictures lost by the players', ({ missing }) => missing, String), goal: 'none', met: lost === 0 },
      { ...row('players cut off', ({ reconnects }) => reconnects, String), goal: 'none', met: again === 0 },
    ],
    notes: [
      `copy, HTTP-FLV and RTMP in turn; ${settings.runs} rounds of ${settings.seconds} s each, medians; slow ones were cut off ${crowded.map(({ slowCutOff }) => slowCutOff).join(', ')} times`,
      'Arrival: how much later a picture came than the one that came earliest after its own time, over all players of a round',
    ],
  };
};

interface Measured {
  readonly ages: Ages;
  readonly lags: Ages;
  readonly missing: number;
  readonly reconnects: number;
  readonly slowCutOff: number;
  readonly cores: number;
  readonly megabytes: number;
}

async function measure(settings: BenchSettings, slow: number): Promise<Measured> {
  const studio = await Studio.open(settings);
  const server = await BenchServer.start('copy', settings.work);
  try {
    const camera = studio.camera([server.publishUrl('cam')]);
    await server.untilRunning(['cam']);
    const viewer = studio.viewer(server.watchUrl('cam', 'http-flv'));
    const flv = server.watchUrl('cam', 'http-flv');
    // The viewer that decodes is one of them.
    const urls = Array.from({ length: PLAYERS - 1 }, (_, i) => (i % 2 === 0 ? flv : server.watchUrl('cam', 'rtmp')));
    const crowd = studio.crowd(urls, { slow: Array.from({ length: slow }, () => flv) });
    await studio.wait(WARM_UP_MS);
    const [before, missedBefore, fromMs] = [await server.use(), camera.report.missed, studio.nowMs()];
    await studio.wait(settings.seconds * 1000);
    const span: Span = { fromMs, toMs: studio.nowMs() };
    const [after, missed] = [await server.use(), camera.report.missed - missedBefore];
    await studio.wait(1000);
    const players = playersIn(crowd, span);
    const lags = players.flatMap(({ lagsMs }) => lagsMs);
    const earliest = lags.reduce((least, lag) => Math.min(least, lag), Number.POSITIVE_INFINITY);
    return {
      ages: agesOf(viewer.seen, span),
      lags: summary(lags.map((lag) => lag - earliest)),
      missing: players.reduce((sum, { missing }) => sum + Math.max(0, missing - missed), 0),
      reconnects: players.reduce((sum, { connections }) => sum + connections - 1, 0),
      slowCutOff: crowd.told.at(-1)?.report.slowCutOff ?? 0,
      cores: ((after.server.cpuSeconds - before.server.cpuSeconds) * 1000) / (span.toMs - span.fromMs),
      megabytes: after.server.megabytes,
    };
  } finally {
    await studio.close();
    await server.stop();
  }
}
