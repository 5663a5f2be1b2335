import { loadGraph } from '../../../config/load-graph.js';
import { builtinOperators } from '../../../config/registry.js';
import { liveCadence } from '../../../jobs/live-cadence.js';
import { LiveGraph, SINK_HOLDS } from '../../../jobs/live-graph.js';
import { warmUp } from '../../../jobs/warm-up.js';
import { readText, readTextDefinition } from '../../../operators/text/read/read-text.js';
import type { TextsMeta } from '../../../operators/text/texts-meta.js';
import { translateText, translateTextDefinition } from '../../../operators/text/translate/translate-text.js';
import type { Graph } from '../../../pipeline/graph/graph.js';
import { FramePool, type OperatorDefinition, type VideoSample } from '../../../pipeline/index.js';
import { median, percentile } from '../../statistics.js';
import { verdict } from '../foley/section.js';
import { markdownTable } from '../pose/markdown-table.js';
import { type AppearingFilm, appearingSigns } from './appearing-signs.js';
import { PacedPictures } from './paced-pictures.js';
import { phrasesOnly } from './phrase-translators.js';
import type { TextFigures, TextSettings } from './section.js';
import { sightings } from './sign-sightings.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from './street.js';
import { FRAME_RATE } from './street-pan.js';
import { textModelFinder } from './text-models.js';

const SECONDS = 20;
/** Pictures from which output is counted: the first ones wait for encoders. */
const COUNTED_FROM = FRAME_RATE;
const MOST_SECONDS = 1;
/** Of 25 pictures a second. */
const LEAST_RATE = 24.9;

/** What was seen of one sign. */
interface Appearance {
  readonly text: string;
  /** From its first picture's being due to the first in which it is read, and to that in which its translation stands in full; ms, nothing where it never was. */
  readonly readMs: number | undefined;
  readonly translatedMs: number | undefined;
}

/** Signs that appear before a live camera: how soon they are translated, and whether pictures keep coming. */
export const liveFigures: TextFigures = async (settings) => {
  const film = appearingSigns(SECONDS);
  const run = await runLive(film, settings);
  const counted = run.left.filter(({ index }) => index >= COUNTED_FROM);
  const seconds = ((counted.at(-1)?.atMs ?? 0) - (counted[0]?.atMs ?? 0)) / 1000;
  const rate = (counted.length - 1) / seconds;
  const delays = counted.map(({ index, atMs }) => atMs - run.dueMs(index));
  const translated = run.appearances.flatMap(({ translatedMs }) => translatedMs ?? []);
  const isSoon = translated.length > 0 && Math.max(...translated) < 1000 * MOST_SECONDS;
  return {
    title: 'Live: signs that appear before a camera',
    markdown: [
      markdownTable(
        [
          '',
          'pictures a second',
          'left out',
          'delay of pictures, median',
          '95 %',
          'read after, median',
          'worst',
          'translated after, median',
          'worst',
        ],
        [
          [
            ...[
              `${PICTURE_WIDTH}×${PICTURE_HEIGHT}, 25 a second`,
              rate.toFixed(2),
              `${run.leftOut} of ${film.pictures.length}`,
            ],
            ...[percentile(delays, 0.5), percentile(delays, 0.95)].map(inMs),
            ...middleAndWorst(run.appearances.flatMap(({ readMs }) => readMs ?? [])),
            ...middleAndWorst(translated),
          ],
        ],
      ),
      markdownTable(
        ['sign', 'read after', 'translated after'],
        run.appearances.map(({ text, readMs, translatedMs }) => [text, inMs(readMs), inMs(translatedMs)]),
      ),
    ].join('\n\n'),
    notes: [
      `${SECONDS} s of the drawn street from a hand that shakes, in real time through the graph \`translate\` as \`LiveStream\` runs it (\`every: auto\`), warmed up, encoded by libx264 as live streams are; \`${settings.detector}\`, \`${settings.reader}\`, phrases of signs in the place of a network for translation`,
      'After: from the moment in which the first picture with the sign is due to that in which a picture leaves the graph that has it read, or its translation painted without transparency. Pictures come out of memory, at 25 a second by the clock; those that find no slot are left out',
      `Pictures a second: goal 25, ${verdict(rate >= LEAST_RATE)}; a sign is translated within ${MOST_SECONDS} s: ${verdict(isSoon)}, ${translated.length} of ${run.appearances.length} signs were translated`,
    ],
  };
};

