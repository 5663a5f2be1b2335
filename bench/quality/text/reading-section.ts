import { defaultInferencePool } from '../../../models/default-pool.js';
import type { TextQuad } from '../../../operators/text/texts-meta.js';
import { withPicture } from '../pose/accuracy.js';
import { markdownTable, threeDigits } from '../pose/markdown-table.js';
import { verdict } from '../section.js';
import { type LabelledCrop, readCrops, readWordCrops } from './labelled-scenes.js';
import { calibrationError, readingFigures as figuresOf, type JudgedLine, sureLines } from './reading-tally.js';
import type { TextFigures, TextSettings } from './section.js';
import { modelTitle, openedOrWhy, textModelFinder } from './text-models.js';
import { isShown, type LineSight, openLineSight } from './text-reader.js';

const MOST_ERRORS = 0.03;
/** Kinds of drawn lines that say something and stand upright. */
const upright = ['scene', 'subtitle', 'print', 'intertitle'];
/** Those that say nothing as they lie there. */
const unreadable = ['turned', 'nothing', 'foreign'];
/** Lines of at least this height are legible to everybody, pixels. */
const LEGIBLE = 24;

/** A line with what a reader makes of it. */
interface ReadCrop extends LabelledCrop, JudgedLine {
  /** `read-text` shows it. */
  readonly isShown: boolean;
  /** `read-text` reads it the other way round. */
  readonly isTurned: boolean;
}

/** A reader, and what it reads. */
interface Candidate {
  readonly title: string;
  readonly drawn: readonly ReadCrop[];
  readonly words: readonly ReadCrop[];
}

/** Mistakes in lines and words, how well scores tell of them, and what becomes of lines that say nothing as they lie there; beside another reader. */
export const readingFigures: TextFigures = async (settings) => {
  const drawn = settings.lines === undefined ? undefined : await readCrops(settings.lines);
  const words = await readWordCrops(settings.shared);
  const crops = { drawn: drawn?.slice(0, settings.mostLines) ?? [], words: words ?? [] };
  const opened = [
    await candidateOf(settings.reader, crops, settings),
    await candidateOf(settings.peerReader, crops, settings),
  ];
  const candidates = opened.filter((one): one is Candidate => typeof one !== 'string');
  return {
    title: 'Lines read',
    markdown: [
      ...(crops.drawn.length > 0 ? drawnTables(candidates) : []),
      ...(crops.words.length > 0 ? [wordTable(candidates)] : []),
    ].join('\n\n'),
    notes: [
      ...opened.filter((one) => typeof one === 'string'),
      ...(crops.drawn.length > 0
        ? [...goalNotes(opened[0]), ...drawnNotes]
        : [`Drawn lines: skipped, there is no labels.json in ${settings.lines ?? '--lines'}`]),
      ...(words === undefined
        ? [`Words: skipped, there is no data/text/mmocr in ${settings.shared}`]
        : ['Words: the ten pictures of `mmocr/rec_toy_dataset`']),
    ],
  };
};

const drawnNotes = [
  'Drawn lines: fonts and sentences kept out of training, scaled to 32 px, with the room around them that a detector leaves; readers that `read-text` gives more room have it here too, where the edge goes on. CER: characters put in, left out and mistaken (Levenshtein), of those that are there; capitals, accents and marks count. Without accents: lines of ASCII alone, which are all that a network for English can be asked for',
  'Not to be read: turned lines stand on their heads, nothing is a picture without text, foreign lines are in other scripts. Shown: `read-text` would show something there; turned round: it reads the line the other way round, which is right for turned ones',
  'How sure: lines that say something, by score; a score says how many of the characters are right, and the calibration error is the mean difference of both over ten bins',
];

function drawnTables(candidates: readonly Candidate[]): string[] {
  const [ours] = candidates;
  return [
    markdownTable(
      ['drawn lines', 'by', 'CER', 'lines all right', 'lines', 'characters'],
      groups.flatMap(groupRows(candidates)),
    ),
    markdownTable(
      ['not to be read', 'by', 'shown', 'turned round', 'lines'],
      unreadable.flatMap(silentRows(candidates)),
    ),
    ...(ours === undefined ? [] : [sureTable(ours)]),
  ];
}

interface Group {
  readonly title: string;
  readonly has: (crop: LabelledCrop) => boolean;
}

const groups: readonly Group[] = [
  { title: 'all', has: saysSomething },
  ...upright.map((kind) => ({ title: kind, has: (crop: LabelledCrop) => crop.kind === kind })),
  { title: `at least ${LEGIBLE} px high`, has: (crop) => saysSomething(crop) && crop.height >= LEGIBLE },
  { title: 'without accents', has: (crop) => saysSomething(crop) && /^[\x20-\x7e]*$/.test(crop.truth) },
];

