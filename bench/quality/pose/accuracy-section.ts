import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InferencePool } from '../../../models/inference-pool.js';
import { ACCURACY_SCORE, accuracyOf, countWanted, findPeople } from './accuracy.js';
import { type AccuracyRow, accuracyTable } from './accuracy-table.js';
import { asOldFilm, FILM_LOOK } from './film-look.js';
import { type LabelledPicture, readMmposeCoco, readTinyCocoVal } from './labelled-people.js';
import { type InputSize, type PoseCandidate, wantedCandidates } from './pose-candidate.js';
import type { PoseFigures, PoseSettings } from './section.js';

const EMBEDDED = 'pose-small';
const LEAST_OF_POSENET = 0.75;
/** The first of the sets, spoilt; see {@link asOldFilm}. */
const AS_FILM = 'tiny_coco val, as old film';

/** Pictures with labels, by what they are called in the table. */
export function labelledSets(shared: string): ReadonlyMap<string, readonly LabelledPicture[]> {
  const data = join(shared, 'data');
  if (!existsSync(join(data, 'pose'))) throw new Error(`there is no ${join(data, 'pose')} (--shared names the folder)`);
  return new Map([
    ['tiny_coco val', readTinyCocoVal(data)],
    ['mmpose coco', readMmposeCoco(data)],
  ]);
}

/** COCO's figures for the embedded model and the public ones, in one table. */
export const accuracyFigures: PoseFigures = async (settings) => {
  const labelled = labelledSets(settings.shared);
  const sets = new Map([...labelled, [AS_FILM, labelled.get('tiny_coco val') ?? []]]);
  const { candidates, skipped } = await wantedCandidates(settings.shared, settings.models);
  await using pool = new InferencePool();
  const rows: AccuracyRow[] = [];
  for (const candidate of candidates) {
    for (const size of [undefined, ...(candidate.sized ? settings.sizes : [])]) {
      rows.push(...(await rowsOf(candidate, size, sets, pool, settings)));
    }
  }
  const counts = [...labelled].map(
    ([name, pictures]) => `${name}: ${pictures.length}, ${countWanted(pictures)} people`,
  );
  return {
    title: 'Key points found: average precision on COCO labels',
    markdown: accuracyTable(rows),
    notes: [
      `Pictures, and people with labelled key points in them: ${counts.join('; ')}. No model of ours was trained on them; how large the crops of the top-down pipeline are was chosen with them in view`,
      `Object keypoint similarity 0.50:0.05:0.95, at most 20 people a picture, those with a score of ${ACCURACY_SCORE} and more`,
      `As old film: \`${FILM_LOOK}\``,
      'Milliseconds: median of one picture after another, with what takes it from the frame to people',
      ...againstPoseNet(rows),
      ...skipped,
    ],
  };
};

/** What part of PoseNet's AP each embedded model reaches on the first set, at sizes of the models' own. */
function againstPoseNet(rows: readonly AccuracyRow[]): string[] {
  const apOf = (id: string) => rows.find((row) => row.id === id)?.accuracy.figures.ap;
  const [ours, theirs] = [apOf(EMBEDDED), apOf('posenet')];
  if (ours === undefined || theirs === undefined) return [];
  const ratio = ours / theirs;
  const verdict = ratio >= LEAST_OF_POSENET ? 'met' : '**missed**';
  return [`${EMBEDDED} reaches ${ratio.toFixed(2)} of PoseNet's AP; goal: at least ${LEAST_OF_POSENET}, ${verdict}`];
}

async function rowsOf(
  candidate: PoseCandidate,
  size: InputSize | undefined,
  sets: ReadonlyMap<string, readonly LabelledPicture[]>,
  pool: InferencePool,
  { progress }: PoseSettings,
): Promise<AccuracyRow[]> {
  const rows: AccuracyRow[] = [];
  const shown = size === undefined ? '' : `, ${size.join('×')}`;
  await using estimator = await candidate.open(pool, size);
  for (const [pictures, labelled] of sets) {
    progress(`${candidate.id}${shown} on ${pictures}`);
    const accuracy = accuracyOf(await findPeople(estimator, labelled, pictures === AS_FILM ? asOldFilm : undefined));
    rows.push({ id: candidate.id, model: `${candidate.title}${shown}`, pictures, accuracy });
  }
  return rows;
}
