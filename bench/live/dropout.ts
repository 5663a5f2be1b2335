import type { Bench } from '../speed/bench.js';
import { circumstances } from '../speed/machine.js';
import type { Row } from '../speed/report.js';
import { agesOf, decodingAges, ms, picturesIn, type Span } from './latency-figures.js';
import { FRAME_RATE } from './pictures.js';
import { BenchServer } from './server.js';
import { skewMs } from './skew.js';
import { type RunningViewer, Studio } from './studio.js';
import type { ViewerReport } from './viewer.js';

const GRAPH = 'colorize';
const AWAY_MS = 20_000;
/** Until the publisher counts as being back for good. */
const BACK_MS = 15_000;
/** Over which sound and pictures are compared. */
const COMPARED_MS = 10_000;
const MOST_SKEW_MS = 40;

/** How far sound and pictures are apart at the end of a run, and after the publisher was away for a while. */
export const dropoutBench: Bench = async (settings) => {
  const studio = await Studio.open(settings);
  const server = await BenchServer.start(GRAPH, settings.work);
  try {
    const camera = studio.camera([server.publishUrl('cam')]);
    await server.untilRunning(['cam']);
    const viewers = (['http-flv', 'rtmp', 'hls'] as const).map((by) => ({
      by,
      viewer: studio.viewer(server.watchUrl('cam', by)),
    }));
    process.stderr.write(`dropout: ${settings.seconds} s, ${AWAY_MS / 1000} s away, and back\n`);
    await studio.wait(Math.max(COMPARED_MS, settings.seconds * 1000));
    const inside = [await insideMs(server)];
    const leftAtMs = studio.nowMs();
    camera.tell('leave');
    await studio.wait(AWAY_MS);
    const backAtMs = studio.nowMs();
    camera.tell('return');
    await studio.wait(BACK_MS + COMPARED_MS);
    const endMs = studio.nowMs();
    inside.push(await insideMs(server));
    await studio.wait(1000);
    const spans = {
      before: { fromMs: leftAtMs - COMPARED_MS, toMs: leftAtMs },
      after: { fromMs: endMs - COMPARED_MS, toMs: endMs },
    };
    const rows = viewers.flatMap(({ by, viewer }) => rowsOf(by, viewer, spans, backAtMs));
    const [status] = await server.streams();
    return {
      name: 'live-dropout',
      title: `A publisher that is away for ${AWAY_MS / 1000} s`,
      circumstances: circumstances(),
      rows,
      notes: [
        `${GRAPH}: ${studio.description}; of the latency, from decoder to encoder before and after: ${inside.map(ms).join(', ')}; restarts of its process: ${status?.restarts}; it says: ${status?.words.join('; ')}`,
        'Sound against pictures: beeps at full seconds, each of another pitch, against the numbers in the pictures; the median over 10 s, positive when sound is late',
      ],
    };
  } finally {
    await studio.close();
    await server.stop();
  }
};

/** What the stream's process says about itself. */
async function insideMs(server: BenchServer): Promise<number> {
  return (await server.streams())[0]?.metrics?.latencyMs?.p50 ?? Number.NaN;
}

function rowsOf(
  by: string,
  { seen }: RunningViewer,
  { before, after }: Readonly<Record<'before' | 'after', Span>>,
  backAtMs: number,
): Row[] {
  const plain = (measured: string, ours: string, goal = '', met?: boolean): Row => ({
    measured: `${by}, ${measured}`,
    ours,
    reference: '',
    ratio: '',
    goal,
    ...(met === undefined ? {} : { met }),
  });
  const skewRow = (when: string, span: Span): Row => {
    const skew = skewOf(seen, span);
    const ours = `${skew.toFixed(1)} ms`;
    return plain(`sound against pictures ${when}`, ours, `under ${MOST_SKEW_MS} ms`, Math.abs(skew) < MOST_SKEW_MS);
  };
  const first = seen.flatMap(({ pictures }) => pictures).find(({ takenMs }) => takenMs >= backAtMs);
  const backwards = countBackwards(seen);
  return [
    skewRow('before', before),
    skewRow('after', after),
    plain(
      'latency before and after, and what of it the viewer took to decode',
      [before, after].map((span) => `${ms(agesOf(seen, span).p50)} (${ms(decodingAges(seen, span).p50)})`).join(', '),
    ),
    plain('from the return to the first new picture', first === undefined ? 'none' : ms(first.seenMs - backAtMs)),
    plain('pictures whose time goes back', `${backwards}`, 'none', backwards === 0),
  ];
}

function skewOf(seen: readonly ViewerReport[], span: Span): number {
  const pictures = picturesIn(seen, span);
  const [fromUs, toUs] = [pictures[0]?.ptsUs ?? 0, pictures.at(-1)?.ptsUs ?? 0];
  const beeps = seen.flatMap((report) => report.beeps.filter(({ ptsUs }) => ptsUs >= fromUs && ptsUs <= toUs));
  return skewMs(beeps, pictures, FRAME_RATE);
}

function countBackwards(seen: readonly ViewerReport[]): number {
  const times = seen.flatMap(({ pictures }) => pictures.map(({ ptsUs }) => ptsUs));
  return times.filter((us, i) => us <= (times[i - 1] ?? Number.NEGATIVE_INFINITY)).length;
}
