import { loadGraph } from '../../../config/load-graph.js';
import { builtinOperators } from '../../../config/registry.js';
import { liveCadence } from '../../../jobs/live-cadence.js';
import { LiveGraph, SINK_HOLDS } from '../../../jobs/live-graph.js';
import { warmUp } from '../../../jobs/warm-up.js';
import { readText, readTextDefinition } from '../../../operators/text/read/read-text.js';
import type { SeenText, TextsMeta } from '../../../operators/text/texts-meta.js';
import type { TranslatorChoice } from '../../../operators/text/translate/sentence-translator.js';
import { translateText, translateTextDefinition } from '../../../operators/text/translate/translate-text.js';
import type { Graph } from '../../../pipeline/graph/graph.js';
import { FramePool, type OperatorDefinition, type VideoSample } from '../../../pipeline/index.js';
import { type CpuShares, watchCpu } from '../../cpu-times.js';
import { median, percentile } from '../../statistics.js';
import { markdownTable } from '../pose/markdown-table.js';
import { type Section, verdict } from '../section.js';
import { type AppearingFilm, appearingSigns } from './appearing-signs.js';
import { PacedPictures } from './paced-pictures.js';
import { phrasesOnly } from './phrase-translators.js';
import { plainSigns } from './plain-signs.js';
import type { TextFigures, TextSettings } from './section.js';
import { sightings } from './sign-sightings.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from './street.js';
import { FRAME_RATE } from './street-pan.js';
import { type SignText, signTexts } from './street-signs.js';
import { textModelFinder } from './text-models.js';
import { comparedWords } from './word-alignment.js';

const SECONDS = 20;
/** Pictures from which output is counted: the first ones wait for encoders. */
const COUNTED_FROM = FRAME_RATE;
const MOST_SECONDS = 1;
/** Of 25 pictures a second. */
const LEAST_RATE = 24.9;

/** What translates, and signs that it can translate. */
interface Way {
  readonly name: string;
  readonly texts: readonly SignText[];
  /** In the place of the networks of the package. */
  readonly translators: TranslatorChoice | undefined;
}

const ways: readonly Way[] = [
  { name: 'phrases of signs', texts: signTexts, translators: phrasesOnly },
  { name: '`translate-west-en`', texts: plainSigns, translators: undefined },
];

/** What was seen of one sign. */
interface Appearance {
  readonly text: string;
  /** That was shown first. */
  readonly translation: string | undefined;
  /** From its first picture's being due to the first in which it is read, and to that in which its translation stands in full; ms, nothing where it never was. */
  readonly readMs: number | undefined;
  readonly translatedMs: number | undefined;
}

/** Figures of one way. */
interface LiveRun {
  readonly way: Way;
  readonly rate: number;
  readonly leftOut: string;
  readonly delays: readonly number[];
  readonly appearances: readonly Appearance[];
  readonly cpu: CpuShares | undefined;
}

/** Signs that appear before a live camera: how soon they are translated, and whether pictures keep coming. */
export const liveFigures: TextFigures = (settings) => liveRuns(settings, SECONDS);

/** {@link liveFigures} of another length. @param seconds More than two. */
export async function liveRuns(settings: TextSettings, seconds: number): Promise<Section> {
  const runs: LiveRun[] = [];
  for (const way of ways) runs.push(await measured(way, settings, seconds));
  return {
    title: 'Live: signs that appear before a camera',
    markdown: [
      markdownTable(
        [
          `${PICTURE_WIDTH}×${PICTURE_HEIGHT}, 25 a second; translated by`,
          'pictures a second',
          'left out',
          'delay of pictures, median',
          '95 %',
          'read after, median',
          'worst',
          'translated after, median',
          'worst',
          'main thread',
          'stolen',
        ],
        runs.map(({ way, rate, leftOut, delays, appearances, cpu }) => [
          ...[way.name, rate.toFixed(2), leftOut],
          ...[percentile(delays, 0.5), percentile(delays, 0.95)].map(inMs),
          ...middleAndWorst(appearances.flatMap(({ readMs }) => readMs ?? [])),
          ...middleAndWorst(appearances.flatMap(({ translatedMs }) => translatedMs ?? [])),
          ...[cpu?.mainThread, cpu?.stolen].map(inPercent),
        ]),
      ),
      markdownTable(
        ['sign', 'read after', 'translated after', 'shown'],
        runs.flatMap(({ appearances }) =>
          appearances.map(({ text, readMs, translatedMs, translation }) => [
            ...[text, inMs(readMs), inMs(translatedMs)],
            translation ?? '–',
          ]),
        ),
      ),
    ].join('\n\n'),
    notes: [
      `${seconds} s a way of the drawn street from a hand that shakes, in real time through the graph \`translate\` as \`LiveStream\` runs it (\`every: auto\`), warmed up, encoded by libx264 as live streams are; \`${settings.detector}\`, \`${settings.reader}\`; once with what stands on signs everywhere, which is looked up, and once with plain French that the network of the package translates`,
      'After: from the moment in which the first picture with the sign is due to that in which a picture leaves the graph that has it read, or its translation painted without transparency. Pictures come out of memory, at 25 a second by the clock; those that find no slot are left out',
      'Main thread: share of one processor that it had, of which it can have one; stolen: share of all processors that the host of a virtual machine gave to others meanwhile, in which nothing of this can run',
      ...runs.map(verdictOf),
    ],
  };
}

