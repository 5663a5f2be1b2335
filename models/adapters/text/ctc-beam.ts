import type { Alphabet } from './alphabet.js';
import type { CharacterContext, CharacterModel } from './character-model.js';
import { type CtcSteps, type ReadLine, readLine } from './ctc.js';
import { alignedScores } from './ctc-alignment.js';

/** What is likely before the line is seen. */
export interface CtcPrior {
  readonly model: CharacterModel;
  /** How much the model's logarithms count beside those of what is seen. */
  readonly weight: number;
  /** Added for each character, which the model alone would make rarer. */
  readonly bonus: number;
}

export interface CtcBeamOptions {
  /** Beginnings of the line that are kept at each step. */
  readonly beam: number;
  readonly prior?: CtcPrior | undefined;
}

/** Less likely classes of a step open no beginning of their own. */
const LEAST = 1e-4;
/** Beginnings that are so much less likely than the best one, nats, are dropped. */
const HOPELESS = 8;
/** Share of text that no model knows, such as codes and names, and how likely a character is in it. */
const UNKNOWN = 0.1;
const UNKNOWN_CHARACTER = 0.01;

/** A beginning of the line. */
class Prefix {
  readonly #longer = new Map<number, Prefix>();
  readonly before: Prefix | undefined;
  readonly label: number;
  /** What the model makes of it, a logarithm; and its context for the next character. */
  readonly likely: number;
  readonly context: CharacterContext;

  constructor(before: Prefix | undefined, label: number, likely: number, context: CharacterContext) {
    this.before = before;
    this.label = label;
    this.likely = likely;
    this.context = context;
  }

  with(label: number, alphabet: Alphabet, prior: CtcPrior | undefined): Prefix {
    const known = this.#longer.get(label);
    if (known !== undefined) return known;
    const character = alphabet.characters[label] ?? '';
    const made =
      prior === undefined || character === ''
        ? new Prefix(this, label, this.likely, this.context)
        : new Prefix(
            this,
            label,
            this.likely + weighed(prior, prior.model.likely(this.context, character)) + prior.bonus,
            prior.model.after(this.context, character),
          );
    this.#longer.set(label, made);
    return made;
  }

  /** Labels from the first on. */
  labels(): number[] {
    const labels: number[] = [];
    for (let prefix: Prefix | undefined = this; prefix?.before !== undefined; prefix = prefix.before) {
      labels.push(prefix.label);
    }
    return labels.reverse();
  }
}

/** Probabilities of the paths that spell a beginning, of those that end in a blank and of those that end in its last label. */
interface Paths {
  blank: number;
  label: number;
}

/**
 * Reads the likeliest text over all paths that spell it, keeping `beam` beginnings at each step, with what a model of characters makes of them. Each character's
 * score is the largest probability that it has on the likeliest path of that text: what was seen, not what was expected.
 *
 * @see Hannun et al. 2014, "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs", algorithm 1
 */
export function beamCtc(line: CtcSteps, alphabet: Alphabet, { beam, prior }: CtcBeamOptions): ReadLine {
  const begin = new Prefix(undefined, alphabet.blank, 0, prior?.model.begin ?? []);
  let prefixes: [Prefix, Paths][] = [[begin, { blank: 1, label: 0 }]];
  for (let step = 0; step < line.steps; step++) {
    const next = [...extended(prefixes, line, step, alphabet, prior)];
    prefixes = best(next, beam, ([prefix, paths]) => Math.log(total(paths)) + prefix.likely);
    // Only ratios count; without this the product of many steps would vanish.
    const largest = Math.max(...prefixes.map(([, paths]) => total(paths))) || 1;
    for (const [, paths] of prefixes) {
      paths.blank /= largest;
      paths.label /= largest;
    }
  }
  const [read] = best(prefixes, 1, ([prefix, paths]) => Math.log(total(paths)) + prefix.likely + ending(prefix, prior));
  const labels = read?.[0].labels() ?? [];
  const scores = alignedScores(line, labels, alphabet.blank);
  return readLine(labels.map((label, i) => ({ text: alphabet.characters[label] ?? '', score: scores[i] ?? 0 })));
}

function extended(
  prefixes: readonly [Prefix, Paths][],
  line: CtcSteps,
  step: number,
  alphabet: Alphabet,
  prior: CtcPrior | undefined,
): Map<Prefix, Paths> {
  const next = new Map<Prefix, Paths>();
  const at = (prefix: Prefix): Paths => {
    const known = next.get(prefix);
    if (known !== undefined) return known;
    const made = { blank: 0, label: 0 };
    next.set(prefix, made);
    return made;
  };
  for (const [prefix, paths] of prefixes) {
    for (let i = step * line.width; i < (step + 1) * line.width; i++) {
      const label = line.labels[i] ?? alphabet.blank;
      const score = line.scores[i] ?? 0;
      if (score < LEAST) break;
      const repeats = prefix.before !== undefined && label === prefix.label;
      if (label === alphabet.blank) at(prefix).blank += score * total(paths);
      else {
        if (repeats) at(prefix).label += score * paths.label;
        const ways = repeats ? paths.blank : total(paths);
        if (ways > 0) at(prefix.with(label, alphabet, prior)).label += score * ways;
      }
    }
  }
  return next;
}

/** The `count` values that are worth most, the best first, without those that will not catch up. `worth`: a logarithm. */
function best<T>(values: readonly T[], count: number, worth: (value: T) => number): T[] {
  const valued = values.map((value) => ({ value, worth: worth(value) }));
  const least = Math.max(...valued.map(({ worth }) => worth)) - HOPELESS;
  return valued
    .filter(({ worth }) => worth >= least)
    .sort((a, b) => b.worth - a.worth)
    .slice(0, count)
    .map(({ value }) => value);
}

function weighed({ weight }: CtcPrior, likely: number): number {
  return weight * Math.log((1 - UNKNOWN) * Math.exp(likely) + UNKNOWN * UNKNOWN_CHARACTER);
}

function ending(prefix: Prefix, prior: CtcPrior | undefined): number {
  return prior === undefined || prefix.before === undefined ? 0 : weighed(prior, prior.model.ends(prefix.context));
}

function total({ blank, label }: Paths): number {
  return blank + label;
}
