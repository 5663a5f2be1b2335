import { join } from 'node:path';
import { bankSheet, type SheetLine } from '../../operators/foley/bank/bank-sheet.js';
import { readUserSounds } from '../../operators/foley/bank/user/user-sounds.js';
import { actions, bedKinds, materials } from '../../operators/foley/bank/vocabulary.js';
import { SAMPLE_RATE } from '../../operators/foley/sample-rate.js';
import { type Color, ColorPicture, textWidth } from './color-picture.js';
import { drawSpectrogram } from './draw-spectrogram.js';
import { wavFile } from './wav-file.js';
import { ensureFolder, refuseExisting, writeNew } from './write-new.js';

/** Flags of `vitascope sounds play-sheet`. */
export interface SheetFlags {
  readonly output: string;
  readonly bank?: string;
  readonly wav?: string;
  readonly overwrite?: boolean;
}

/** Of the spectrogram of an event; what is longer is cut there. */
const EVENT_SECONDS = 1.2;
const BED_SECONDS = 10;
const [CELL_WIDTH, CELL_HEIGHT, GAP, MARGIN] = [216, 92, 6, 14];
const [LABEL_WIDTH, CAPTION_HEIGHT, HEAD_HEIGHT] = [96, 14, 28];
const COLUMNS = actions.length;
const BED_COLUMNS = 2;
const [PAPER, INK, FAINT]: readonly [Color, Color, Color] = [
  [24, 24, 28],
  [236, 236, 236],
  [150, 150, 158],
];
const WIDTH = 2 * MARGIN + LABEL_WIDTH + COLUMNS * (CELL_WIDTH + GAP);
const BED_WIDTH = Math.floor((WIDTH - 2 * MARGIN + GAP) / BED_COLUMNS) - GAP;

/** Where a sound is drawn, and what is written above it. */
interface Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly seconds: number;
  readonly caption: string;
}

/** Writes the spectrograms of all kinds of sounds as one PNG, and on request the sounds as WAV files. @throws VitascopeError `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE`, and those of a folder of sounds */
export async function writeSheet({ output, bank, wav, overwrite }: SheetFlags): Promise<void> {
  refuseExisting(output, overwrite);
  const users = bank === undefined ? undefined : await readUserSounds(bank);
  if (wav !== undefined) await ensureFolder(wav);
  const lines = [...bankSheet(users)];
  const own = lines.filter(({ source }) => source === 'own');
  const mine = lines.filter(({ source }) => source === 'user');
  const picture = new ColorPicture(WIDTH, heightFor(mine.length), PAPER);
  drawHeads(picture, mine.length);
  for (const line of lines) {
    const samples = line.samples();
    drawCell(picture, cellOf(line, line.source === 'own' ? own : mine), samples);
    if (wav !== undefined) await writeNew(join(wav, wavName(line)), wavFile([samples], SAMPLE_RATE), overwrite);
  }
  await writeNew(output, picture.png(), overwrite);
  process.stderr.write(
    `${output}: ${own.length} kinds${mine.length > 0 ? ` and ${mine.length} sounds of yours` : ''}\n`,
  );
  if (wav !== undefined) process.stderr.write(`${wav}: ${lines.length} WAV files\n`);
}

const rowTop = (begin: number, row: number): number => begin + row * (CELL_HEIGHT + CAPTION_HEIGHT + GAP);
const EVENTS_TOP = MARGIN + HEAD_HEIGHT;
const BEDS_TOP = rowTop(EVENTS_TOP, materials.length) + HEAD_HEIGHT;
const USERS_TOP = rowTop(BEDS_TOP, Math.ceil(bedKinds.length / BED_COLUMNS)) + HEAD_HEIGHT;

function heightFor(users: number): number {
  const end = users === 0 ? USERS_TOP - HEAD_HEIGHT : rowTop(USERS_TOP, Math.ceil(users / COLUMNS));
  return end + MARGIN;
}

function drawHeads(picture: ColorPicture, users: number): void {
  const head = (text: string, begin: number): void => picture.text(text, MARGIN, begin - HEAD_HEIGHT + 5, INK, 2);
  head(`events, ${EVENT_SECONDS} s each, 50 hz - 20 khz; lines at 100, 1000, 10000 hz`, EVENTS_TOP);
  head(`beds, ${BED_SECONDS} s each`, BEDS_TOP);
  if (users > 0) head(`yours, ${EVENT_SECONDS} s of each`, USERS_TOP);
  for (const [row, material] of materials.entries()) {
    picture.text(material, MARGIN, rowTop(EVENTS_TOP, row) + CAPTION_HEIGHT + CELL_HEIGHT / 2 - 7, INK, 2);
  }
}

/** Events of our own have a row a material and a column an action; all else follows one another. */
function cellOf(line: SheetLine, among: readonly SheetLine[]): Cell {
  const loudness = `${line.loudness.toFixed(0)} lufs`;
  if (line.source === 'user') {
    const index = among.indexOf(line);
    const x = MARGIN + LABEL_WIDTH + (index % COLUMNS) * (CELL_WIDTH + GAP);
    const y = rowTop(USERS_TOP, Math.floor(index / COLUMNS));
    return { x, y, width: CELL_WIDTH, seconds: EVENT_SECONDS, caption: line.id.slice('user:'.length) };
  }
  if (line.kind === 'bed') {
    const index = indexIn(bedKinds, line.material);
    const x = MARGIN + (index % BED_COLUMNS) * (BED_WIDTH + GAP);
    const y = rowTop(BEDS_TOP, Math.floor(index / BED_COLUMNS));
    return { x, y, width: BED_WIDTH, seconds: BED_SECONDS, caption: `${line.material}  ${loudness}` };
  }
  const x = MARGIN + LABEL_WIDTH + actions.indexOf(line.kind) * (CELL_WIDTH + GAP);
  const y = rowTop(EVENTS_TOP, indexIn(materials, line.material));
  const caption = `${line.kind}  ${line.seconds.toFixed(1)} s  ${loudness}`;
  return { x, y, width: CELL_WIDTH, seconds: EVENT_SECONDS, caption };
}

function indexIn(kinds: readonly string[], kind: string | undefined): number {
  return kinds.indexOf(kind ?? '');
}

function drawCell(picture: ColorPicture, { x, y, width, seconds, caption }: Cell, samples: Float32Array): void {
  const fitting = [...caption].slice(0, Math.floor((width / textWidth('mm')) * 2)).join('');
  picture.text(fitting, x, y + 2, FAINT);
  const box = { x, y: y + CAPTION_HEIGHT, width, height: CELL_HEIGHT };
  drawSpectrogram(picture, box, { samples, sampleRate: SAMPLE_RATE, seconds });
}

/** `strike-metal.wav`, `bed-rain.wav`, `mine-boots-gravel.wav`. */
function wavName({ source, kind, material, id }: SheetLine): string {
  if (source === 'own') return `${kind}-${material}.wav`;
  const plain = id
    .slice('user:'.length)
    .replace(/\.[^./]*$/, '')
    .replace(/[^\p{L}\p{N}.-]+/gu, '-');
  return `mine-${plain}.wav`;
}