function verdictOf({ way, rate, appearances }: LiveRun): string {
  const translated = appearances.flatMap(({ translatedMs }) => translatedMs ?? []);
  const isSoon = translated.length > 0 && Math.max(...translated) < 1000 * MOST_SECONDS;
  return `By ${way.name}: pictures a second, goal 25, ${verdict(rate >= LEAST_RATE)}; a sign is translated within ${MOST_SECONDS} s: ${verdict(isSoon)}, ${translated.length} of ${appearances.length} signs were translated`;
}

async function measured(way: Way, settings: TextSettings, seconds: number): Promise<LiveRun> {
  const film = appearingSigns(seconds, way.texts);
  const run = await runLive(film, way, settings);
  const counted = run.left.filter(({ index }) => index >= COUNTED_FROM);
  const passed = ((counted.at(-1)?.atMs ?? 0) - (counted[0]?.atMs ?? 0)) / 1000;
  return {
    way,
    rate: (counted.length - 1) / passed,
    leftOut: `${run.leftOut} of ${film.pictures.length}`,
    delays: counted.map(({ index, atMs }) => atMs - run.dueMs(index)),
    appearances: run.appearances,
    cpu: run.cpu,
  };
}

/** A picture that left the graph. */
interface LeftPicture {
  readonly index: number;
  readonly atMs: number;
  readonly texts: TextsMeta['texts'];
}

async function runLive(film: AppearingFilm, way: Way, settings: TextSettings) {
  const graph = liveCadence(await translateGraph(settings, way));
  settings.progress(`${way.name}: warming up`);
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
      if (frame.index % FRAME_RATE === 0) {
        settings.progress(`${way.name}: second ${frame.index / FRAME_RATE} of ${film.pictures.length / FRAME_RATE}`);
      }
    },
  });
  const cpu = watchCpu();
  await live.run();
  return {
    cpu: cpu(),
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
    const isOnSign = (index: number, texts: TextsMeta['texts']): boolean => {
      const lines = texts.map(({ id, quad, text }) => ({ id, quad, says: text }));
      const [seen] = sightings({ signs: [sign] }, { ...shot, at: () => shot.at(index) }, [lines]);
      return seen?.frames[0]?.line !== undefined;
    };
    const first = (wanted: (text: SeenText) => boolean) => {
      const later = left.filter(({ index }) => index >= from);
      const found = later.flatMap(({ index, texts, atMs }) => {
        const text = texts.find((text) => wanted(text) && isOnSign(index, [text]));
        return text === undefined ? [] : [{ text, atMs }];
      })[0];
      return found === undefined ? undefined : { ...found, afterMs: found.atMs - source.dueMs(from) };
    };
    const shown = first((text) => text.opacity === 1 && isTranslation(text, sign));
    return {
      text: sign.text,
      translation: shown?.text.translation,
      readMs: first(() => true)?.afterMs,
      translatedMs: shown?.afterMs,
    };
  });
}

/** The sign's own translation; or, where a network has its own words for it, any of what was read right. */
function isTranslation({ text, translation = '' }: SeenText, sign: SignText): boolean {
  if (translation === sign.translation) return true;
  const isRight = comparedWords(text).join(' ') === comparedWords(sign.text).join(' ');
  return plainSigns.some((plain) => plain.text === sign.text) && isRight && translation !== '';
}

/** The preset, with networks of the settings, and what translates. */
function translateGraph({ detector, reader, shared }: TextSettings, { translators }: Way): Promise<Graph> {
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
      const operator = translateText({ ...options, translators });
      return ([video]) => [operator(video as Parameters<typeof operator>[0])];
    },
  };
  const replaced: readonly OperatorDefinition[] = [reading, translating] as readonly OperatorDefinition[];
  const operators = builtinOperators.map((operator) => replaced.find(({ name }) => name === operator.name) ?? operator);
  return loadGraph('translate', { operators });
}

function inPercent(share: number | undefined): string {
  return share === undefined ? '–' : `${Math.round(100 * share)} %`;
}

function middleAndWorst(values: readonly number[]): readonly string[] {
  return [inMs(median(values)), inMs(Math.max(...values))];
}

function inMs(value: number | undefined): string {
  return value !== undefined && Number.isFinite(value) ? `${value.toFixed(0)} ms` : '–';
}
