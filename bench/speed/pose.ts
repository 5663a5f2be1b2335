import { dirname, join } from 'node:path';
import { median, medianOfPairs } from '../statistics.js';
import type { Bench } from './bench.js';
import { clip } from './clips.js';
import { ffmpegTranscode, shown, vitascope } from './commands.js';
import { interleave, resultsOf } from './interleave.js';
import { circumstances } from './machine.js';
import { drawingMs, findingMs } from './pose-crowd.js';
import type { Row } from './report.js';
import { type CommandTimes, timeCommand } from './time-command.js';

const LEAST_FPS = 25;
const HEIGHT = 360;
const CROWDS = [1, 2, 5, 10, 20, 50];

/** The `pose` graph on film of 640×360, with decoding, drawing and encoding; and what more people cost. */
export const poseBench: Bench = async ({ source, work, runs, frames }) => {
  const film = await clip(source, { frames, height: HEIGHT });
  const ours = vitascope(film.path, join(work, 'vitascope.mp4'), 'pose');
  const transcode = ffmpegTranscode(film.path, join(work, 'ffmpeg.mp4'));
  const results = await interleave(
    [
      { name: 'pose', measure: () => timeCommand(ours) },
      { name: 'ffmpeg', measure: () => timeCommand(transcode) },
    ],
    runs,
  );
  const [pose, ffmpeg] = [resultsOf(results, 'pose'), resultsOf(results, 'ffmpeg')];
  const { rows, model } = await crowdRows(dirname(source.data), work, runs);
  return {
    name: 'pose',
    title: 'Pose, 360p film to libx264 veryfast',
    circumstances: circumstances(),
    rows: [frameRateRow(pose, film.frames), cpuRow(pose, ffmpeg, film.frames), ...rows],
    notes: [
      film.description,
      `\`${shown(ours)}\``,
      `\`${shown(transcode)}\``,
      `Looking: ${model} on a picture of 640×${HEIGHT} that is tiled with somebody of \`people-entering.mp4\`, one look after another, from the frame to people. How many of them were found stands beside it: the more, the smaller they are`,
      'Following and drawing: ids, smoothing and skeletons with labels for made-up people who move, one frame after another in one thread',
    ],
  };
};

function frameRateRow(times: readonly CommandTimes[], frames: number): Row {
  const fps = frames / median(times.map(({ wallSeconds }) => wallSeconds));
  return {
    measured: 'frame rate',
    ours: `${fps.toFixed(1)} fps`,
    reference: '',
    ratio: '',
    goal: `at least ${LEAST_FPS} fps on two cores`,
    met: fps >= LEAST_FPS,
  };
}

function cpuRow(pose: readonly CommandTimes[], ffmpeg: readonly CommandTimes[], frames: number): Row {
  const perFrame = (times: readonly CommandTimes[]): string =>
    ((1000 * median(times.map(({ cpuSeconds }) => cpuSeconds))) / frames).toFixed(1);
  return {
    measured: 'CPU time',
    ours: `${perFrame(pose)} ms a frame`,
    reference: `${perFrame(ffmpeg)} ms a frame, ffmpeg transcode`,
    ratio: medianOfPairs(pose, ffmpeg, (a, b) => a.cpuSeconds / b.cpuSeconds).toFixed(2),
    goal: '',
  };
}

/** What a frame costs by the number of people in it. */
async function crowdRows(shared: string, work: string, runs: number): Promise<{ rows: Row[]; model: string }> {
  const { model, looks } = await findingMs(shared, work, CROWDS, runs);
  const rows = CROWDS.map((people, i): Row => {
    const look = looks[i];
    const looking = look === undefined ? '' : `${look.ms.toFixed(1)} ms to look (${look.found} found), `;
    return {
      measured: `${people} ${people === 1 ? 'person' : 'people'}`,
      ours: `${looking}${drawingMs(people, runs).toFixed(2)} ms to follow and draw`,
      reference: '',
      ratio: '',
      goal: '',
    };
  });
  return { rows, model };
}
