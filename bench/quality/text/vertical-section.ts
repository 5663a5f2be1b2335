import { defaultInferencePool } from '../../../models/default-pool.js';
import { FramePool } from '../../../pipeline/frame-pool.js';
import { markdownTable, threeDigits } from '../pose/markdown-table.js';
import { background, signPhotos } from './photographed-signs.js';
import { frameOf } from './plane-picture.js';
import { matchQuads } from './quad-matching.js';
import type { TextFigures, TextSettings } from './section.js';
import { findTesseract, readByTesseract } from './tesseract-command.js';
import { openedOrWhy, textModelFinder } from './text-models.js';
import { openTextPipeline, type ReadLine, type TextPipeline } from './text-reader.js';
import { cutSign, directions, drawVerticalSign, type VerticalSign, verticalSignCount } from './vertical-signs.js';
import { comparedWords, wordsRight } from './word-alignment.js';
import { wordsOfLines } from './word-counts.js';

/** Size of the font of what Tesseract is shown, pixels. */
const SHOWN_SIZE = 48;
/** Ways in which Tesseract is asked: its `--psm`. */
const modes = [7, 5, 6] as const;
/** Photographs without a sign that are looked at as well. */
const MOST_EMPTY = 40;
const EMPTY_SIDES = [640, 640] as const;

/** From one sign to the next: a part of them has all fonts and looks in it. */
const SPREAD = 37;

/** What became of one sign. */
interface SignRead {
  readonly sign: VerticalSign;
  readonly isFound: boolean;
  readonly wanted: number;
  readonly right: number;
  /** Words that Tesseract read, by its mode. */
  readonly peer: ReadonlyMap<number, number>;
}

/** Signs that hang upright, upside down, turned by a quarter either way, and with letters one below the other. */
export const verticalFigures: TextFigures = async (settings) => {
  const title = 'Directions: signs upright, upside down, turned and stacked';
  const finder = textModelFinder(settings.shared);
  const pipeline = await openedOrWhy(() => openTextPipeline(settings, finder, defaultInferencePool()));
  if (typeof pipeline === 'string') return { title, markdown: '', notes: [`**Skipped**: ${pipeline}`] };
  await using opened = pipeline;
  const tesseract = await findTesseract();
  const photos = await signPhotos(settings.shared);
  const read = await readSigns(opened, photos, tesseract?.languages ?? [], settings);
  const rows = directions.map((direction) => {
    const own = read.filter(({ sign }) => sign.direction === direction);
    const found = own.filter(({ isFound }) => isFound).length / own.length;
    const peers = modes.map((mode) => wordShare(own, ({ peer }) => peer.get(mode)));
    return [
      direction,
      own.length,
      threeDigits(found),
      threeDigits(wordShare(own, ({ right }) => right)),
      ...peers.map(orDash),
    ];
  });
  const [lines, empty] = await linesInNothing(opened, photos, settings);
  return {
    title,
    markdown: markdownTable(
      ['direction', 'signs', 'found', 'words read', ...modes.map((mode) => `Tesseract \`--psm ${mode}\``)],
      rows.map((row) => row.map(String)),
    ),
    notes: [
      `Words as signs have them, in ${photos.length === 0 ? 'grey slopes (there are no photographs in the shared folder)' : `${photos.length} photographs of BSDS500`}: four fonts from 20 to 44 px, six boards and one outline without a board, leaning by up to 6°; \`${settings.detector}\`, \`${settings.reader}\` as \`read-text\` runs them on one frame`,
      'Found: a line that overlaps the sign by half (IoU 0.5). Words count where they were read in that line, accents included, without regard to case; those of signs that were not found are wrong',
      tesseract === undefined
        ? 'There is no `tesseract` on this machine: its columns are empty'
        : `${tesseract.version} is shown the sign cut out by its true place, ${SHOWN_SIZE} px large, in its language: 7 is for a line, 5 for a block of text that stands, 6 for a block of lines, of which stacked letters are put together again`,
      `In ${empty} of the photographs without a sign ${lines} ${lines === 1 ? 'line was' : 'lines were'} shown`,
    ],
  };
};

async function readSigns(
  pipeline: TextPipeline,
  photos: readonly string[],
  languages: readonly string[],
  { mostScenes, progress }: TextSettings,
): Promise<readonly SignRead[]> {
  const each = Math.min(verticalSignCount, Math.max(1, Math.floor(mostScenes / directions.length)));
  const pool = new FramePool({ slots: 1, name: 'signs' });
  const read: SignRead[] = [];
  for (const direction of directions) {
    for (let i = 0; i < each; i++) {
      progress(`${direction}, sign ${i + 1} of ${each}`);
      const n = (i * SPREAD) % verticalSignCount;
      const sign = await drawVerticalSign(n, direction, photos);
      const frame = frameOf(sign.picture, pool);
      const { places, lines } = await pipeline.look(frame);
      frame.close();
      read.push({
        ...judged(sign, lines),
        isFound: matchQuads(places, [sign.quad]).length > 0,
        peer: await peerWords(sign, languages),
      });
    }
  }
  return read;
}

function judged(sign: VerticalSign, lines: readonly ReadLine[]): Pick<SignRead, 'sign' | 'wanted' | 'right'> {
  const { right, wanted } = wordsOfLines(lines, [{ quad: sign.quad, text: sign.text, ignored: false }]);
  return { sign, right, wanted };
}

/** How many words Tesseract reads, by its mode; nothing without data for the language. */
async function peerWords(sign: VerticalSign, languages: readonly string[]): Promise<ReadonlyMap<number, number>> {
  if (!languages.includes(sign.language)) return new Map();
  const words = comparedWords(sign.text);
  const shown = cutSign(sign, SHOWN_SIZE);
  const counts = modes.map(async (mode): Promise<readonly [number, number]> => {
    const text = await readByTesseract(shown, sign.language, mode);
    if (sign.direction !== 'stacked') return [mode, wordsRight(words, comparedWords(text))];
    const letters = text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
    return [mode, words.filter((word) => letters.includes(word)).length];
  });
  return new Map(await Promise.all(counts));
}

/** Share of words; nothing where they were not read. */
function wordShare(read: readonly SignRead[], rightOf: (one: SignRead) => number | undefined): number {
  const asked = read.filter((one) => rightOf(one) !== undefined);
  const wanted = asked.reduce((sum, one) => sum + one.wanted, 0);
  return asked.reduce((sum, one) => sum + (rightOf(one) ?? 0), 0) / wanted;
}

/** @returns lines that are shown in photographs without a sign, and how many photographs there are. */
async function linesInNothing(
  pipeline: TextPipeline,
  photos: readonly string[],
  { mostScenes, progress }: TextSettings,
): Promise<readonly [lines: number, photos: number]> {
  const pool = new FramePool({ slots: 1, name: 'photographs' });
  const count = Math.min(MOST_EMPTY, photos.length, mostScenes);
  let lines = 0;
  for (let n = 0; n < count; n++) {
    progress(`photograph ${n + 1} of ${count}`);
    const frame = frameOf(await background(photos, n, EMPTY_SIDES), pool);
    lines += (await pipeline.look(frame)).lines.length;
    frame.close();
  }
  return [lines, count];
}

function orDash(share: number): string {
  return Number.isFinite(share) ? threeDigits(share) : '–';
}
