import type { ImpactCue } from '../../../operators/foley/cues.js';
import { markdownTable, threeDigits } from '../pose/markdown-table.js';
import { verdict } from '../section.js';
import { clipPaths, type HeardClip, heardClips } from './heard-clips.js';
import { chooseSetting, onsetBaselines, scoreOf } from './onset-baselines.js';
import { matchOnsets, type OnsetScore } from './onset-score.js';
import { type FoleyFigures, type FoleySettings, inMs } from './section.js';
import { watchClip } from './watch-clip.js';

const LEAST_F1 = 0.6;
const MOST_ERROR_S = 0.04;
const MATERIALS = 12;

/** A held-out clip with what the operator sees in it. */
interface WatchedClip extends HeardClip {
  readonly impacts: readonly ImpactCue[];
}

const ours = ({ impacts }: WatchedClip): readonly number[] => impacts.map(({ atUs }) => atUs / 1e6);

/** Onsets that the operator sees in real clips, against those that are heard in them, beside predictors that know nothing; and what it thinks is struck. */
export const onsetFigures: FoleyFigures = async (settings) => {
  settings.progress('listening to the clips');
  const clips = await heardClips(clipPaths(settings.shared));
  const choosing = clips.filter(({ use, voices }) => use === 'training' && !voices);
  const watched = await watchAll(clips, settings);
  const clear = watched.filter(({ voices, unclear }) => !voices && !unclear);
  const groups = [
    [`all ${watched.length}`, watched],
    [`${clear.length} without voices and the unclear one`, clear],
  ] as const;
  const chosen = onsetBaselines.map((baseline) => ({ ...baseline, setting: chooseSetting(baseline, choosing) }));
  const rows = groups.flatMap(([group, among]) => [
    [group, '**foley**', ...cells(scoreOf(among, (clip) => ours(clip as WatchedClip)))],
    ...chosen.map(({ name, setting }) => ['', name, ...cells(scoreOf(among, setting.guess))]),
  ]);
  const ourScores = groups.map(
    ([group, among]) => [group, scoreOf(among, (clip) => ours(clip as WatchedClip))] as const,
  );
  const strongest = groups.map(([, among]) =>
    Math.max(...chosen.map(({ setting }) => scoreOf(among, setting.guess).f1)),
  );
  return {
    title: 'Onsets seen in real clips',
    markdown: [
      markdownTable(['clips', 'by', 'F1', 'precision', 'recall', 'median error', 'found', 'true'], rows),
      markdownTable(clipHeads, watched.map(clipCells)),
    ].join('\n\n'),
    notes: [
      'Clips never trained on, with the operator as it is shipped, at their own frame rates. True are the onsets in their sound (`models/training/foley/onsets.py`); tolerance ±80 ms',
      `Settings of the others are chosen for the best F1 on ${choosing.length} clips of the training: ${chosen.flatMap(({ name, setting }) => (setting.words === '' ? [] : `${name} ${setting.words}`)).join('; ')}`,
      ...ourScores.map(([group, score], index) => goalNote(group, score, strongest[index] as number)),
      materialNote(watched),
      'Material and action: of impacts that are real ones (within 80 ms of a true onset), where everybody would agree on what is struck',
    ],
  };
};

function goalNote(group: string, { f1, medianError, medianLag }: OnsetScore, strongest: number): string {
  const lag = Number.isNaN(medianLag)
    ? ''
    : `, usually ${inMs(Math.abs(medianLag))} ${medianLag < 0 ? 'early' : 'late'}`;
  const [best, good] = [verdict(f1 > strongest), verdict(f1 >= LEAST_F1)];
  const error = `median error ${inMs(medianError)}, goal at most ${inMs(MOST_ERROR_S)}, ${verdict(medianError <= MOST_ERROR_S)}`;
  return `${group}: F1 ${f1.toFixed(3)}, goal at least ${LEAST_F1}, ${good}, and above ${strongest.toFixed(3)}, ${best}; ${error}${lag}`;
}

async function watchAll(clips: readonly HeardClip[], settings: FoleySettings): Promise<readonly WatchedClip[]> {
  const watched: WatchedClip[] = [];
  for (const clip of clips.filter(({ use }) => use === 'evaluation')) {
    settings.progress(`watching ${clip.name}`);
    watched.push({ ...clip, impacts: await watchClip(clip.path, settings) });
  }
  return watched;
}

function cells(score: OnsetScore): string[] {
  const { f1, precision, recall, medianError, predicted, true: truth } = score;
  const shares = [f1, precision, recall].map(threeDigits);
  return [...shares, inMs(medianError), `${predicted}`, `${truth}`];
}

const clipHeads = ['clip', 'F1', 'found', 'true', 'struck is', 'material right', 'said most often', 'action right'];

function clipCells(clip: WatchedClip): string[] {
  const score = scoreOf([clip], () => ours(clip));
  const mark = clip.voices ? ' (voices)' : clip.unclear ? ' (unclear)' : '';
  const head = [`${clip.name}${mark}`, threeDigits(score.f1), `${score.predicted}`, `${score.true}`];
  const real = realImpacts(clip);
  const right = (count: number): string => `${count} of ${real.length}`;
  return [
    ...head,
    [clip.action, clip.material].filter((word) => word !== null).join(' ') || '–',
    clip.material === null ? '–' : right(real.filter(({ material }) => material === clip.material).length),
    mostFrequent(clip.impacts.map(({ material }) => material)),
    clip.action === null ? '–' : right(real.filter(({ action }) => action === clip.action).length),
  ];
}

/** Those of a clip that are near to an onset that is heard. */
function realImpacts(clip: WatchedClip): readonly ImpactCue[] {
  return matchOnsets(ours(clip), clip.onsets).map(({ predicted }) => clip.impacts[predicted] as ImpactCue);
}

function mostFrequent(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '–';
}

function materialNote(watched: readonly WatchedClip[]): string {
  const known = watched.filter(({ material }) => material !== null);
  const judged = known.flatMap((clip) => realImpacts(clip).map(({ material }) => material === clip.material));
  const share = judged.filter((isRight) => isRight).length / Math.max(1, judged.length);
  return `Material on real clips: right for ${(100 * share).toFixed(0)} % of ${judged.length} impacts in ${known.length} clips; chance is ${(100 / MATERIALS).toFixed(0)} %`;
}
