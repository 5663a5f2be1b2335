import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../speed/time-command.js';
import { median } from '../../statistics.js';
import { markdownTable } from '../pose/markdown-table.js';
import { verdict } from '../section.js';
import { steadyShutter, writeImpactFilm } from './impact-film.js';
import { impactLags } from './impact-lags.js';
import { type FoleyFigures, inMs } from './section.js';

const MINUTES = 60;
const SHUTTER = steadyShutter('23.976', 24_000, 1001);
/** Parts of the hour, minutes. */
const PART = 10;
const MOST_ERROR_S = 0.02;
const MOST_DRIFT_S = 0.001;

/** Whether sound leaves the picture in the course of an hour: a minute of the drawn hammer sixty times, through `process`, ten minutes after ten minutes. */
export const driftFigures: FoleyFigures = async (settings) => {
  const folder = await mkdtemp(join(tmpdir(), 'vitascope-drift-'));
  try {
    const [minute, hour] = [join(folder, 'minute.mp4'), join(folder, 'hour.mp4')];
    settings.progress('drift: a minute is drawn');
    await writeImpactFilm(minute, 60, SHUTTER);
    const looped = ['-stream_loop', `${MINUTES - 1}`, '-i', minute, '-c', 'copy', hour];
    await runCommand(['ffmpeg', '-v', 'error', '-y', ...looped]);
    settings.progress('drift: an hour is given its sound');
    const { seconds, lags } = await impactLags(hour, join(folder, 'sound.mp4'), settings);
    const parts = Array.from({ length: MINUTES / PART }, (_, part) => {
      const seen = lags.filter((_, i) => Math.floor((seconds[i] as number) / 60 / PART) === part);
      const heard = seen.filter((lag) => lag !== undefined);
      // Nothing heard is not met.
      const most = heard.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...heard.map(Math.abs));
      return { part, heard, masked: seen.length - heard.length, median: median(heard), most };
    });
    const most = Math.max(...parts.map((part) => part.most));
    const drift = Math.abs((parts.at(-1)?.median ?? Number.NaN) - (parts[0]?.median ?? Number.NaN));
    return {
      title: 'An hour: does sound leave the picture?',
      markdown: markdownTable(
        ['minutes', 'impacts heard', 'masked', 'sound against cue: median', 'most'],
        parts.map(({ part, heard, masked, median: middle, most: worst }) => [
          ...[`${part * PART}–${(part + 1) * PART}`, `${heard.length}`, `${masked}`, inMs(middle, 2), inMs(worst, 1)],
        ]),
      ),
      notes: [
        `${MINUTES} minutes of the drawn hammer at ${SHUTTER.name} pictures a second, one minute again and again (\`ffmpeg -stream_loop\`), as in the figures of sync; masked: under the ringing of the one before, as there`,
        `From the first ${PART} minutes to the last the median moves by ${inMs(drift, 2)}; goal: at most ${inMs(MOST_DRIFT_S)}, ${verdict(drift <= MOST_DRIFT_S)}, and no sound more than ${inMs(MOST_ERROR_S)} from its cue, ${verdict(most <= MOST_ERROR_S)}`,
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
