import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, medianOfPairs } from '../statistics.js';
import type { Bench } from './bench.js';
import { type Clip, clip } from './clips.js';
import { ffmpegTranscode, shown, vitascope } from './commands.js';
import { interleave, resultsOf } from './interleave.js';
import { circumstances } from './machine.js';
import type { Row } from './report.js';
import { type CommandTimes, runCommand, timeCommand } from './time-command.js';

const MOST_CPU = 1.15;
const LEAST_FPS = 30;

const bareInference = fileURLToPath(new URL('bare-inference.ts', import.meta.url));

/** Which of the graphs that `colorize` runs for a frame. */
type Inference = 'network' | 'graphs';

/** The `restore` graph on grey film against the price of its parts: the bare networks, and the `ffmpeg` transcode. */
export const restoreBench: Bench = async ({ source, work, runs, frames }) => {
  const film = await clip(source, { frames, gray: true });
  const ours = vitascope(film.path, join(work, 'vitascope.mp4'), 'restore');
  const transcode = ffmpegTranscode(film.path, join(work, 'ffmpeg.mp4'));
  const results = await interleave(
    [
      { name: 'restore', measure: () => timeCommand(ours) },
      { name: 'ffmpeg', measure: () => timeCommand(transcode) },
      { name: 'network', measure: () => bare(film, 'network') },
      { name: 'graphs', measure: () => bare(film, 'graphs') },
    ],
    runs,
  );
  return {
    name: 'restore',
    title: 'Restore, 720p grey film to libx264 veryfast',
    circumstances: circumstances(),
    rows: [
      cpuRow(results, film, 'graphs', 'bare inference of all graphs'),
      cpuRow(results, film, 'network', 'bare inference of the network alone'),
      frameRateRow(resultsOf(results, 'restore'), film),
    ],
    notes: [
      film.description,
      `\`${shown(ours)}\``,
      `\`${shown(transcode)}\``,
      'Bare inference: what `colorize` feeds its graphs for one frame, fed to onnxruntime-node in a loop on one thread',
    ],
  };
};

async function bare(film: Clip, which: Inference): Promise<CommandTimes> {
  const script = [process.execPath, '--import', 'tsx', bareInference];
  return JSON.parse(await runCommand([...script, film.path, String(film.frames), which])) as CommandTimes;
}

function cpuRow(
  results: ReadonlyMap<string, readonly CommandTimes[]>,
  film: Clip,
  inference: Inference,
  words: string,
): Row {
  const cpu = (name: string): number[] => resultsOf(results, name).map((times) => times.cpuSeconds);
  const perFrame = (name: string): string => ((1000 * median(cpu(name))) / film.frames).toFixed(1);
  const parts = cpu(inference).map((seconds, i) => seconds + (cpu('ffmpeg')[i] as number));
  const ratio = medianOfPairs(cpu('restore'), parts, (a, b) => a / b);
  return {
    measured: 'CPU time',
    ours: `${perFrame('restore')} ms a frame`,
    reference: `${perFrame(inference)} + ${perFrame('ffmpeg')} ms a frame, ${words} + ffmpeg transcode`,
    ratio: ratio.toFixed(2),
    goal: `at most ${MOST_CPU}`,
    met: ratio <= MOST_CPU,
  };
}

function frameRateRow(restore: readonly CommandTimes[], film: Clip): Row {
  const fps = film.frames / median(restore.map((times) => times.wallSeconds));
  return {
    measured: 'frame rate',
    ours: `${fps.toFixed(1)} fps`,
    reference: '',
    ratio: '',
    goal: `at least ${LEAST_FPS} fps on two cores`,
    met: fps >= LEAST_FPS,
  };
}
