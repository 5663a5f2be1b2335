// Puts the spectrogram of a film's true sound above that of ours, with the onsets that are heard and the events that are seen drawn in: a PNG a film, and one of all.
// Run: npm run foley:sheets -- ../shared/data/foley/clips -o out/foley-sheets [--set foley.sensitivity=0.6]
// Takes films and folders of films. It needs ffmpeg, and for the onsets Debian's python3-opencv and python3-numpy.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { DECODED_RATE, decodeSound } from '../bench/quality/foley/decode-sound.js';
import { type HeardClip, heardClips } from '../bench/quality/foley/heard-clips.js';
import { makeSound } from '../bench/quality/foley/make-sound.js';
import { OnsetScore } from '../bench/quality/foley/onset-score.js';
import { type Box, type Color, ColorPicture, textWidth } from '../cli/sounds/color-picture.js';
import { drawSpectrogram, type LevelRange } from '../cli/sounds/draw-spectrogram.js';
import { disposeDefaultInferencePool } from '../models/default-pool.js';
import type { ImpactCue, SoundCue } from '../operators/foley/cues.js';

const films = ['.mp4', '.mkv', '.mov', '.webm', '.avi'];
/** Of a sheet of one film, and of one in the sheet of all. */
const sizes = { one: { width: 1500, height: 210 }, all: { width: 760, height: 110 } } as const;
const COLUMNS = 2;
const [MARGIN, TITLE, LABELS] = [10, 26, 34];
const [PAPER, INK, FAINT, TRUE, OURS]: readonly [Color, Color, Color, Color, Color] = [
  [24, 24, 28],
  [236, 236, 236],
  [150, 150, 158],
  [90, 255, 130],
  [90, 210, 255],
];
/** From silence to the loudest, decibels: true sounds are recorded at any level. */
const RANGE_DB = 80;

/** A film with its true sound, ours, and what was seen. */
interface Sounded {
  readonly heard: HeardClip;
  readonly truth: Float32Array;
  readonly ours: Float32Array;
  readonly cues: readonly SoundCue[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string', short: 'o', default: 'out/foley-sheets' },
    set: { type: 'string', short: 's', multiple: true, default: [] },
  },
});
const paths = positionals.flatMap(filmsIn);
if (paths.length === 0) throw new Error('no films: npm run foley:sheets -- FILM-OR-FOLDER… [-o FOLDER]');
await mkdir(values.output, { recursive: true });
const work = await mkdtemp(join(tmpdir(), 'vitascope-sheets-'));
const small: ColorPicture[] = [];
try {
  for (const heard of await heardClips(paths)) {
    const film = await sounded(heard);
    const path = join(values.output, `${heard.name}.png`);
    await writeFile(path, drawSheet(film, sizes.one).png());
    small.push(drawSheet(film, sizes.all));
    console.log(`${path}: ${summary(film)}`);
  }
  await writeFile(join(values.output, 'all.png'), together(small).png());
  console.log(join(values.output, 'all.png'));
} finally {
  await disposeDefaultInferencePool();
  await rm(work, { recursive: true, force: true });
}

function filmsIn(path: string): string[] {
  if (!existsSync(path)) throw new Error(`there is no ${path}`);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => films.includes(extname(name).toLowerCase()))
    .sort()
    .map((name) => join(path, name));
}

async function sounded(heard: HeardClip): Promise<Sounded> {
  const output = join(work, `${basename(heard.path, extname(heard.path))}.mp4`);
  const { path, cues } = await makeSound(heard.path, output, [
    ...['foley.when=replace', 'foley.mix=replace'],
    ...values.set,
  ]);
  return { heard, truth: await decodeSound(heard.path), ours: await soundOrSilence(path), cues };
}

/** A film in which nothing is seen comes out without sound. */
async function soundOrSilence(path: string): Promise<Float32Array> {
  return await decodeSound(path).catch(() => new Float32Array(0));
}

function impactsOf({ cues }: Sounded): readonly ImpactCue[] {
  return cues.filter((cue): cue is ImpactCue => cue.kind === 'impact');
}

