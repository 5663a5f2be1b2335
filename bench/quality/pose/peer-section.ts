import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferencePool } from '../../../models/inference-pool.js';
import { runCommand } from '../../speed/time-command.js';
import { accuracyOf, findPeople } from './accuracy.js';
import { labelledSets } from './accuracy-section.js';
import { type KeypointFigures, keypointFigures } from './average-precision.js';
import { type CocoResult, judgeResults } from './coco-results.js';
import type { LabelledPicture } from './labelled-people.js';
import { markdownTable, threeDigits } from './markdown-table.js';
import { poseCandidate, publicWeights } from './pose-candidate.js';
import type { PoseFigures } from './section.js';

/** Debian's, which sees Debian's OpenCV. */
const PYTHON = '/usr/bin/python3';
const LEAST_OF_PEER = 0.95;
const script = fileURLToPath(new URL('../../peers/topdown_pose.py', import.meta.url));

/** Options of the script. */
const ways = { 'as usual': [], 'like ours': ['--padding', '1', '--box-scores'] } as const;

/** The top-down pipeline against a plain Python script with OpenCV and the same weights. */
export const peerFigures: PoseFigures = async ({ shared, progress }) => {
  const candidate = await poseCandidate(shared, 'rtmdet-movenet');
  await using pool = new InferencePool();
  await using estimator = await candidate.open(pool);
  const rows: string[][] = [];
  for (const [name, pictures] of labelledSets(shared)) {
    progress(`${candidate.id} on ${name}`);
    const { figures: ours } = accuracyOf(await findPeople(estimator, pictures));
    for (const [way, options] of Object.entries(ways)) {
      progress(`${script} on ${name}, ${way}`);
      const theirs = await runScript(shared, pictures, options);
      const ratio = (ours.ap ?? 0) / (theirs.ap ?? 0);
      const verdict = ratio >= LEAST_OF_PEER ? 'met' : '**missed**';
      rows.push([name, ...cells(ours), way, ...cells(theirs), ratio.toFixed(3), `at least ${LEAST_OF_PEER}`, verdict]);
    }
  }
  return {
    title: `${candidate.title}, against a Python script with OpenCV and the same weights`,
    markdown: markdownTable(
      ['pictures', 'AP', 'AP50', 'AP75', 'script', 'its AP', 'AP50', 'AP75', 'ratio of AP', 'goal', ''],
      rows,
    ),
    notes: [
      'The script, `bench/peers/topdown_pose.py`: OpenCV decodes, resizes and cuts; the networks run in the same ONNX Runtime; boxes from a score of 0.3, as usual for RTMDet',
      '"As usual": crops a quarter larger than the boxes, people ranked by their key points. "Like ours": crops as large as the boxes, ranked by the detector too: what is left is how pictures come to the networks',
    ],
  };
};

async function runScript(
  shared: string,
  pictures: readonly LabelledPicture[],
  options: readonly string[],
): Promise<KeypointFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'vitascope-peer-'));
  try {
    const [asked, told] = [join(folder, 'pictures.json'), join(folder, 'results.json')];
    await writeFile(asked, JSON.stringify(pictures.map(({ id, path }) => ({ id, path }))));
    const weights = (id: keyof typeof publicWeights): string => join(shared, 'weights/public', publicWeights[id]);
    const models = ['--detector', weights('rtmdet-nano-person'), '--pose', weights('movenet-lightning')];
    await runCommand([PYTHON, script, asked, told, ...models, ...options]);
    return keypointFigures(judgeResults(pictures, JSON.parse(await readFile(told, 'utf8')) as CocoResult[]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function cells({ ap, ap50, ap75 }: KeypointFigures): string[] {
  return [ap, ap50, ap75].map(threeDigits);
}
