import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, medianOfPairs } from '../statistics.js';
import type { Bench } from './bench.js';
import { clip } from './clips.js';
import { ffmpegTranscode, shown, vitascope } from './commands.js';
import { interleave, resultsOf } from './interleave.js';
import { circumstances } from './machine.js';
import { type CommandTimes, runCommand, timeCommand } from './time-command.js';

const MOST_CPU = 1.15;
const LEAST_FPS = 30;

const bareInference = fileURLToPath(new URL('bare-inference.ts', import.meta.url));

/** The `restore` graph on grey film against the price of its parts: the bare networks, and the `ffmpeg` transcode. */
export const restoreBench: Bench = async ({ source, work, runs, frames }) => {
  const film = await clip(source, { frames, gray: true });
  const ours = vitascope(film.path, join(work, 'vitascope.mp4'), 'restore');
  const transcode = ffmpegTranscode(film.path, join(work, 'ffmpeg.mp4'));
  const bare = async (which: 'network' | 'graphs'): Promise<CommandTimes> => {
    const script = [process.execPath, '--import', 'tsx', bareInference];
    return JSON.parse(await runCommand([...script, film.path, String(film.frames), which])) as CommandTimes;
  };
  const results = await interleave(
    [
      { name: 'restore', measure: () => timeCommand(ours) },
      { name: 'ffmpeg', measure: () => timeCommand(transcode) },
      { name: 'network', measure: () => bare('network') },
      { name: 'graphs', measure: () => bare('graphs') },
    ],
    runs,
  );
  const cpu = (name: string) => resultsOf(results, name).map((times) => times.cpuSeconds);
  const perFrame = (name: string) => (1000 * median(cpu(name))) / film.frames;
  const ratioTo = (inference: 'network' | 'graphs') => {
    const parts = cpu(inference).map((seconds, i) => seconds + (cpu('ffmpeg')[i] as number));
    return medianOfPairs(cpu('restore'), parts, (a, b) => a / b);
  };
  const fps = film.frames / median(resultsOf(results, 'restore').map((times) => times.wallSeconds));
  const cpuRow = (inference: 'network' | 'graphs', words: string) => {
    const ratio = ratioTo(inference);
    const parts = `${perFrame(inference).toFixed(1)} + ${perFrame('ffmpeg').toFixed(1)} ms a frame`;
    return {
      measured: 'CPU time',
      ours: `${perFrame('restore').toFixed(1)} ms a frame`,
      reference: `${parts}, ${words} + ffmpeg transcode`,
      ratio: ratio.toFixed(2),
      goal: `at most ${MOST_CPU}`,
      met: ratio <= MOST_CPU,
    };
  };
  return {
    name: 'restore',
    title: 'Restore, 720p grey film to libx264 veryfast',
    circumstances: circumstances(),
    rows: [
      cpuRow('graphs', 'bare inference of all graphs'),
      cpuRow('network', 'bare inference of the network alone'),
      {
        measured: 'frame rate',
        ours: `${fps.toFixed(1)} fps`,
        reference: '',
        ratio: '',
        goal: `at least ${LEAST_FPS} fps on two cores`,
        met: fps >= LEAST_FPS,
      },
    ],
    notes: [
      film.description,
      `\`${shown(ours)}\``,
      `\`${shown(transcode)}\``,
      'Bare inference: the tensors that `colorize` feeds its graphs for one frame, fed to onnxruntime-node in a loop on one thread',
    ],
  };
};
