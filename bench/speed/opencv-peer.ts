import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { embeddedModelPath } from '../../models/model-source.js';
import { folderDefaults } from '../../operators/colorize/color-choice.js';
import { findModelFolder } from '../../operators/colorize/model-folder.js';
import { colorizeOptions } from '../../operators/colorize/options.js';
import { thumbnailSize } from '../../operators/colorize/thumbnail-size.js';
import { median, medianOfPairs } from '../statistics.js';
import type { Bench } from './bench.js';
import { clip } from './clips.js';
import { encoding, shown, vitascope } from './commands.js';
import { interleave, resultsOf } from './interleave.js';
import { circumstances } from './machine.js';
import { type CommandTimes, runCommand, timeCommand } from './time-command.js';

const LEAST_SPEED = 1.5;
/** Debian's, which sees Debian's OpenCV. */
const PYTHON = '/usr/bin/python3';

const peer = (name: string): string => fileURLToPath(new URL(`../peers/${name}`, import.meta.url));

/** The `restore` graph against a Python script with OpenCV's dnn module between two `ffmpeg` processes. */
export const opencvBench: Bench = async ({ source, work, runs, frames }) => {
  const film = await clip(source, { frames, gray: true });
  const ours = vitascope(film.path, join(work, 'vitascope.mp4'), 'restore');
  const { network, saturation, preparation } = await prepareNetwork(work);
  const coding = ['--crf', encoding.crf, '--preset', encoding.preset];
  const options = ['--network', network, '--saturation', String(saturation), ...coding];
  const theirs = [PYTHON, peer('colorize_opencv.py'), film.path, join(work, 'opencv.mp4'), ...options];
  const results = await interleave(
    [
      { name: 'vitascope', measure: () => timeCommand(ours) },
      { name: 'opencv', measure: () => timeCommand(theirs) },
    ],
    runs,
  );
  const [a, b] = [resultsOf(results, 'vitascope'), resultsOf(results, 'opencv')];
  const faster = medianOfPairs(a, b, (x, y) => y.wallSeconds / x.wallSeconds);
  const fps = (times: readonly CommandTimes[]) =>
    `${(film.frames / median(times.map((t) => t.wallSeconds))).toFixed(1)} fps`;
  const cpuMs = (times: readonly CommandTimes[]) =>
    `${((1000 * median(times.map((t) => t.cpuSeconds))) / film.frames).toFixed(1)} ms a frame`;
  const cpu = medianOfPairs(a, b, (x, y) => x.cpuSeconds / y.cpuSeconds);
  return {
    name: 'opencv',
    title: 'Colorization, against Python with OpenCV',
    circumstances: `${circumstances()}, OpenCV ${await openCvVersion()}`,
    rows: [
      {
        measured: 'frame rate',
        ours: fps(a),
        reference: `${fps(b)}, OpenCV script`,
        ratio: faster.toFixed(2),
        goal: `at least ${LEAST_SPEED}`,
        met: faster >= LEAST_SPEED,
      },
      {
        measured: 'CPU time',
        ours: cpuMs(a),
        reference: `${cpuMs(b)}, OpenCV script`,
        ratio: cpu.toFixed(2),
        goal: '',
      },
    ],
    notes: [
      film.description,
      `\`${shown(ours)}\``,
      `\`${shown(theirs)}\` after \`${shown(preparation)}\``,
      'The script enlarges colours without regard to edges and does not steady them over time; Vitascope does both',
    ],
  };
};

/** The network in the form that OpenCV reads, with the size and settings that `colorize` uses by default on a 720p film. */
async function prepareNetwork(work: string) {
  const { model } = colorizeOptions.parse({});
  const { detail, saturation } = folderDefaults;
  const box = { top: 0, left: 0, bottom: 720, right: 1280 };
  const { width, height } = thumbnailSize(box, { num: 1, den: 1 }, detail);
  const network = join(work, `float32-${width}x${height}.onnx`);
  const { temperature } = findModelFolder(model);
  const settings = ['--width', `${width}`, '--height', `${height}`, '--temperature', `${temperature}`];
  const preparation = [PYTHON, peer('float32_network.py'), embeddedModelPath(model), network, ...settings];
  await runCommand(preparation);
  return { network, saturation, preparation };
}

async function openCvVersion(): Promise<string> {
  return (await runCommand([PYTHON, '-c', 'import cv2; print(cv2.__version__)'])).trim();
}
