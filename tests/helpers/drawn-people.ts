import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadGraph } from '../../config/load-graph.js';
import { setOptions } from '../../config/set-options.js';
import { FilmJob } from '../../jobs/process-film.js';
import { embeddedFolder } from '../../models/model-source.js';
import type { TrackedPose } from '../../operators/pose/pose-meta.js';
import { type FilmedPicture, type PeopleFilm, renderPeopleFilm } from '../../scripts/people/film.js';
import { standing, walking } from '../../scripts/people/motions.js';
import { outfits } from '../../scripts/people/outfit.js';
import { type DrawnPerson, drawScene, type Scene } from '../../scripts/people/scene.js';
import { jsonLines } from './cli.js';

const embedded = embeddedFolder();
/** Why tests with real pictures of people cannot run: nothing where they can. */
export const noNetwork: string | undefined =
  embedded !== undefined && existsSync(join(embedded, 'pose-small', 'model.onnx'))
    ? undefined
    : 'needs models/embedded/pose-small';

/** Three people who stand apart: one faces the camera, one is turned and holds the arms away, one walks. */
export const group: Scene = {
  backdrop: 'room',
  actors: [
    { name: 'ada', outfit: outfits.ada, at: [0.18, 0.92], height: 0.72, motion: standing() },
    {
      name: 'eli',
      outfit: outfits.eli,
      at: [0.5, 0.94],
      height: 0.78,
      motion: standing({ yaw: 0.5, leftArm: { side: 0.7 }, rightArm: { side: 0.5 } }),
    },
    { name: 'cho', outfit: outfits.cho, at: [0.8, 0.9], height: 0.66, motion: walking(0.4) },
  ],
};

/** Two walk, one stands; nobody hides anybody. */
export const promenade: Scene = {
  backdrop: 'street',
  actors: [
    { name: 'ada', outfit: outfits.ada, at: [0.12, 0.94], height: 0.66, motion: walking(0.32) },
    { name: 'cho', outfit: outfits.cho, at: [0.6, 0.92], height: 0.68, motion: standing() },
    { name: 'ben', outfit: outfits.ben, at: [0.92, 0.94], height: 0.7, motion: walking(-0.2) },
  ],
};

/** One passes in front of another who is farther away. */
export const crossing: Scene = {
  backdrop: 'room',
  actors: [
    { name: 'ada', outfit: outfits.ada, at: [0.18, 0.97], height: 0.75, motion: walking(0.62) },
    { name: 'ben', outfit: outfits.ben, at: [0.85, 0.82], height: 0.55, motion: walking(-0.75) },
  ],
};

/** Writes a picture of a scene as PNG. @returns who is where. */
export async function drawnPhoto(path: string, scene: Scene): Promise<readonly DrawnPerson[]> {
  const { canvas, people } = drawScene(scene, 640, 360, 0.6);
  await writeFile(path, canvas.toBuffer('image/png'));
  return people;
}

/** Writes three seconds of a scene. @returns who is where in each picture. */
export function drawnFilm(path: string, scene: Scene): Promise<readonly FilmedPicture[]> {
  const film: PeopleFilm = { scene, width: 480, height: 270, seconds: 3, fps: 10 };
  return renderPeopleFilm(path, film);
}

/** The people that the graph `pose` finds in each picture of a film. */
export async function peopleIn(film: string, metadata: string): Promise<readonly (readonly TrackedPose[])[]> {
  const job = await FilmJob.open({ input: film, graph: await loadGraph('pose'), records: { metadata } });
  await job.run();
  return posesOf(await readFile(metadata, 'utf8'));
}

/** Runs a picture through the graph `pose`. */
export async function draw(input: string, output: string, options: readonly string[]): Promise<void> {
  const graph = setOptions(await loadGraph('pose'), options);
  const job = await FilmJob.open({ input, output, graph });
  await job.run();
}

/** The people of each picture in the text of a metadata file. */
export function posesOf(metadata: string): readonly (readonly TrackedPose[])[] {
  return jsonLines(metadata)
    .slice(1)
    .map(({ poses }) => poses as readonly TrackedPose[]);
}

/** Farther from the truth than this, shares of a height, it is not that person. */
const SOMEBODY_ELSE = 0.25;
/** Key points of the head are no measure of a pose. */
const FIRST_OF_TRUNK = 5;

/** Who of those that were found is a person, and how far trunk and limbs are from the truth in the mean: share of the person's height. */
export function sightOf(
  person: DrawnPerson,
  found: readonly TrackedPose[],
): { readonly id: number; readonly error: number } | undefined {
  const sights = found.map((pose) => ({ id: pose.id, error: errorOf(person, pose) }));
  const [best] = sights.toSorted((a, b) => a.error - b.error);
  return best !== undefined && best.error < SOMEBODY_ELSE ? best : undefined;
}

function errorOf({ joints, height }: DrawnPerson, { keypoints }: TrackedPose): number {
  const distances = joints.map(([x, y], index) => {
    const [foundX, foundY] = keypoints[index] ?? [0, 0];
    return Math.hypot(foundX - x, foundY - y) / height;
  });
  return mean(distances.slice(FIRST_OF_TRUNK));
}

/** Of numbers. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
