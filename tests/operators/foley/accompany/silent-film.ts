import type { AccompanyOptions } from '../../../../operators/foley/accompany/accompany-options.js';
import { accompanyOptions } from '../../../../operators/foley/accompany/accompany-options.js';
import { Composer } from '../../../../operators/foley/accompany/composer.js';
import type { PictureFacts } from '../../../../operators/foley/accompany/picture-facts.js';
import type { Score } from '../../../../operators/foley/accompany/score.js';
import { SeededRandom } from '../../../../operators/foley/accompany/seeded-random.js';

export const STEP_US = 40_000;

export interface FilmWishes {
  readonly seconds: number;
  readonly seed?: number;
  readonly motion?: number;
  readonly brightness?: number;
  /** Seconds between cuts, least and most. */
  readonly shots?: readonly [number, number];
  readonly startUs?: number;
}

/** Facts of a film that there is not: shots of varied length and motion, 25 pictures a second. */
export function* silentFilm(wishes: FilmWishes): Generator<PictureFacts> {
  const { seconds, seed = 1, motion, brightness, shots = [4, 12], startUs = 0 } = wishes;
  const random = new SeededRandom(seed);
  let nextCut = 0;
  let base = 0.5;
  let light = 0.5;
  for (let i = 0; i < seconds * 25; i++) {
    const cut = i >= nextCut;
    if (cut) {
      nextCut = i + Math.round(25 * random.between(...shots));
      base = motion ?? random.next();
      light = brightness ?? random.between(0.15, 0.8);
    }
    const moves = Math.min(1, Math.max(0, base + 0.1 * Math.sin(i / 9)));
    yield { ptsUs: startUs + i * STEP_US, cut, motion: moves, brightness: light };
  }
}

/** The whole score of a film, composed as pictures come in. */
export function scoreOf(film: Iterable<PictureFacts>, options: AccompanyOptions = {}, everyUs = 200_000): Score {
  const complete = accompanyOptions.parse(options);
  const composer = new Composer(complete);
  const scores: Score[] = [];
  let askedUs = Number.NEGATIVE_INFINITY;
  let lastUs = 0;
  for (const facts of film) {
    composer.hear(facts);
    lastUs = facts.ptsUs;
    const dueUs = facts.ptsUs - complete.lookAheadMs * 1000;
    if (dueUs - askedUs < everyUs) continue;
    askedUs = dueUs;
    scores.push(composer.composeUntil(dueUs));
  }
  composer.end();
  scores.push(composer.composeUntil(lastUs + 20_000_000));
  const all = <Name extends keyof Score>(name: Name): Score[Name] =>
    scores.flatMap((score) => score[name] as readonly unknown[]) as unknown as Score[Name];
  return {
    notes: all('notes'),
    pedals: all('pedals'),
    harmonies: all('harmonies'),
    sections: all('sections'),
    beats: all('beats'),
  };
}
