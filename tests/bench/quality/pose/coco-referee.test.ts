import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findPeople } from '../../../../bench/quality/pose/accuracy.js';
import { type JudgedPicture, keypointFigures } from '../../../../bench/quality/pose/average-precision.js';
import { readMmposeCoco } from '../../../../bench/quality/pose/labelled-people.js';
import { poseCandidates } from '../../../../bench/quality/pose/pose-candidate.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { workspace } from '../../../helpers/workspace.js';
import { cocoFigures, python } from './coco-referee.js';
import { madeUpPictures } from './made-up-people.js';

const shared = fileURLToPath(new URL('../../../../../shared', import.meta.url));
const noReferee = python === undefined ? 'no Python has pycocotools' : undefined;
const noData = existsSync(`${shared}/data/pose/mmpose`) ? undefined : `there is no ${shared}/data/pose/mmpose`;

/** What `tests/referees/coco_keypoints.py` printed for the people of each seed. */
const expected = JSON.parse(await readFile(new URL('./coco-figures.json', import.meta.url), 'utf8')) as Record<
  string,
  (number | null)[]
>;

function ours(pictures: readonly JudgedPicture[]): (number | null)[] {
  const { ap, ap50, ap75, apMedium, apLarge, ar, ar50, ar75, arMedium, arLarge } = keypointFigures(pictures);
  return [ap, ap50, ap75, apMedium, apLarge, ar, ar50, ar75, arMedium, arLarge].map((value) => value ?? null);
}

function expectSame(got: readonly (number | null)[], wanted: readonly (number | null)[]): void {
  expect(got.map((value) => value?.toFixed(9))).toEqual(wanted.map((value) => value?.toFixed(9)));
}

describe('our figures for key points and those of pycocotools', () => {
  const path = workspace();

  it.each(Object.entries(expected))('are the same for made-up people %s', (seed, figures) => {
    expectSame(ours(madeUpPictures(Number(seed))), figures);
  });

  it.skipIf(noReferee !== undefined)(`are the same for other made-up people${reason(noReferee)}`, () => {
    for (const seed of [101, 102, 103]) {
      const pictures = madeUpPictures(seed);
      expectSame(ours(pictures), cocoFigures(pictures, path));
    }
  });

  it.skipIf(noReferee !== undefined || noData !== undefined)(
    `are the same for what a network finds in photographs${reason(noReferee ?? noData)}`,
    { timeout: 120_000 },
    async ({ skip }) => {
      const candidate = (await poseCandidates(shared)).find((one) => typeof one !== 'string');
      if (candidate === undefined || typeof candidate === 'string') return skip('no model for poses is there');
      await using pool = new InferencePool({ workers: 1 });
      await using estimator = await candidate.open(pool);
      const results = await findPeople(estimator, readMmposeCoco(`${shared}/data`));
      const pictures = results.map(({ picture: { id, people }, found }) => ({ id, people, found }));
      expectSame(ours(pictures), cocoFigures(pictures, path));
    },
  );
});

function reason(why: string | undefined): string {
  return why === undefined ? '' : ` (skipped: ${why})`;
}
