import { type FoundPerson, spannedArea } from './found-person.js';
import { labelSimilarity } from './label-similarity.js';
import type { LabelledPerson } from './labelled-people.js';

/** Only this many of the people found in a picture count, the best. */
export const MOST_FOUND = 20;

/** Areas of people that count, square pixels; both ends belong to it. */
export type AreaRange = readonly [from: number, to: number];

/** What somebody found turned out to be. Who is `ignored` counts neither as right nor as wrong. */
export interface Verdict {
  readonly score: number;
  readonly outcome: 'right' | 'wrong' | 'ignored';
}

/** The verdicts on a picture, best score first, and how many people there were to be found. */
export interface PictureMatch {
  readonly verdicts: readonly Verdict[];
  readonly wanted: number;
}

interface Candidate {
  readonly label: LabelledPerson;
  readonly ignored: boolean;
}

/**
 * Pairs those found with those labelled as COCO's evaluation does: the best first, each with the label most like them that is free, and with one
 * that is ignored only if there is no other. Crowds take any number.
 */
export function matchPicture(
  labels: readonly LabelledPerson[],
  found: readonly FoundPerson[],
  threshold: number,
  range: AreaRange,
): PictureMatch {
  const candidates = labels
    .map((label) => ({ label, ignored: isIgnored(label, range) }))
    .sort((a, b) => Number(a.ignored) - Number(b.ignored));
  const taken = new Set<Candidate>();
  const best = [...found].sort((a, b) => b.score - a.score).slice(0, MOST_FOUND);
  const verdicts = best.map((person): Verdict => {
    const match = mostAlike(person, candidates, taken, threshold);
    if (match !== undefined) taken.add(match);
    const ignored = match?.ignored ?? !isWithin(spannedArea(person), range);
    return { score: person.score, outcome: ignored ? 'ignored' : match === undefined ? 'wrong' : 'right' };
  });
  return { verdicts, wanted: candidates.filter(({ ignored }) => !ignored).length };
}

function mostAlike(
  person: FoundPerson,
  candidates: readonly Candidate[],
  taken: ReadonlySet<Candidate>,
  threshold: number,
): Candidate | undefined {
  let most = Math.min(threshold, 1 - 1e-10);
  let match: Candidate | undefined;
  for (const candidate of candidates) {
    if (taken.has(candidate) && candidate.label.iscrowd === 0) continue;
    if (match !== undefined && !match.ignored && candidate.ignored) break;
    const similarity = labelSimilarity(candidate.label, person);
    if (similarity < most) continue;
    most = similarity;
    match = candidate;
  }
  return match;
}

function isIgnored({ iscrowd, num_keypoints, area }: LabelledPerson, range: AreaRange): boolean {
  return iscrowd === 1 || num_keypoints === 0 || !isWithin(area, range);
}

function isWithin(area: number, [from, to]: AreaRange): boolean {
  return area >= from && area <= to;
}
