import { join } from 'node:path';
import { median, medianOfPairs } from '../statistics.js';
import type { Bench } from './bench.js';
import { clip } from './clips.js';
import { ffmpegTranscode, shown, vitascope } from './commands.js';
import { interleave, resultsOf } from './interleave.js';
import { circumstances } from './machine.js';
import { timeCommand } from './time-command.js';

const LEAST_RATE = 0.85;

/** The `transcode` graph against the `ffmpeg` command that does the same. */
export const transcodeBench: Bench = async ({ source, work, runs, frames }) => {
  const film = await clip(source, { frames });
  const commands = {
    vitascope: vitascope(film.path, join(work, 'vitascope.mp4'), 'transcode'),
    ffmpeg: ffmpegTranscode(film.path, join(work, 'ffmpeg.mp4')),
  };
  const results = await interleave(
    Object.entries(commands).map(([name, command]) => ({ name, measure: () => timeCommand(command) })),
    runs,
  );
  const [ours, theirs] = [resultsOf(results, 'vitascope'), resultsOf(results, 'ffmpeg')];
  const rate = medianOfPairs(ours, theirs, (a, b) => b.wallSeconds / a.wallSeconds);
  const cpu = medianOfPairs(ours, theirs, (a, b) => a.cpuSeconds / b.cpuSeconds);
  const fps = (times: typeof ours) => `${(film.frames / median(times.map((t) => t.wallSeconds))).toFixed(1)} fps`;
  const cpuMs = (times: typeof ours) =>
    `${((1000 * median(times.map((t) => t.cpuSeconds))) / film.frames).toFixed(1)} ms a frame`;
  return {
    name: 'transcode',
    title: 'Transcode, 720p H.264 to libx264 veryfast',
    circumstances: circumstances(),
    rows: [
      {
        measured: 'frame rate',
        ours: fps(ours),
        reference: `${fps(theirs)}, ffmpeg`,
        ratio: rate.toFixed(2),
        goal: `at least ${LEAST_RATE}`,
        met: rate >= LEAST_RATE,
      },
      {
        measured: 'CPU time',
        ours: cpuMs(ours),
        reference: `${cpuMs(theirs)}, ffmpeg`,
        ratio: cpu.toFixed(2),
        goal: '',
      },
    ],
    notes: [film.description, ...Object.values(commands).map((command) => `\`${shown(command)}\``)],
  };
};
