import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toCocoResults } from '../../../../bench/quality/pose/coco-results.js';
import type { MadeUpPicture } from './made-up-people.js';

const script = fileURLToPath(new URL('../../../referees/coco_keypoints.py', import.meta.url));
/** `VITASCOPE_TEST_PYTHON` may name another one. */
const pythons = [process.env.VITASCOPE_TEST_PYTHON, 'python3', '/usr/bin/python3'];

/** A Python that has COCO's own evaluation. */
export const python = pythons.find((program): program is string => {
  if (program === undefined) return false;
  try {
    execFileSync(program, ['-c', 'import pycocotools.cocoeval'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** COCO's ten figures as its own evaluation has them; `path` makes files in a temporary folder. */
export function cocoFigures(pictures: readonly MadeUpPicture[], path: (name: string) => string): (number | null)[] {
  if (python === undefined) throw new Error('no Python has pycocotools');
  const annotations = pictures.flatMap(({ id, people }) => people.map((person) => ({ ...person, image_id: id })));
  const labels = {
    info: {},
    images: pictures.map(({ id }) => ({ id, width: 640, height: 640 })),
    categories: [{ id: 1, name: 'person' }],
    annotations: annotations.map((person, i) => ({ ...person, id: i + 1, category_id: 1 })),
  };
  const [asked, told] = [path('labels.json'), path('results.json')];
  writeFileSync(asked, JSON.stringify(labels));
  writeFileSync(told, JSON.stringify(pictures.flatMap(({ id, found }) => toCocoResults(id, found))));
  const output = execFileSync(python, [script, asked, told], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(output) as (number | null)[];
}
