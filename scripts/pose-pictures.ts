// Makes docs/images/pose-styles.jpg and pose-analytics.jpg: drawn people, as the graph `pose` and its analytics see them.
// Run: npx tsx scripts/pose-pictures.ts
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Canvas, createCanvas, loadImage, type SKRSContext2D } from '@napi-rs/canvas';
import { loadGraph } from '../config/load-graph.js';
import { setOptions } from '../config/set-options.js';
import { FilmJob } from '../jobs/process-film.js';
import { disposeDefaultInferencePool } from '../models/default-pool.js';
import type { PeopleCount } from '../operators/pose/analyse/people-meta.js';
import type { PoseEvent } from '../operators/pose/analyse/pose-event-meta.js';
import { drawStyles } from '../operators/pose/draw/pose-drawing.js';
import type { TrackedPose } from '../operators/pose/pose-meta.js';
import type { Graph } from '../pipeline/graph/graph.js';
import { renderPeopleFilm } from './people/film.js';
import { dancing, raisingArms, standing, walking } from './people/motions.js';
import { outfits } from './people/outfit.js';
import type { Scene } from './people/scene.js';

const [WIDTH, HEIGHT, FPS] = [800, 450, 15];
const QUALITY = 84;
const folder = await mkdtemp(join(tmpdir(), 'vitascope-pictures-'));
async function writePicture(name: string, canvas: Canvas): Promise<void> {
  const path = fileURLToPath(new URL(`../docs/images/${name}.jpg`, import.meta.url));
  await writeFile(path, await canvas.encode('jpeg', QUALITY));
}

/** Frames of a film as pictures, and what was found in the last of them. */
async function lastFrame(name: string, graph: Graph, scene: Scene, seconds: number) {
  const film = join(folder, `${name}.mp4`);
  await renderPeopleFilm(film, { scene, width: WIDTH, height: HEIGHT, seconds, fps: FPS });
  const metadata = join(folder, `${name}.ndjson`);
  const job = await FilmJob.open({
    ...{ input: film, graph, output: join(folder, `${name}-%03d.png`) },
    records: { metadata },
  });
  await job.run();
  const pictures = (await readdir(folder)).filter((file) => file.startsWith(`${name}-`)).sort();
  const frames = (await readFile(metadata, 'utf8')).trim().split('\n').slice(1);
  return {
    picture: await loadImage(join(folder, pictures.at(-1) as string)),
    frames: frames.map((frame) => JSON.parse(frame) as AnalysedFrame),
  };
}

/** A line of the metadata. */
interface AnalysedFrame {
  readonly poses: readonly TrackedPose[];
  readonly people: PeopleCount;
  readonly poseEvents: readonly PoseEvent[];
}

/** One scene in the four styles, two by two. */
async function stylesPicture(): Promise<Canvas> {
  const [gap, scale] = [8, 0.75];
  const [width, height] = [WIDTH * scale, HEIGHT * scale];
  const canvas = createCanvas(width * 2 + gap, height * 2 + gap);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  for (const [index, style] of drawStyles.entries()) {
    const graph = setOptions(await loadGraph('pose'), [`draw.style=${style}`]);
    const { picture } = await lastFrame(style, graph, dancers, 1.6);
    const [x, y] = [(index % 2) * (width + gap), Math.floor(index / 2) * (height + gap)];
    context.drawImage(picture, x, y, width, height);
    caption(context, style, [x + 10, y + height - 34], 'rgba(14, 16, 22, 0.8)');
  }
  return canvas;
}

const dancers: Scene = {
  backdrop: 'room',
  actors: [
    { name: 'ada', outfit: outfits.ada, at: [0.13, 0.92], height: 0.66, motion: dancing(0.4) },
    { name: 'ben', outfit: outfits.ben, at: [0.37, 0.94], height: 0.72, motion: dancing(3.6, { yaw: 0.3 }) },
    { name: 'dia', outfit: outfits.dia, at: [0.64, 0.91], height: 0.64, motion: dancing(4.3) },
    { name: 'eli', outfit: outfits.eli, at: [0.88, 0.93], height: 0.68, motion: dancing(5.4, { yaw: -0.35 }) },
  ],
};

type Place = [x: number, y: number];
/** Where the people of the second picture are counted; shares of the picture. */
const till: Place[] = [
  [0.64, 0.82],
  [0.97, 0.82],
  [0.995, 0.985],
  [0.65, 0.985],
];
const entrance: Place[] = [
  [0.27, 0.99],
  [0.3, 0.66],
];

