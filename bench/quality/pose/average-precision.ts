import type { FoundPerson } from './found-person.js';
import type { LabelledPerson } from './labelled-people.js';
import { type AreaRange, matchPicture, type Verdict } from './match-picture.js';

/** Labels and results of one picture. */
export interface JudgedPicture {
  readonly people: readonly LabelledPerson[];
  readonly found: readonly FoundPerson[];
}

/** COCO's ten figures for key points, 0–1; `undefined` where no labelled person counts. */
export interface KeypointFigures {
  readonly ap: number | undefined;
  readonly ap50: number | undefined;
  readonly ap75: number | undefined;
  readonly apMedium: number | undefined;
  readonly apLarge: number | undefined;
  readonly ar: number | undefined;
  readonly ar50: number | undefined;
  readonly ar75: number | undefined;
  readonly arMedium: number | undefined;
  readonly arLarge: number | undefined;
}

/** Precision and recall at one threshold. */
interface Curve {
  readonly precision: number;
  readonly recall: number;
}

/** Similarities from which somebody counts as found: 0.50, 0.55 … 0.95. */
const thresholds = Array.from({ length: 10 }, (_, i) => 0.5 + i * ((0.95 - 0.5) / 9));
/** Recalls at which precision is read: 0, 0.01 … 1. */
const recalls = Array.from({ length: 101 }, (_, i) => i * 0.01);
const [AT_50, AT_75] = [0, 5];

const all: AreaRange = [0, 1e5 ** 2];
const medium: AreaRange = [32 ** 2, 96 ** 2];
const large: AreaRange = [96 ** 2, 1e5 ** 2];

/**
 * Average precision and recall of key points as COCO defines them: object keypoint similarity 0.50:0.05:0.95, precision at 101 recalls, at most 20 people a
 * picture.
 *
 * @see https://cocodataset.org/#keypoints-eval
 */
export function keypointFigures(pictures: readonly JudgedPicture[]): KeypointFigures {
  const curvesIn = (range: AreaRange): Curves => thresholds.map((threshold) => curveOf(pictures, threshold, range));
  const [everybody, mediumOnes, largeOnes] = [curvesIn(all), curvesIn(medium), curvesIn(large)] as const;
  return {
    ap: mean(everybody, 'precision'),
    ap50: everybody[AT_50]?.precision,
    ap75: everybody[AT_75]?.precision,
    apMedium: mean(mediumOnes, 'precision'),
    apLarge: mean(largeOnes, 'precision'),
    ar: mean(everybody, 'recall'),
    ar50: everybody[AT_50]?.recall,
    ar75: everybody[AT_75]?.recall,
    arMedium: mean(mediumOnes, 'recall'),
    arLarge: mean(largeOnes, 'recall'),
  };
}

type Curves = readonly (Curve | undefined)[];

function curveOf(pictures: readonly JudgedPicture[], threshold: number, range: AreaRange): Curve | undefined {
  const matches = pictures.map(({ people, found }) => matchPicture(people, found, threshold, range));
  const wanted = matches.reduce((sum, match) => sum + match.wanted, 0);
  if (wanted === 0) return undefined;
  const verdicts = matches.flatMap((match) => match.verdicts).sort((a, b) => b.score - a.score);
  return summarize(
    verdicts.map(({ outcome }) => outcome),
    wanted,
  );
}

/** Reads precision, made to never rise with recall, at the 101 recalls; those not reached count as 0. */
function summarize(outcomes: readonly Verdict['outcome'][], wanted: number): Curve {
  let [right, wrong] = [0, 0];
  const curve = outcomes.map((outcome) => {
    if (outcome === 'right') right++;
    if (outcome === 'wrong') wrong++;
    return { recall: right / wanted, precision: right / Math.max(1, right + wrong) };
  });
  for (let i = curve.length - 2; i >= 0; i--) {
    const [here, next] = [curve[i], curve[i + 1]];
    if (here !== undefined && next !== undefined) here.precision = Math.max(here.precision, next.precision);
  }
  const precisions = recalls.map((recall) => curve.find((point) => point.recall >= recall)?.precision ?? 0);
  return {
    precision: precisions.reduce((sum, value) => sum + value, 0) / precisions.length,
    recall: right / wanted,
  };
}

function mean(curves: Curves, what: keyof Curve): number | undefined {
  const values = curves.flatMap((curve) => curve?.[what] ?? []);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
