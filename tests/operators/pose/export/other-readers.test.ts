import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openPoseExport, type PoseExportFormat } from '../../../../operators/pose/export/pose-export.js';
import type { PoseFrame } from '../../../../operators/pose/export/pose-frame.js';
import { rootPath } from '../../../docs/pages.js';
import { workspace } from '../../../helpers/workspace.js';
import { personIn } from '../draw/people.js';

const HEIGHT = 360;
/** Two people who walk apart. */
const frames: readonly PoseFrame[] = Array.from({ length: 5 }, (_, i) => ({
  frame: i,
  ptsUs: i * 40_000,
  poses: [personIn([100 + 3 * i, 20, 80]), personIn([200 - 2 * i, 40 + i, 60], { id: 2, score: 0.7 })],
}));
const people = frames.flatMap(({ frame, poses }) => poses.map((pose) => ({ frame, ...pose })));
const hasPython = spawnSync('python3', ['--version']).error === undefined;

describe.skipIf(!hasPython)('an export of poses, read by Python (skipped where there is no python3)', () => {
  const file = workspace();

  async function readBack(format: PoseExportFormat, name: string): Promise<readonly unknown[]> {
    const output = await openPoseExport(format, file(name), { height: HEIGHT });
    for (const frame of frames) await output.write(frame);
    const paths = await output.finish();
    const { stdout } = await promisify(execFile)('python3', [rootPath('tests/referees/pose_files.py'), ...paths]);
    return JSON.parse(stdout) as unknown[];
  }

  it('is what an evaluation of COCO loads, in its pixels', async () => {
    const [read] = (await readBack('coco', 'dance.coco.json')) as [
      {
        people: { image_id: number; keypoints: number[]; score: number; bbox: number[] }[];
        pycocotools: number | null;
      },
    ];
    expect(read.people).toHaveLength(people.length);
    expect([people.length, null]).toContain(read.pycocotools);
    for (const [i, { frame, score, box, keypoints }] of people.entries()) {
      const found = read.people[i];
      expect([found?.image_id, found?.score]).toEqual([frame, score]);
      for (const [k, [x, y]] of keypoints.entries()) {
        expect(found?.keypoints[3 * k]).toBeCloseTo(x - 0.5, 3);
        expect(found?.keypoints[3 * k + 1]).toBeCloseTo(y - 0.5, 3);
      }
      const side = box[2] - box[0];
      expect(found?.bbox[2]).toBeCloseTo(side, 3);
    }
  });

  it('is a table of numbers', async () => {
    const [read] = (await readBack('csv', 'dance.csv')) as [{ columns: string[]; rows: Record<string, number>[] }];
    expect(read.columns).toHaveLength(59);
    expect(read.rows).toHaveLength(people.length);
    for (const [i, { frame, id, box, keypoints }] of people.entries()) {
      const [nose] = keypoints;
      const expected = { frame, pts_us: frame * 40_000, person: id, x1: box[0], y2: box[3], nose_x: nose?.[0] };
      expect(read.rows[i]).toMatchObject(expected);
    }
  });

  it('is motion in the plane of the picture, y upwards, in a skeleton of three dimensions', async () => {
    const read = (await readBack('bvh', 'dance.bvh')) as {
      frames: number;
      seconds: number;
      places: Record<string, [number, number, number]>[];
    }[];
    expect(read.map(({ frames: count, seconds }) => [count, seconds])).toEqual([
      [5, 0.04],
      [5, 0.04],
    ]);
    for (const [person, { places }] of read.entries()) {
      for (const [i, row] of places.entries()) {
        const [, , , , , leftShoulder, rightShoulder, , , leftWrist] = frames[i]?.poses[person]?.keypoints ?? [];
        for (const [joint, point] of Object.entries({
          LeftArm: leftShoulder,
          RightArm: rightShoulder,
          LeftForeArmEnd: leftWrist,
        })) {
          const [x = Number.NaN, y = Number.NaN, z] = row[joint] ?? [];
          expect(x, `${joint} of person ${person} in row ${i}`).toBeCloseTo(point?.[0] ?? 0, 1);
          expect(y, `${joint} of person ${person} in row ${i}`).toBeCloseTo(HEIGHT - (point?.[1] ?? 0), 1);
          expect(z).toBeCloseTo(0, 6);
        }
      }
    }
  });
});
