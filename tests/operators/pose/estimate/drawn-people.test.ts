import { type Canvas, createCanvas, type ImageData, loadImage } from '@napi-rs/canvas';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { coco17Bones } from '../../../../models/adapters/pose/coco-17.js';
import { disposeDefaultInferencePool } from '../../../../models/default-pool.js';
import type { DrawnPerson, Scene } from '../../../../scripts/people/scene.js';
import {
  crossing,
  draw,
  drawnFilm,
  drawnPhoto,
  group,
  mean,
  noNetwork,
  peopleIn,
  promenade,
  sightOf,
} from '../../../helpers/drawn-people.js';
import { workspace } from '../../../helpers/workspace.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const suite = noNetwork === undefined ? 'people in drawn films' : `people in drawn films (${noNetwork})`;
describe.skipIf(noNetwork !== undefined)(suite, () => {
  const path = workspace();
  afterAll(disposeDefaultInferencePool);

  /** How each person of a film was seen in each picture. */
  async function sightsOf(scene: Scene) {
    const pictures = await drawnFilm(path('film.mp4'), scene);
    const found = await peopleIn(path('film.mp4'), path('film.ndjson'));
    expect(found).toHaveLength(pictures.length);
    return scene.actors.map((_, actor) =>
      pictures.map(({ people }, index) => sightOf(people[actor] as DrawnPerson, found[index] ?? [])),
    );
  }

  it('are all found, near where they are, and keep their ids while they walk', async () => {
    const sights = await sightsOf(promenade);
    for (const person of sights) {
      const seen = person.filter((sight) => sight !== undefined);
      expect(seen.length / person.length).toBeGreaterThanOrEqual(0.9);
      expect(mean(seen.map(({ error }) => error))).toBeLessThan(0.08);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(1);
    }
    expect(new Set(sights.map(([first]) => first?.id)).size).toBe(sights.length);
  });

  it('are who they were before when one has passed in front of another', async () => {
    const sights = await sightsOf(crossing);
    const ends = sights.map((person) => {
      const seen = person.filter((sight) => sight !== undefined);
      return [seen.at(0)?.id, seen.at(-1)?.id];
    });
    for (const [before, after] of ends) expect(after).toBe(before);
    expect(new Set(ends.flat()).size).toBe(2);
  });
});

describe.skipIf(noNetwork !== undefined)(`people in a drawn photo${noNetwork ? ` (${noNetwork})` : ''}`, () => {
  const path = workspace();
  afterAll(disposeDefaultInferencePool);

  /** The photo before and after, and who is in it. */
  async function drawn(...options: string[]) {
    const people = await drawnPhoto(path('photo.png'), group);
    await draw(path('photo.png'), path('drawn.png'), [...options, 'draw.labels=false']);
    return { people, before: await pixels(path('photo.png')), after: await pixels(path('drawn.png')) };
  }

  it('lose their faces with privacy-blur, and nothing else changes', async () => {
    const { people, before, after } = await drawn('draw.style=privacy-blur');
    for (const { joints, height } of people) {
      const [x, y] = joints[0] ?? [0, 0];
      const reach = height * 0.05;
      const face: Region = [x - reach, y - reach, x + reach, y + reach];
      expect(difference(before, after, face)).toBeGreaterThan(8);
      expect(detail(after, face)).toBeLessThan(detail(before, face) / 2);
    }
    const legs = Math.round(before.height * 0.75);
    expect(difference(before, after, [0, legs, before.width, before.height])).toBeLessThan(ROUNDING);
  });

  it('leave nothing but their skeletons with stick-on-black', async () => {
    const { people, after } = await drawn('draw.style=stick-on-black');
    const near = nearSkeletons(people, after);
    const bright = brightPixels(after);
    const outside = bright.filter((isBright, index) => isBright && !near[index]).length;
    expect(outside).toBe(0);
    expect(bright.filter(Boolean).length).toBeGreaterThan(after.width * after.height * 0.004);
  });
});

type Region = readonly [x1: number, y1: number, x2: number, y2: number];

async function pixels(path: string): Promise<ImageData> {
  const image = await loadImage(path);
  const canvas = createCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  return read(canvas);
}

function read(canvas: Canvas): ImageData {
  return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
}

/** Levels of green, row by row. */
function levels({ data, width }: ImageData, [x1, y1, x2, y2]: Region): number[][] {
  const rows: number[][] = [];
  for (let y = Math.round(y1); y < Math.round(y2); y++) {
    const row: number[] = [];
    for (let x = Math.round(x1); x < Math.round(x2); x++) row.push(data[(y * width + x) * 4 + 1] ?? 0);
    rows.push(row);
  }
  return rows;
}

/** Levels by which pixels differ in the mean. */
function difference(a: ImageData, b: ImageData, region: Region): number {
  const other = levels(b, region).flat();
  return mean(
    levels(a, region)
      .flat()
      .map((level, index) => Math.abs(level - (other[index] ?? 0))),
  );
}

/** Levels by which neighbours in a row differ in the mean. */
function detail(picture: ImageData, region: Region): number {
  return mean(
    levels(picture, region).flatMap((row) => row.slice(1).map((level, i) => Math.abs(level - (row[i] ?? 0)))),
  );
}

/** Levels by which a pixel changes on its way from RGB to YUV and back. */
const ROUNDING = 3;
/** Room around a bone, share of the person's height: how wrong the network may be. */
const AROUND = 0.3;

/** For each pixel, whether somebody's skeleton is near. */
function nearSkeletons(people: readonly DrawnPerson[], { width, height }: ImageData): boolean[] {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.lineCap = 'round';
  context.strokeStyle = '#fff';
  for (const { joints, height: tall } of people) {
    context.lineWidth = AROUND * tall;
    for (const [from, to] of coco17Bones) {
      context.beginPath();
      context.moveTo(...(joints[from] as [number, number]));
      context.lineTo(...(joints[to] as [number, number]));
      context.stroke();
    }
  }
  return brightPixels(read(canvas));
}

/** Brighter than what encoding leaves of black. */
function brightPixels({ data, width, height }: ImageData): boolean[] {
  return Array.from(
    { length: width * height },
    (_, index) => Math.max(data[index * 4] ?? 0, data[index * 4 + 1] ?? 0, data[index * 4 + 2] ?? 0) > 40,
  );
}
