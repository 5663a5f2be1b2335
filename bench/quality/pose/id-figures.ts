import { type FilmLabels, isWithin, type NamedPerson } from './film-labels.js';
import type { NamedFrame } from './named-poses.js';

/** How well people keep their ids. */
export interface IdFigures {
  readonly people: number;
  /** Ids that they were given; as many as people where all goes well. */
  readonly ids: number;
  /** How often somebody had another id than when they were last found. */
  readonly switches: number;
  /** Part of the frames in which somebody is in view that lack them, 0–1. */
  readonly missed: number;
  /** People in a frame who are not there, on average, while somebody is in view; `undefined` where more people are in view than those named. */
  readonly extra: number | undefined;
  /** People in a frame while nobody is in view; `undefined` where there are no such frames. */
  readonly ghosts: number | undefined;
}

/** Counts what becomes of the people of a film. */
export function idFigures(frames: readonly NamedFrame[], { people, empty, others }: FilmLabels): IdFigures {
  const idsOf = (person: NamedPerson): number[] => frames.flatMap(({ named }) => named.get(person)?.id ?? []);
  const inView = frames.flatMap(({ named }) => [...named.values()]);
  const busy = frames.filter(({ named }) => named.size > 0);
  const idle = frames.filter(({ seconds }) => empty.some((stretch) => isWithin(stretch, seconds)));
  return {
    people: people.length,
    ids: sum(people.map((person) => new Set(idsOf(person)).size)),
    switches: sum(people.map((person) => changes(idsOf(person)))),
    missed: inView.filter((pose) => pose === undefined).length / inView.length,
    extra: others ? undefined : mean(busy.map((frame) => frame.others.length)),
    ghosts: idle.length === 0 ? undefined : mean(idle.map((frame) => frame.others.length)),
  };
}

function changes(ids: readonly number[]): number {
  return ids.filter((id, i) => i > 0 && id !== ids[i - 1]).length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
