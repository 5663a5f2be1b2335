import { defaultInferencePool } from '../../../models/default-pool.js';
import { withPicture } from '../pose/accuracy.js';
import { markdownTable, threeDigits } from '../pose/markdown-table.js';
import { verdict } from '../section.js';
import { joinedWords } from './joined-words.js';
import { type LabelledScene, readPhotographs, readScenes } from './labelled-scenes.js';
import { countLines, type LineFigures, lineFigures, summedCounts } from './quad-matching.js';
import type { TextFigures, TextSettings } from './section.js';
import { modelTitle, openedOrWhy, textModelFinder } from './text-models.js';
import { openTextPipeline, type TextLook } from './text-reader.js';
import { summedWords, type WordCounts, wordsInLines, wordsOfLines } from './word-counts.js';

const GOALS = { f: 0.9, words: 0.85, ofPeer: 0.7 };
/** Lines of at least this height are legible to everybody, pixels. */
const LEGIBLE = 24;

/** A picture with what was seen in it. */
interface SeenScene extends LabelledScene {
  readonly look: TextLook;
}

/** A detector and a reader, and what they see. */
interface Candidate {
  readonly detector: string;
  readonly title: string;
  readonly drawn: readonly SeenScene[];
  readonly photographs: readonly SeenScene[];
}

/**
 * Lines found and words read on drawn scenes and on photographs, beside public networks. Lines are matched as `quad-matching.ts` says, words as `word-counts.ts`.
 * What is not on this machine is left out, and the notes say so.
 */
export const detectionFigures: TextFigures = async (settings) => {
  const drawn = settings.scenes === undefined ? undefined : await readScenes(settings.scenes);
  const scenes = {
    drawn: drawn?.slice(0, settings.mostScenes) ?? [],
    photographs: await readPhotographs(settings.shared),
  };
  const opened = [
    await candidateOf(settings.detector, settings.reader, scenes, settings),
    await candidateOf(settings.peerDetector, settings.peerReader, scenes, settings),
  ];
  const candidates = opened.filter((one): one is Candidate => typeof one !== 'string');
  const [lines, words] = [lineSets.filter(hasPictures(candidates)), wordSets.filter(hasPictures(candidates))];
  return {
    title: 'Text found, and read where it was found',
    markdown: [
      markdownTable(
        ['lines', 'by', 'precision', 'recall', 'F', 'there', 'F, times the other’s'],
        lines.flatMap(lineRows(candidates)),
      ),
      markdownTable(
        ['words', 'by', 'right', 'there', 'share', 'times the other’s'],
        words.flatMap(wordRows(candidates)),
      ),
    ].join('\n\n'),
    notes: [
      ...opened.filter((one) => typeof one === 'string'),
      ...(scenes.drawn.length > 0
        ? goalNotes(opened[0])
        : [`Drawn scenes: skipped, there is no labels.json in ${settings.scenes ?? '--scenes'}`]),
      ...(scenes.photographs === undefined
        ? [`Photographs: skipped, there is no data/text/mmocr in ${settings.shared}`]
        : peerNotes(candidates)),
      ...notes,
    ],
  };
};

const notes = [
  'Drawn: scenes with fonts, sentences and photographs kept out of training. Photographs: the ten of ICDAR 2015 in `mmocr/det_toy_dataset`. A line is found where it and a box share half of what they cover together (IoU 0.5), one to one; what is too small, faint or cut off, and what the labels ignore, is neither asked for nor a mistake',
  'Words: in lower case, without marks at their ends. Found and read as `read-text` does it, upside-down lines and limits included. In drawn scenes a word is right where the line found for its line was read with it in its place (longest common subsequence of the words of both); words of lines that were not found are wrong. In photographs, whose labels are words, it is compared with the words of the found line that covers at least half of it. What they say was written down by us, as the labels do not have it',
];

interface LineSet {
  readonly title: string;
  readonly of: 'drawn' | 'photographs';
  readonly figures: (scenes: readonly SeenScene[]) => LineFigures & { readonly wanted: number };
}

const lineSets: readonly LineSet[] = [
  { title: 'drawn, all', of: 'drawn', figures: (scenes) => linesFound(scenes) },
  { title: `drawn, at least ${LEGIBLE} px high`, of: 'drawn', figures: (scenes) => linesFound(scenes, LEGIBLE) },
  { title: 'photographs, words as labelled', of: 'photographs', figures: (scenes) => linesFound(scenes) },
  {
    title: 'photographs, words joined into lines',
    of: 'photographs',
    figures: (scenes) => linesFound(scenes.map((scene) => ({ ...scene, lines: joinedWords(scene.lines) }))),
  },
];

interface WordSet {
  readonly title: string;
  readonly of: 'drawn' | 'photographs';
  readonly counts: (scenes: readonly SeenScene[]) => WordCounts;
}

const wordSets: readonly WordSet[] = [
  { title: 'drawn, all', of: 'drawn', counts: (scenes) => wordsRead(scenes) },
  { title: `drawn, at least ${LEGIBLE} px high`, of: 'drawn', counts: (scenes) => wordsRead(scenes, LEGIBLE) },
  {
    title: 'photographs',
    of: 'photographs',
    counts: (scenes) => summedWords(scenes.map(({ look, lines }) => wordsInLines(look.lines, lines))),
  },
];