/** A picture that left the graph. */
interface LeftPicture {
  readonly index: number;
  readonly atMs: number;
  readonly texts: TextsMeta['texts'];
}

async function runLive(film: AppearingFilm, settings: TextSettings) {
  const graph = liveCadence(await translateGraph(settings));
  settings.progress('warming up');
  const warm = await warmUp(graph, { size: { width: PICTURE_WIDTH, height: PICTURE_HEIGHT } });
  const pool = new FramePool({
    slots: graph.poolSize({ sinkHolds: SINK_HOLDS }).recommended,
    policy: 'drop',
    name: 'live input',
  });
  const source = new PacedPictures(film.pictures, pool);
  const left: LeftPicture[] = [];
  const live = new LiveGraph({
    ...{ video: source.video, frameRate: { num: FRAME_RATE, den: 1 }, graph, pool, warm },
    ...{ renditions: [{ name: 'main', outputs: [] }], encoding: {}, onMetadata: undefined },
    ...{ onTrack: () => {}, onPacket: () => {} },
    onPicture: ({ frame, meta }: VideoSample) => {
      left.push({ index: frame.index, atMs: performance.now(), texts: (meta as TextsMeta).texts });
      if (frame.index % FRAME_RATE === 0) settings.progress(`second ${frame.index / FRAME_RATE} of ${SECONDS}`);
    },
  });
  await live.run();
  return {
    left,
    leftOut: pool.dropped,
    dueMs: (index: number) => source.dueMs(index),
    appearances: appearancesIn(film, left, source),
  };
}

function appearancesIn(
  { signs, shot }: AppearingFilm,
  left: readonly LeftPicture[],
  source: PacedPictures,
): readonly Appearance[] {
  return signs.map(({ sign, from }): Appearance => {
    const first = (isIt: (texts: TextsMeta['texts']) => TextsMeta['texts']): number | undefined => {
      const picture = left.find(({ index, texts }) => {
        if (index < from) return false;
        const lines = isIt(texts).map(({ id, quad, text }) => ({ id, quad, says: text }));
        const [seen] = sightings({ signs: [sign] }, { ...shot, at: () => shot.at(index) }, [lines]);
        return seen?.frames[0]?.line !== undefined;
      });
      return picture === undefined ? undefined : picture.atMs - source.dueMs(from);
    };
    const isShown = ({ translation, opacity }: TextsMeta['texts'][number]): boolean =>
      translation === sign.translation && opacity === 1;
    return { text: sign.text, readMs: first((texts) => texts), translatedMs: first((texts) => texts.filter(isShown)) };
  });
}

/** The preset, with networks of the settings and none for translation. */
function translateGraph({ detector, reader, shared }: TextSettings): Promise<Graph> {
  const reading: typeof readTextDefinition = {
    ...readTextDefinition,
    create: (options) => {
      const operator = readText({ ...options, detector, reader, library: textModelFinder(shared) });
      return ([video]) => [operator(video as Parameters<typeof operator>[0])];
    },
  };
  const translating: typeof translateTextDefinition = {
    ...translateTextDefinition,
    create: (options) => {
      const operator = translateText({ ...options, translators: phrasesOnly });
      return ([video]) => [operator(video as Parameters<typeof operator>[0])];
    },
  };
  const replaced: readonly OperatorDefinition[] = [reading, translating] as readonly OperatorDefinition[];
  const operators = builtinOperators.map((operator) => replaced.find(({ name }) => name === operator.name) ?? operator);
  return loadGraph('translate', { operators });
}

function middleAndWorst(values: readonly number[]): readonly string[] {
  return [inMs(median(values)), inMs(Math.max(...values))];
}

function inMs(value: number | undefined): string {
  return value !== undefined && Number.isFinite(value) ? `${value.toFixed(0)} ms` : '–';
}
