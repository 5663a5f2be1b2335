import type { Translation } from '../../../models/adapters/translate/translator.js';
import { endedLike, isSame, isTranslatable, keepsNumbers } from './faithful.js';
import { foldText } from './fold-text.js';
import type { Glossary } from './glossary.js';
import { asSentence, goneOn, inCase, type LetterCase, letterCaseOf, startedHigh } from './letter-case.js';
import type { SentenceTranslator } from './sentence-translator.js';
import { findSign, interjectionOf } from './signs.js';

/** What became of a text. */
export interface TextOutcome {
  /** BCP 47; nothing where it is not known. */
  readonly language?: string | undefined;
  /** Nothing where the text stays as it is. */
  readonly translation?: string | undefined;
}

/** How texts are translated. */
export interface TextTranslatorOptions {
  /** BCP 47. */
  readonly to: string;
  readonly sentences: SentenceTranslator;
  /** What comes before the network. */
  readonly glossary?: Glossary | undefined;
  /** Look texts up among the phrases of signs. */
  readonly signs: boolean;
  /** 0–1: what a translation must score, else the text stays. */
  readonly minScore: number;
}

const LEADING = /^[^\p{L}\p{N}¿¡]+/u;
const TRAILING = /[^\p{L}\p{N}.!?…,;:%]+$/u;

/** A text between signs that are none of its own: arrows, bullets, quotation marks. */
interface Framed {
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

/**
 * Translates what stands on a sign or in a title: glossary, then phrases of signs, then the network. Case, numbers and the end of the text survive; what
 * the network is not sure of stays as it is.
 */
export class TextTranslator {
  readonly #options: TextTranslatorOptions;

  constructor(options: TextTranslatorOptions) {
    this.#options = options;
  }

  /** What needs no network and perhaps no language: glossary and signs. @param from Nothing where it is not known. */
  lookUp(text: string, from: string | undefined): TextOutcome | undefined {
    const { to, glossary, signs } = this.#options;
    const { before, text: inner, after } = unframed(text);
    const entry = glossary?.find(inner, from, to);
    if (entry !== undefined) return { language: entry.from ?? from, translation: before + entry.target + after };
    const sign = signs && glossary?.split(inner, from, to).some((part) => part.entry !== undefined) !== true;
    const known = sign ? findSign(inner, from, to) : undefined;
    if (known === undefined) return undefined;
    const translation = endedLike(inner, inCase(known.translation, letterCaseOf(inner), to));
    const language = from ?? known.from[0];
    return isSame(inner, translation) ? { language } : { language, translation: before + translation + after };
  }

  /** Translates a text in a language; see {@link lookUp} for what comes first. @throws what the network throws. */
  async translate(text: string, from: string): Promise<TextOutcome> {
    const { to, sentences } = this.#options;
    const { before, text: inner, after } = unframed(text);
    if (from === to || !sentences.from.includes(from) || !isTranslatable(inner)) return { language: from };
    const translated = (await this.#withTerms(inner, from)) ?? (await this.#network(inner, from));
    if (translated === undefined || isSame(inner, translated)) return { language: from };
    return { language: from, translation: before + translated + after };
  }

  /** With the terms of the glossary in it; nothing where there are none. */
  async #withTerms(text: string, from: string): Promise<string | undefined> {
    const parts = this.#options.glossary?.split(text, from, this.#options.to) ?? [];
    const terms = parts.flatMap(({ entry }) => (entry === undefined ? [] : [entry.target]));
    if (terms.length === 0) return undefined;
    // Networks copy words that they do not know: the sentence is then one.
    const whole = await this.#network(parts.map((part) => part.entry?.target ?? part.text).join(''), from);
    if (whole !== undefined && terms.every((term) => whole.includes(term))) return whole;
    const pieces = parts.map(async (part) => {
      if (part.entry !== undefined) return part.entry.target;
      const { before, text: inner, after } = unframed(part.text);
      const piece = isTranslatable(inner) ? await this.#network(inner, from) : undefined;
      return before + (piece ?? inner) + after;
    });
    return (await Promise.all(pieces)).join('');
  }

  async #network(text: string, from: string): Promise<string | undefined> {
    const { to, minScore } = this.#options;
    const written: LetterCase = letterCaseOf(text);
    const source = asSentence(text, written, from);
    const hasLostCase = written === 'upper' || written === 'title';
    const translation = await this.#sentence(source, from, hasLostCase);
    if (translation === undefined || translation.score < minScore) return undefined;
    if (foldText(translation.text) === '' || !keepsNumbers(source, translation.text)) return undefined;
    return inCase(endedLike(source, translation.text), written, to);
  }

  /** A sentence that begins with “yes” or the like is translated in parts: networks stumble over such beginnings. */
  async #sentence(source: string, from: string, hasLostCase: boolean): Promise<Translation | undefined> {
    const { to, sentences, signs } = this.#options;
    const [beginning, mark, rest] = (signs ? interjectionOf(source) : undefined) ?? ['', '', ''];
    const said = findSign(beginning, from, to)?.translation;
    if (said === undefined) return sentences.translate(source, from, hasLostCase);
    const goes = startedHigh(rest, from);
    const known = findSign(goes, from, to)?.translation;
    const after =
      known === undefined ? await this.#sentence(goes, from, hasLostCase) : { text: endedLike(goes, known), score: 1 };
    return (
      after && { text: said + mark + (mark.startsWith(',') ? goneOn(after.text, to) : after.text), score: after.score }
    );
  }
}

function unframed(text: string): Framed {
  const before = LEADING.exec(text)?.[0] ?? '';
  const rest = text.slice(before.length);
  const after = TRAILING.exec(rest)?.[0] ?? '';
  return { before, text: rest.slice(0, rest.length - after.length), after };
}