const apart = { leftLeg: { side: 0.13 }, rightLeg: { side: 0.13 } };
const shop: Scene = {
  backdrop: 'street',
  actors: [
    { name: 'eli', outfit: outfits.eli, at: [0.1, 0.95], height: 0.64, motion: walking(0.245) },
    { name: 'ada', outfit: outfits.ada, at: [0.54, 0.92], height: 0.66, motion: raisingArms(0.6, 1.3, apart) },
    { name: 'ben', outfit: outfits.ben, at: [0.74, 0.94], height: 0.67, motion: standing({ yaw: 0.4 }) },
    { name: 'fay', outfit: outfits.fay, at: [0.9, 0.92], height: 0.61, motion: standing({ yaw: -0.5 }) },
  ],
};

/** What `count-people` and `pose-events` say, drawn over what they look at. */
async function analyticsPicture(): Promise<Canvas> {
  const graph = await loadGraph(await analyticsGraph());
  const { picture, frames } = await lastFrame('analytics', graph, shop, 3);
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  context.drawImage(picture, 0, 0);
  const { people, poses } = frames.at(-1) as AnalysedFrame;
  drawZone(context, `till: ${people.zones.till}`);
  drawEntrance(context, `entrance: ${people.lines.entrance?.in} in, ${people.lines.entrance?.out} out`);
  for (const { id, kind } of running(frames.flatMap(({ poseEvents = [] }) => poseEvents))) {
    const person = poses.find((pose) => pose.id === id);
    if (person !== undefined) drawEvent(context, kind, person);
  }
  return canvas;
}

async function analyticsGraph(): Promise<string> {
  const path = join(folder, 'analytics.yaml');
  const counting = JSON.stringify({ zones: { till }, lines: { entrance } });
  const nodes = [
    'pose: { use: estimate-pose }',
    `people: { use: count-people, with: ${counting} }`,
    'events: { use: pose-events, with: { handsAbove: 0.1 } }',
    'draw: { use: draw-pose }',
  ];
  await writeFile(path, `name: analytics\nnodes:\n${nodes.map((node) => `  ${node}\n`).join('')}output: draw\n`);
  return path;
}

/** What has begun and not ended. */
function running(events: readonly PoseEvent[]): readonly PoseEvent[] {
  return events.filter(
    ({ id, kind, state }, index) =>
      state === 'begin' &&
      !events.slice(index).some((later) => later.id === id && later.kind === kind && later.state === 'end'),
  );
}

const [ZONE, LINE, EVENT] = ['#2fbf71', '#f2b824', '#e5484d'];

function drawZone(context: SKRSContext2D, text: string): void {
  context.beginPath();
  for (const [x, y] of till) context.lineTo(x * WIDTH, y * HEIGHT);
  context.closePath();
  context.fillStyle = `${ZONE}44`;
  context.fill();
  context.lineWidth = 3;
  context.strokeStyle = ZONE;
  context.stroke();
  caption(context, text, [0.772 * WIDTH, 0.985 * HEIGHT - 31], ZONE);
}

function drawEntrance(context: SKRSContext2D, text: string): void {
  const [[x1, y1], [x2, y2]] = entrance.map(([x, y]) => [x * WIDTH, y * HEIGHT]) as [Place, Place];
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.lineWidth = 4;
  context.strokeStyle = LINE;
  context.stroke();
  drawArrow(context, [(x1 + x2) / 2, (y1 + y2) / 2]);
  caption(context, text, [x2 - 190, y2 - 36], LINE);
}

/** To where the line counts as in. */
function drawArrow(context: SKRSContext2D, [x, y]: Place): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 30, y);
  context.moveTo(x + 20, y - 8);
  context.lineTo(x + 31, y);
  context.lineTo(x + 20, y + 8);
  context.stroke();
}

function drawEvent(context: SKRSContext2D, kind: string, { box }: TrackedPose): void {
  const [x1, y1, x2, y2] = box;
  context.beginPath();
  context.roundRect(x1 - 14, y1 - 14, x2 - x1 + 28, y2 - y1 + 34, 10);
  context.lineWidth = 3;
  context.strokeStyle = EVENT;
  context.stroke();
  caption(context, kind, [x1 - 14, Math.max(6, y1 - 48)], EVENT);
}

/** White text on a plate; the place is the plate's left upper corner. */
function caption(context: SKRSContext2D, text: string, [x, y]: Place, color: string): void {
  context.font = '600 15px "DejaVu Sans", sans-serif';
  const width = context.measureText(text).width + 18;
  context.beginPath();
  context.roundRect(x, y, width, 25, 5);
  context.fillStyle = color;
  context.fill();
  context.fillStyle = '#fff';
  context.fillText(text, x + 9, y + 18);
}

try {
  await writePicture('pose-styles', await stylesPicture());
  await writePicture('pose-analytics', await analyticsPicture());
} finally {
  await disposeDefaultInferencePool();
  await rm(folder, { recursive: true });
}