function linesFound(scenes: readonly SeenScene[], leastHeight = 0): LineFigures & { readonly wanted: number } {
  const counts = summedCounts(scenes.map(({ look, lines }) => countLines(look.boxes, lines, leastHeight)));
  return { ...lineFigures(counts), wanted: counts.wanted };
}

function wordsRead(scenes: readonly SeenScene[], leastHeight = 0): WordCounts {
  return summedWords(scenes.map(({ look, lines }) => wordsOfLines(look.lines, lines, leastHeight)));
}

/** What a pair of models sees in all pictures; or why it cannot be asked. */
async function candidateOf(
  detector: string,
  reader: string,
  {
    drawn,
    photographs = [],
  }: { readonly drawn: readonly LabelledScene[]; readonly photographs: readonly LabelledScene[] | undefined },
  { shared, progress }: TextSettings,
): Promise<Candidate | string> {
  const title = `${modelTitle(detector)} + ${modelTitle(reader)}`;
  const opened = await openedOrWhy(() =>
    openTextPipeline({ detector, reader }, textModelFinder(shared), defaultInferencePool()),
  );
  if (typeof opened === 'string') return `${title}: skipped, ${opened}`;
  await using pipeline = opened;
  const seen: SeenScene[] = [];
  for (const [i, scene] of [...drawn, ...photographs].entries()) {
    progress(`${title}: picture ${i + 1} of ${drawn.length + photographs.length}`);
    seen.push({ ...scene, look: await withPicture(scene.path, (frame) => pipeline.look(frame)) });
  }
  return {
    detector: modelTitle(detector),
    title,
    drawn: seen.slice(0, drawn.length),
    photographs: seen.slice(drawn.length),
  };
}

function hasPictures(candidates: readonly Candidate[]): (set: Pick<LineSet, 'of'>) => boolean {
  return ({ of }) => candidates.some((candidate) => candidate[of].length > 0);
}

function lineRows(candidates: readonly Candidate[]): (set: LineSet) => string[][] {
  return ({ title, of, figures }) => {
    const found = candidates.map((candidate) => figures(candidate[of]));
    const ratio = ratioOf(found.map(({ f }) => f));
    return candidates.map(({ detector }, i) => {
      const { precision, recall, f, wanted } = found[i] as ReturnType<typeof figures>;
      return [
        ...heads(title, detector, i),
        ...[precision, recall, f].map(threeDigits),
        `${wanted}`,
        i === 0 ? ratio : '',
      ];
    });
  };
}

function wordRows(candidates: readonly Candidate[]): (set: WordSet) => string[][] {
  return ({ title, of, counts }) => {
    const read = candidates.map((candidate) => counts(candidate[of]));
    const ratio = ratioOf(read.map(shareOf));
    return candidates.map((candidate, i) => {
      const { right, wanted } = read[i] as WordCounts;
      const share = threeDigits(shareOf({ right, wanted }));
      return [...heads(title, candidate.title, i), `${right}`, `${wanted}`, share, i === 0 ? ratio : ''];
    });
  };
}

/** What is measured stands in the first of its rows only. */
function heads(measured: string, by: string, row: number): string[] {
  return [row === 0 ? measured : '', by];
}

function ratioOf([ours, peer]: readonly number[]): string {
  return ours === undefined || peer === undefined || peer === 0 ? '–' : (ours / peer).toFixed(2);
}

/** Of our networks at legible sizes. */
function goalNotes(ours: Candidate | string | undefined): string[] {
  if (ours === undefined || typeof ours === 'string') return [];
  const [{ f }, share] = [linesFound(ours.drawn, LEGIBLE), shareOf(wordsRead(ours.drawn, LEGIBLE))];
  return [
    `Drawn lines of at least ${LEGIBLE} px: F ${threeDigits(f)}, goal at least ${GOALS.f}, ${verdict(f >= GOALS.f)}; words ${threeDigits(share)}, goal at least ${GOALS.words}, ${verdict(share >= GOALS.words)}`,
  ];
}

/** Of both on photographs: lines, and words. */
function peerNotes([ours, peer]: readonly Candidate[]): string[] {
  if (ours === undefined || peer === undefined) return [];
  const told = (what: string, measure: (scenes: readonly SeenScene[]) => number): string => {
    const [own, other] = [measure(ours.photographs), measure(peer.photographs)];
    return `${what} ${ratioOf([own, other])}, ${verdict(own >= GOALS.ofPeer * other)}`;
  };
  const all = [
    ...lineSets.filter(isReal).map(({ title, figures }) => told(`F of ${title}`, (scenes) => figures(scenes).f)),
    ...wordSets.filter(isReal).map(({ counts }) => told('words read', (scenes) => shareOf(counts(scenes)))),
  ];
  return [`Of what ${peer.title} reaches, goal at least ${GOALS.ofPeer}: ${all.join('; ')}`];
}

function isReal({ of }: Pick<LineSet, 'of'>): boolean {
  return of === 'photographs';
}

function shareOf({ right, wanted }: WordCounts): number {
  return right / Math.max(1, wanted);
}
