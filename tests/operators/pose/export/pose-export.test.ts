import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openPoseExport } from '../../../../operators/pose/export/pose-export.js';
import type { PoseFrame } from '../../../../operators/pose/export/pose-frame.js';
import { fillGaps, median, unwrapped } from '../../../../operators/pose/export/series.js';
import type { TrackedPose } from '../../../../operators/pose/pose-meta.js';
import { workspace } from '../../../helpers/workspace.js';
import { personIn } from '../draw/people.js';
import { poseOf, readBvh } from './bvh-reader.js';

const HEIGHT = 360;
const frameUs = 50_000;

/** The person turned in the plane of the picture about their middle. */
function turned(pose: TrackedPose, degrees: number, [cx, cy] = [100, 100]): TrackedPose {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const keypoints = pose.keypoints.map(
    ([x, y, score]) => [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos, score] as const,
  );
  return { ...pose, keypoints };
}

const frameOf = (frame: number, ...poses: readonly TrackedPose[]): PoseFrame => ({
  frame,
  ptsUs: frame * frameUs,
  poses,
});

describe('an export of poses', () => {
  const file = workspace();

  async function exported(format: 'coco' | 'csv' | 'bvh', frames: readonly PoseFrame[]): Promise<readonly string[]> {
    const output = await openPoseExport(format, file(`dance.${format}`), { height: HEIGHT });
    for (const frame of frames) await output.write(frame);
    return await output.finish();
  }

  describe('as results of COCO', () => {
    it.each([
      [0, []],
      [1, [frameOf(3, personIn([10, 20, 100]))]],
      [3, [frameOf(0), frameOf(1, personIn([0, 0, 9]), personIn([5, 5, 9])), frameOf(2, personIn([0, 0, 9]))]],
    ])('is a JSON array of %i people', async (count, frames) => {
      const [path = ''] = await exported('coco', frames);
      const results = JSON.parse(await readFile(path, 'utf8')) as unknown[];
      expect(results).toHaveLength(count);
    });

    it('has frame, category, 51 numbers and score, and nothing else', async () => {
      const [path = ''] = await exported('coco', [frameOf(3, personIn([10, 20, 100]))]);
      const [result] = JSON.parse(await readFile(path, 'utf8')) as { keypoints: number[] }[];
      expect(result).toEqual({ image_id: 3, category_id: 1, keypoints: expect.any(Array), score: 0.9 });
      expect(result?.keypoints).toHaveLength(51);
    });

    it('counts pixels, whose centres lie at halves elsewhere, and has zeros for places that are not known', async () => {
      const known = personIn([10, 20, 100]);
      const keypoints = [...known.keypoints.slice(0, 2), [0, 0, 0] as const, [Number.NaN, 1, 1] as const];
      const [path = ''] = await exported('coco', [frameOf(3, { ...known, keypoints })]);
      const [result] = JSON.parse(await readFile(path, 'utf8')) as { keypoints: number[] }[];
      expect(known.keypoints.slice(0, 2).map(([x, y]) => [x, y])).toEqual([
        [60, 30],
        [64, 27],
      ]);
      expect(result?.keypoints).toEqual([59.5, 29.5, 0.9, 63.5, 26.5, 0.9, 0, 0, 0, 0, 0, 0]);
    });
  });

  describe('as CSV', () => {
    it('has a row of names, then one a person and frame, of as many numbers', async () => {
      const frames = [
        frameOf(0, personIn([0, 0, 10])),
        frameOf(1),
        frameOf(2, personIn([0, 0, 10]), personIn([10, 20, 100], { id: 4 })),
      ];
      const [path = ''] = await exported('csv', frames);
      const [names = [], ...rows] = (await readFile(path, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((row) => row.split(','));
      expect(rows.map((row) => row.length)).toEqual([59, 59, 59]);
      expect(names).toHaveLength(59);
      const last = Object.fromEntries(names.map((name, i) => [name, Number(rows[2]?.[i])]));
      expect(last).toMatchObject({
        frame: 2,
        pts_us: 100_000,
        person: 4,
        score: 0.9,
        x1: 10,
        y1: 20,
        x2: 110,
        y2: 120,
      });
      expect(last).toMatchObject({ nose_x: 60, nose_y: 30, nose_score: 0.9, right_ankle_x: 50, right_ankle_y: 120 });
    });
  });

  describe('as BVH', () => {
    it('is a file for each person, with the time of a frame', async () => {
      const frames = [
        frameOf(0, personIn([0, 0, 90])),
        frameOf(1, personIn([0, 0, 90]), personIn([100, 0, 90], { id: 3 })),
      ];
      expect(await exported('bvh', frames)).toEqual([file('dance.person-1.bvh'), file('dance.person-3.bvh')]);
      const { frames: count, frameTime, rows } = readBvh(await readFile(file('dance.person-1.bvh'), 'utf8'));
      expect([count, frameTime, rows.length]).toEqual([2, 0.05, 2]);
      expect(readBvh(await readFile(file('dance.person-3.bvh'), 'utf8')).frames).toBe(1);
    });

    it('puts every joint where its key point was, while bones keep their length', async () => {
      const poses = Array.from({ length: 40 }, (_, i) => turned(personIn([60 + i, 50, 120]), 13 * i));
      await exported(
        'bvh',
        poses.map((pose, i) => frameOf(i, pose)),
      );
      const { root, rows } = readBvh(await readFile(file('dance.person-1.bvh'), 'utf8'));
      const joints = {
        LeftUpLeg: 11,
        RightUpLeg: 12,
        LeftLeg: 13,
        LeftLegEnd: 15,
        RightLegEnd: 16,
        LeftArm: 5,
        RightArm: 6,
      };
      const ends = {
        LeftForeArm: 7,
        LeftForeArmEnd: 9,
        RightForeArmEnd: 10,
        LeftFace: 0,
        LeftTemple: 1,
        RightTempleEnd: 4,
      };
      for (const [i, pose] of poses.entries()) {
        const places = poseOf(root, rows[i] ?? []);
        for (const [joint, index] of Object.entries({ ...joints, ...ends })) {
          const [x = 0, y = 0] = pose.keypoints[index] ?? [];
          expect(places.get(joint)?.[0], `${joint} in row ${i}`).toBeCloseTo(x, 1);
          expect(places.get(joint)?.[1], `${joint} in row ${i}`).toBeCloseTo(HEIGHT - y, 1);
        }
      }
    });

    it('is refused at once where a file of any person is there, unless it may be replaced', async () => {
      await exported('bvh', [frameOf(0, personIn([0, 0, 90], { id: 8 }))]);
      const open = (overwrite: boolean) => openPoseExport('bvh', file('dance.bvh'), { height: HEIGHT, overwrite });
      await expect(open(false)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
      const output = await open(true);
      await output.write(frameOf(0, personIn([0, 0, 90], { id: 8 })));
      expect(await output.finish()).toEqual([file('dance.person-8.bvh')]);
    });

    it('turns joints without jumps, however often somebody turns round', async () => {
      const poses = Array.from({ length: 60 }, (_, i) => turned(personIn([60, 50, 120]), 17 * i));
      await exported(
        'bvh',
        poses.map((pose, i) => frameOf(i, pose)),
      );
      const { rows } = readBvh(await readFile(file('dance.person-1.bvh'), 'utf8'));
      for (const [i, row] of rows.entries()) {
        for (const [channel, value] of row.entries()) {
          if (channel > 2 && i > 0) expect(Math.abs(value - (rows[i - 1]?.[channel] ?? 0))).toBeLessThan(90);
        }
      }
    });

    it('bridges frames in which the person was not seen, and rests what never was', async () => {
      const headless = (x: number): TrackedPose => {
        const pose = personIn([x, 50, 100]);
        return { ...pose, keypoints: pose.keypoints.map(([u, v, score], i) => [u, v, i < 5 ? 0 : score] as const) };
      };
      await exported('bvh', [frameOf(10, headless(0)), frameOf(14, headless(40))]);
      const { root, frames, rows } = readBvh(await readFile(file('dance.person-1.bvh'), 'utf8'));
      expect(frames).toBe(5);
      expect(rows.map((row) => row[0])).toEqual([50, 60, 70, 80, 90]);
      expect(rows.flat().every(Number.isFinite)).toBe(true);
      expect(poseOf(root, rows[2] ?? []).get('LeftForeArmEnd')).toEqual([
        expect.closeTo(120, 1),
        expect.closeTo(285, 1),
      ]);
    });
  });

  it('leaves nothing when it is discarded', async () => {
    for (const format of ['coco', 'csv', 'bvh'] as const) {
      const output = await openPoseExport(format, file(`dance.${format}`), { height: HEIGHT });
      await output.write(frameOf(0, personIn([0, 0, 9])));
      await output.discard();
    }
    expect(await readdir(file('.'))).toEqual([]);
  });
});

describe('a series of values', () => {
  it.each([
    [[], []],
    [
      [Number.NaN, Number.NaN],
      [9, 9],
    ],
    [
      [Number.NaN, 1, Number.NaN, Number.NaN, 4, Number.NaN],
      [1, 1, 2, 3, 4, 4],
    ],
    [[5], [5]],
  ])('%j is filled up to %j', (values, expected) => {
    expect(fillGaps(values, 9)).toEqual(expected);
  });

  it('of angles goes on past half a turn, across gaps too', () => {
    expect(unwrapped([170, Number.NaN, -170, -10, 350])).toEqual([170, Number.NaN, 190, 350, 350]);
  });

  it.each([
    [[], undefined],
    [[3], 3],
    [[9, 1, 2, Number.NaN], 2],
    [[1, 2, 3, 10], 2.5],
  ])('%j has the median %s', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});
