import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InferencePool } from '../../../models/inference-pool.js';
import type { SmoothOptions } from '../../../operators/pose/smooth/smooth-options.js';
import { type FilmLabels, readFilmLabels } from './film-labels.js';
import { type FoundInFrame, lookAtFilm, steady } from './film-people.js';
import { type IdFigures, idFigures } from './id-figures.js';
import { type Jitter, jitterOf } from './jitter.js';
import { lagMs } from './lag.js';
import { markdownTable } from './markdown-table.js';
import { type NamedFrame, nameThem } from './named-poses.js';
import { wantedCandidates } from './pose-candidate.js';
import type { PoseFigures, PoseSettings } from './section.js';

/** How steady the people of a film are. */
export interface Steadiness {
  readonly ids: IdFigures;
  readonly jitter: { readonly raw: Jitter; readonly smooth: Jitter } | undefined;
  readonly lagMs: number | undefined;
}

/** Ids, jitter and lag over the labelled films, with smoothing and without. */
export const steadinessFigures: PoseFigures = async (settings) => {
  const films = readFilmLabels().filter(({ film }) => existsSync(pathOf(settings, film)));
  if (films.length === 0) throw new Error(`there are no films in ${pathOf(settings, '')} (--shared names the folder)`);
  const { candidates, skipped } = await wantedCandidates(settings.shared, settings.models);
  await using pool = new InferencePool();
  const rows: string[][] = [];
  for (const candidate of candidates) {
    await using estimator = await candidate.open(pool);
    for (const film of films) {
      const told = (count: number): void => settings.progress(`${candidate.id}: ${film.film}, frame ${count}`);
      const found = await lookAtFilm(estimator, pathOf(settings, film.film), settings.every, told);
      rows.push([candidate.title, film.film, ...cells(steadinessOf(found, film))]);
    }
  }
  return {
    title: `Steadiness in films, the network looks at ${settings.every === 1 ? 'every frame' : `one frame of ${settings.every}`}`,
    markdown: markdownTable(heads, rows),
    notes: [...notes, ...films.map(({ film, about }) => `\`${film}\`: ${about}`), ...skipped],
  };
};

/** The figures of a film, from what a network found in it. */
export function steadinessOf(
  found: readonly FoundInFrame[],
  labels: FilmLabels,
  smoothing: SmoothOptions = {},
): Steadiness {
  const namedWith = (smooth: boolean): readonly NamedFrame[] =>
    nameThem(steady(found, { smooth: { ...smoothing, smooth } }), labels.people);
  const [raw, smooth] = [namedWith(false), namedWith(true)];
  const [rawJitter, smoothJitter] = [jitterOf(raw, labels.standing), jitterOf(smooth, labels.standing)];
  const isKnown = rawJitter !== undefined && smoothJitter !== undefined;
  return {
    ids: idFigures(smooth, labels),
    jitter: isKnown ? { raw: rawJitter, smooth: smoothJitter } : undefined,
    lagMs: lagMs(raw, smooth, labels.moving),
  };
}

const heads = [
  ...['model', 'film', 'people', 'ids', 'switches', 'missed', 'extra a frame', 'ghosts a frame'],
  ...['jitter, raw', 'jitter, smoothed', 'lag'],
];

const notes = [
  'People: named by hand in `bench/quality/pose/stretches.json`, with the seconds in which they are in view. Switches: how often one of them had another id than when last found. Missed: part of their frames without them',
  'Extra: found while somebody is in view, but nobody named; ghosts: found in an empty room',
  'Jitter: mean length of the second difference of key points from frame to frame, of people who stand; pixels, and thousandths of their height',
  'The defaults of tracking and smoothing were chosen on these films',
  'Lag: shift at which smoothed wrists and ankles that swing are most like raw ones',
];

function cells({ ids, jitter, lagMs: lag }: Steadiness): string[] {
  const { people, ids: given, switches, missed, extra, ghosts } = ids;
  const number = (value: number | undefined): string => value?.toFixed(2) ?? '–';
  const trembling = (one: Jitter | undefined): string =>
    one === undefined ? '–' : `${one.pixels.toFixed(2)} px, ${(1000 * one.ofHeight).toFixed(1)} ‰`;
  return [
    ...[`${people}`, `${given}`, `${switches}`, `${(100 * missed).toFixed(0)} %`, number(extra), number(ghosts)],
    ...[trembling(jitter?.raw), trembling(jitter?.smooth), lag === undefined ? '–' : `${lag.toFixed(0)} ms`],
  ];
}

function pathOf({ shared }: PoseSettings, film: string): string {
  return join(shared, 'data/video', film);
}
