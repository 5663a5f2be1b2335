import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../statistics.js';
import { markdownTable } from '../pose/markdown-table.js';
import { verdict } from '../section.js';
import { impactTimes, type Shutter, steadyShutter, unevenShutter, writeImpactFilm } from './impact-film.js';
import { impactLags } from './impact-lags.js';
import { matchOnsets } from './onset-score.js';
import { type FoleyFigures, type FoleySettings, inMs } from './section.js';

const SECONDS = 20;
const MOST_ERROR_S = 0.02;
const shutters: readonly Shutter[] = [
  steadyShutter('15', 15),
  steadyShutter('23.976', 24_000, 1001),
  steadyShutter('25', 25),
  steadyShutter('29.97', 30_000, 1001),
  steadyShutter('50', 50),
  unevenShutter,
];

/** Where the sound of impacts is in the output file, against where the metadata says that they are, at several frame rates. */
export const syncFigures: FoleyFigures = async (settings) => {
  const folder = await mkdtemp(join(tmpdir(), 'vitascope-sync-'));
  try {
    const rows: string[][] = [];
    let worst = 0;
    for (const shutter of shutters.filter(({ name }) => settings.rates?.includes(name) ?? true)) {
      const { cells, most } = await measure(shutter, folder, settings);
      rows.push(cells);
      worst = most <= worst ? worst : most;
    }
    return {
      title: 'Sound against picture, measured in the output file',
      markdown: markdownTable(heads, rows),
      notes: [
        `${SECONDS} s of a drawn hammer that strikes an anvil ${impactTimes(SECONDS).length} times (\`bench/quality/foley/impact-film.ts\`), without sound, through \`process --graph foley --metadata … --set foley.ambience=off\` into MP4; the sound decoded by \`ffmpeg\``,
        `Sound against cue: the loudest sample less the cue's time in the metadata; goal: at most ±${1000 * MOST_ERROR_S} ms, ${verdict(worst <= MOST_ERROR_S)}`,
        'Masked: impacts under the ringing of the one before, whose peak cannot be told',
        'Cue against blow: the time in the metadata less that of the drawn contact, of cues within 80 ms of one; what the network errs',
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const heads = [
  ...['pictures a second', 'cues', 'masked', 'sound against cue: median', 'most'],
  ...['blows seen', 'cue against blow: median', 'most'],
];

async function measure(
  shutter: Shutter,
  folder: string,
  settings: FoleySettings,
): Promise<{ cells: string[]; most: number }> {
  settings.progress(`sync at ${shutter.name} pictures a second`);
  const [film, output] = [join(folder, `${shutter.name}.mp4`), join(folder, `${shutter.name}-sound.mp4`)];
  await writeImpactFilm(film, SECONDS, shutter);
  const { seconds, lags } = await impactLags(film, output, settings);
  const heard = lags.filter((lag) => lag !== undefined);
  const most = Math.max(...heard.map(Math.abs));
  const blows = impactTimes(SECONDS);
  const errors = matchOnsets(seconds, blows).map(({ error }) => error);
  return {
    most: heard.length === 0 ? Number.POSITIVE_INFINITY : most,
    cells: [
      ...[shutter.name, `${seconds.length}`, `${lags.length - heard.length}`, signed(median(heard))],
      ...[inMs(most, 1), `${errors.length} of ${blows.length}`],
      ...[signed(median(errors)), inMs(Math.max(...errors.map(Math.abs)))],
    ],
  };
}

function signed(seconds: number): string {
  return Number.isFinite(seconds) ? `${seconds < 0 ? '−' : '+'}${inMs(Math.abs(seconds), 1)}` : '–';
}