function summary(film: Sounded): string {
  const score = new OnsetScore();
  const impacts = impactsOf(film);
  score.add(
    impacts.map(({ atUs }) => atUs / 1e6),
    film.heard.onsets,
  );
  return `f1 ${score.f1.toFixed(2)}, ${impacts.length} seen, ${film.heard.onsets.length} heard`;
}

function drawSheet(film: Sounded, { width, height }: (typeof sizes)['one' | 'all']): ColorPicture {
  const picture = new ColorPicture(width + 2 * MARGIN, TITLE + 2 * height + LABELS + 3 * MARGIN, PAPER);
  const top: Box = { x: MARGIN, y: TITLE, width, height };
  const bottom: Box = { ...top, y: TITLE + height + MARGIN };
  picture.text(`${film.heard.name}: ${summary(film)}; true sound above, ours below`, MARGIN, 8, INK);
  const { seconds } = film.heard;
  drawSound(picture, top, film.truth, seconds);
  drawSound(picture, bottom, film.ours, seconds);
  const columnOf = (time: number): number => MARGIN + Math.round((time / seconds) * width);
  for (const time of film.heard.onsets) {
    picture.fill({ x: columnOf(time), y: top.y, width: 1, height: height + MARGIN }, TRUE);
    dashed(picture, columnOf(time), bottom);
  }
  for (const { atUs } of impactsOf(film)) {
    picture.fill({ x: columnOf(atUs / 1e6), y: bottom.y, width: 1, height: height + 4 }, OURS);
  }
  drawWords(picture, bottom, film, columnOf);
  for (let second = 0; second <= seconds; second++) {
    picture.fill({ x: columnOf(second), y: top.y - 4, width: 1, height: 4 }, FAINT);
    picture.text(`${second}`, columnOf(second) + 2, top.y - 9, FAINT);
  }
  return picture;
}

function drawSound(picture: ColorPicture, box: Box, samples: Float32Array, seconds: number): void {
  drawSpectrogram(picture, box, { samples, sampleRate: DECODED_RATE, seconds }, levelsOf(samples));
}

function levelsOf(samples: Float32Array): LevelRange {
  const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-4);
  const white = 20 * Math.log10(peak) - 12;
  return { black: white - RANGE_DB, white };
}

function dashed(picture: ColorPicture, x: number, { y, height }: Box): void {
  for (let row = 0; row < height; row += 8) picture.fill({ x, y: y + row, width: 1, height: 2 }, TRUE);
}

/** What each event is said to be, in three lines in turn; where they would meet, the later ones are left out. Beds above them at the bottom of our sound. */
function drawWords(picture: ColorPicture, box: Box, film: Sounded, columnOf: (time: number) => number): void {
  const ends = [0, 0, 0];
  for (const { atUs, action, material } of impactsOf(film)) {
    const [x, words] = [columnOf(atUs / 1e6) + 2, `${action} ${material}`];
    const line = ends.findIndex((end) => end <= x);
    if (line < 0) continue;
    ends[line] = x + textWidth(words) + 6;
    picture.text(words, x, box.y + box.height + 4 + line * 11, OURS);
  }
  let end = 0;
  for (const cue of film.cues) {
    if (cue.kind === 'impact') continue;
    const words = cue.kind === 'cut' ? 'cut' : `${cue.bed} ${Math.round(100 * cue.level)}%`;
    const x = Math.max(columnOf(cue.atUs / 1e6) + 2, end);
    if (x + textWidth(words) > box.x + box.width) break;
    end = x + textWidth(words) + 8;
    picture.text(words, x, box.y + 2, INK);
  }
}

function together(pictures: readonly ColorPicture[]): ColorPicture {
  const [first] = pictures;
  const [width, height] = [first?.width ?? 1, first?.height ?? 1];
  const rows = Math.ceil(pictures.length / COLUMNS);
  const sheet = new ColorPicture(width * Math.min(COLUMNS, pictures.length), height * rows, PAPER);
  for (const [index, picture] of pictures.entries()) {
    sheet.paste(picture, (index % COLUMNS) * width, Math.floor(index / COLUMNS) * height);
  }
  return sheet;
}
