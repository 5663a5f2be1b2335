import type { TranslateOptions, Translation, Translator } from '../../../models/adapters/translate/translator.js';
import { findNames, hasCognate, keepsName, type Name } from './names.js';
import { type Disguise, disguises, undisguised } from './stand-ins.js';

/** What is taken for a name though it may be none must make a translation that was not sure one that is, and so much surer: a rare word in the place of a name also makes nonsense smoother. */
const MARGIN = 0.1;
const SURE = 0.7;
/** Enough in German, where names inside a sentence are no surer than that: all nouns have capitals. */
const SURE_IN_GERMAN = 0.6;
/** Words of one sentence that are tried as names. */
const MOST_DOUBTS = 3;

/** What is to be translated. */
export interface Sentence {
  readonly text: string;
  /** It was written in capitals, or each word with one, so that capitals tell nothing of names. */
  readonly hasLostCase?: boolean | undefined;
}

/** What a sentence has lost, and how it is tried again. */
interface Loss {
  readonly index: number;
  readonly isSure: boolean;
  readonly trials: readonly Disguise[];
}

/**
 * Translates sentences so that names, addresses and codes come through. Networks garble names that they have not learned; a sentence whose translation
 * has lost one is translated once more with names that they know in the places of its own, which then come back.
 */
export class NameKeeper {
  readonly #translator: Translator;

  constructor(translator: Translator) {
    this.#translator = translator;
  }

  /**
   * Translates sentences.
   *
   * @param options `from` and `to` must be given.
   * @returns Nothing for sentences whose names no translation keeps.
   * @throws what the translator throws.
   */
  async translate(
    sentences: readonly Sentence[],
    options: TranslateOptions,
  ): Promise<readonly (Translation | undefined)[]> {
    const { from = '', to = '' } = options;
    const results: (Translation | undefined)[] = [
      ...(await this.#translator.translate(
        sentences.map(({ text }) => text),
        options,
      )),
    ];
    const losses = sentences.flatMap(({ text, hasLostCase }, index): Loss[] => {
      const pieces = (word: string): number => this.#translator.countTokens?.(word) ?? 0;
      const names = findNames(text, { language: from, hasLostCase, pieces });
      const lost = names.filter((name) => isLost(name, results[index]?.text ?? '', to));
      return lost.length === 0 ? [] : [lossOf(index, text, names, lost, from)];
    });
    const trials = losses.flatMap((loss) => loss.trials);
    if (losses.length === 0) return results;
    const texts = trials.map(({ text }) => text);
    const tried = await this.#translator.translate(texts, options);
    const restored = trials.map((trial, i) => namedAgain(trial, tried[i], to));
    const enough = from === 'de' ? SURE_IN_GERMAN : SURE;
    for (const { index, isSure, trials: own } of losses) {
      const best = bestOf(own.map((trial) => restored[trials.indexOf(trial)]));
      if (isSure || isBetter(best, results[index], enough)) results[index] = best;
    }
    return results;
  }
}

function isLost({ text, isSure }: Name, translation: string, to: string): boolean {
  return !keepsName(text, translation, to) && (isSure || !hasCognate(text, translation));
}

/** Words that may be no names are tried as such all together, and each by itself. */
function lossOf(index: number, text: string, names: readonly Name[], lost: readonly Name[], language: string): Loss {
  const sure = names.filter(({ isSure }) => isSure);
  const doubts = lost.filter(({ isSure }) => !isSure).slice(0, MOST_DOUBTS);
  const isSure = lost.some((name) => name.isSure);
  const choices: (readonly Name[])[] = [
    ...(isSure ? [sure] : []),
    ...(doubts.length > 0 ? [doubts] : []),
    ...(doubts.length > 1 ? doubts.map((doubt) => [doubt]) : []),
  ].map((chosen) => names.filter((name) => name.isSure || chosen.includes(name)));
  return { index, isSure, trials: choices.flatMap((chosen) => disguises(text, chosen, language)) };
}

function namedAgain(trial: Disguise, translation: Translation | undefined, to: string): Translation | undefined {
  const text = translation && undisguised(trial, translation.text, to);
  return text === undefined || translation === undefined ? undefined : { text, score: translation.score };
}

function isBetter(named: Translation | undefined, plain: Translation | undefined, enough: number): boolean {
  if (named === undefined || plain === undefined) return false;
  return plain.score < SURE && named.score >= enough && named.score > plain.score + MARGIN;
}

function bestOf(translations: readonly (Translation | undefined)[]): Translation | undefined {
  const known = translations.filter((each) => each !== undefined);
  return known.sort((a, b) => b.score - a.score)[0];
}
