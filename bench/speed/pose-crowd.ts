import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PoseEstimator } from '../../models/adapters/pose/pose-estimator.js';
import { InferencePool } from '../../models/inference-pool.js';
import { drawPoseOptions } from '../../operators/pose/draw/draw-pose.js';
import { PoseDrawing } from '../../operators/pose/draw/pose-drawing.js';
import type { TrackedPose } from '../../operators/pose/pose-meta.js';
import { SteadyPoses } from '../../operators/pose/smooth/steady-poses.js';
import { testFrame } from '../../tests/helpers/frames.js';
import { personIn } from '../../tests/operators/pose/draw/people.js';
import { withPicture } from '../quality/pose/accuracy.js';
import { type PoseCandidate, poseCandidates } from '../quality/pose/pose-candidate.js';
import { median } from '../statistics.js';
import { runCommand } from './time-command.js';

const [WIDTH, HEIGHT] = [640, 360];
const LOOKS_A_RUN = 20;
const FRAMES_A_RUN = 100;
const MOST_PEOPLE = 100;
/** A man who stands, in `people-entering.mp4`: from this second on for ten more, in this part of the picture. */
const standing = { fromS: 28, crop: '190:400:370:0', frameRate: 10 } as const;

/** What it takes to look at a picture. */
export interface Look {
  /** Median, milliseconds. */
  readonly ms: number;
  readonly found: number;
}

/** Looks at pictures with so many people in them; at none where there is no film to take them from. `shared` holds `data/` and `weights/`. */
export async function findingMs(
  shared: string,
  work: string,
  crowds: readonly number[],
  runs: number,
): Promise<{ readonly model: string; readonly looks: readonly Look[] }> {
  const film = join(shared, 'data/video/people-entering.mp4');
  const candidate = (await poseCandidates(shared)).find((one): one is PoseCandidate => typeof one !== 'string');
  if (!existsSync(film) || candidate === undefined) return { model: 'no model', looks: [] };
  await using pool = new InferencePool();
  await using estimator = await candidate.open(pool);
  const looks: Look[] = [];
  for (const people of crowds) looks.push(await look(estimator, await crowdPicture(film, work, people), runs));
  return { model: candidate.title, looks };
}

/** Gives ids to made-up people who move, calms and draws them: milliseconds a frame, median. */
export function drawingMs(people: number, runs: number): number {
  const frame = testFrame(0, { width: WIDTH, height: HEIGHT });
  const steady = new SteadyPoses();
  const drawing = new PoseDrawing(drawPoseOptions.parse({}));
  const times = Array.from({ length: runs * FRAMES_A_RUN }, (_, i) => {
    const startedAt = performance.now();
    drawing.draw(frame, { poses: steady.look(i * 40_000, madeUpCrowd(people, i)) });
    return performance.now() - startedAt;
  });
  frame.close();
  return median(times);
}

async function look(estimator: PoseEstimator, picture: string, runs: number): Promise<Look> {
  return withPicture(picture, async (frame) => {
    const { length: found } = await estimator.estimate(frame, { maxPeople: MOST_PEOPLE });
    const times: number[] = [];
    for (let i = 0; i < runs * LOOKS_A_RUN; i++) {
      const startedAt = performance.now();
      await estimator.estimate(frame, { maxPeople: MOST_PEOPLE });
      times.push(performance.now() - startedAt);
    }
    return { ms: median(times), found };
  });
}

/** A picture of 640×360 with so many people beside and below each other: moments of one who stands. */
async function crowdPicture(film: string, work: string, people: number): Promise<string> {
  const { columns, rows } = gridOf(people);
  const [width, height] = [2 * Math.floor(WIDTH / columns / 2), 2 * Math.floor(HEIGHT / rows / 2)];
  const picture = join(work, `crowd-${people}.png`);
  const cut = `crop=${standing.crop},scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
  const place = `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:gray,tile=${columns}x${rows}:nb_frames=${people}:color=gray`;
  const fill = `pad=${WIDTH}:${HEIGHT}:(ow-iw)/2:(oh-ih)/2:gray`;
  const input = ['-ss', `${standing.fromS}`, '-t', `${(people + 1) / standing.frameRate}`, '-i', film];
  await runCommand([
    'ffmpeg',
    '-v',
    'error',
    '-y',
    ...input,
    '-vf',
    `${cut},${place},${fill}`,
    '-frames:v',
    '1',
    picture,
  ]);
  return picture;
}

function gridOf(people: number): { columns: number; rows: number } {
  const rows = Math.max(1, Math.round(Math.sqrt(people / 4)));
  return { columns: Math.ceil(people / rows), rows };
}

/** People on a grid who walk to the right, over and over. */
function madeUpCrowd(people: number, frame: number): readonly TrackedPose[] {
  const { columns, rows } = gridOf(people);
  const side = Math.min(WIDTH / columns, HEIGHT / rows) * 0.8;
  return Array.from({ length: people }, (_, i) => {
    const x = (WIDTH / columns) * (i % columns) + (frame % 50) * 0.2;
    return personIn([x, (HEIGHT / rows) * Math.floor(i / columns), side]);
  });
}