function saysSomething({ kind }: LabelledCrop): boolean {
  return upright.includes(kind);
}

/** What a reader makes of all lines; or why it cannot be asked. */
async function candidateOf(
  reader: string,
  { drawn, words }: Readonly<Record<'drawn' | 'words', readonly LabelledCrop[]>>,
  { shared, progress }: TextSettings,
): Promise<Candidate | string> {
  const title = modelTitle(reader);
  const opened = await openedOrWhy(() => openLineSight(reader, textModelFinder(shared), defaultInferencePool()));
  if (typeof opened === 'string') return `${title}: skipped, ${opened}`;
  await using sight = opened;
  const read: ReadCrop[] = [];
  for (const crop of [...drawn, ...words]) {
    progress(`${title}: line ${read.length + 1} of ${drawn.length + words.length}`);
    read.push(await readCrop(crop, sight));
  }
  return { title, drawn: read.slice(0, drawn.length), words: read.slice(drawn.length) };
}

function readCrop(crop: LabelledCrop, sight: LineSight): Promise<ReadCrop> {
  return withPicture(crop.path, async (frame) => {
    const { width, height } = frame;
    const quad: TextQuad = [
      [0, 0],
      [width, 0],
      [width, height],
      [0, height],
    ];
    const isSilent = unreadable.includes(crop.kind);
    const line = await (isSilent ? sight.readNew(frame, quad) : sight.read(frame, quad));
    const isTurned = line.quad[0][0] !== quad[0][0];
    return { ...crop, text: line.text, score: line.score, isShown: isShown(line), isTurned };
  });
}

function groupRows(candidates: readonly Candidate[]): (group: Group) => string[][] {
  return ({ title, has }) =>
    candidates.map((candidate, i) => {
      const { errorRate, allRight, lines, characters } = figuresOf(candidate.drawn.filter(has));
      return [
        i === 0 ? title : '',
        candidate.title,
        percent(errorRate),
        percent(allRight, 1),
        `${lines}`,
        `${characters}`,
      ];
    });
}

function silentRows(candidates: readonly Candidate[]): (kind: string) => string[][] {
  return (kind) =>
    candidates.map(({ title, drawn }, i) => {
      const own = drawn.filter((crop) => crop.kind === kind);
      const share = (has: (crop: ReadCrop) => boolean): string => percent(own.filter(has).length / own.length, 1);
      return [
        i === 0 ? kind : '',
        title,
        share((crop) => crop.isShown),
        share((crop) => crop.isTurned),
        `${own.length}`,
      ];
    });
}

function sureTable({ title, drawn }: Candidate): string {
  const rows = sureLines(drawn.filter(saysSomething)).map(({ from, to, lines, sure, charactersRight, allRight }) => [
    `${from.toFixed(1)}–${to.toFixed(1)}`,
    ...[sure, charactersRight, allRight].map(threeDigits),
    `${lines}`,
  ]);
  return markdownTable([`how sure ${title} is`, 'mean score', 'characters right', 'lines all right', 'lines'], rows);
}

function wordTable(candidates: readonly Candidate[]): string {
  const [first] = candidates;
  const rows = (first?.words ?? []).map(({ truth }, i) => [
    truth,
    ...candidates.map(({ words }) => wordCell(words[i])),
  ]);
  const all = candidates.map(({ words }) => {
    const { errorRate, allRight } = figuresOf(words);
    return `CER ${percent(errorRate)}, ${Math.round(allRight * words.length)} of ${words.length} right`;
  });
  return markdownTable(['word', ...candidates.map(({ title }) => title)], [...rows, ['all', ...all]]);
}

function wordCell(word: ReadCrop | undefined): string {
  return word === undefined
    ? ''
    : `\`${word.text.replaceAll('|', '\\|').replaceAll('`', "'")}\` ${word.score.toFixed(2)}`;
}

/** Of our reader. */
function goalNotes(ours: Candidate | string | undefined): string[] {
  if (ours === undefined || typeof ours === 'string') return [];
  const judged = ours.drawn.filter(saysSomething);
  const { errorRate } = figuresOf(judged);
  return [
    `CER ${percent(errorRate)}, goal at most ${percent(MOST_ERRORS, 0)}, ${verdict(errorRate <= MOST_ERRORS)}; calibration error ${threeDigits(calibrationError(judged))}`,
  ];
}

function percent(share: number, digits = 2): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : '–';
}
