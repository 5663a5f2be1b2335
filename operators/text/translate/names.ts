import { foldText } from './fold-text.js';
import { isGermanNoun } from './german-nouns.js';
import { isOrdinary, waysToWrite } from './known-names.js';

/** What is to come through a translation as it is: a name, an address on the net, a code. */
export interface Name {
  /** As it stands in the text, without what belongs to grammar. */
  readonly text: string;
  /** In UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** False for words that may be no names: those that begin a sentence, what German writes with capitals, words of a text that lost its capitals. */
  readonly isSure: boolean;
}

/** How names are found. */
export interface NameSearch {
  /** Of the text, BCP 47. */
  readonly language: string;
  /** The text was written in capitals, or each word with one, so that capitals tell nothing. */
  readonly hasLostCase?: boolean | undefined;
  /** Into how many pieces the network cuts a word: the more, the less it has seen of it. */
  pieces(word: string): number;
}

type Word = Omit<Name, 'isSure'>;

/** Words of fewer pieces are known to the network: *Park*, *Central*. */
const RARE = 2;
/** The same of words that may be no names. */
const VERY_RARE = 3;

/** Letters that words of two languages must share to be one. */
const COGNATE = 4;

const ADDRESS =
  /[^\s@]+@[^\s@]+\.\p{L}+|\p{L}+:\/\/\S+|www\.\S+|(?<!\S)[@#][\p{L}\p{N}_]+|[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.(?:com|org|net|info|eu|fr|es|de|uk|io)(?:\/\S*)?(?![\p{L}\p{N}])/gu;
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[-’'./][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu;
/** French articles and the like. */
const LEADING = /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\p{L})/iu;
/** English: whose it is, and what is short for will, is, would. */
const TRAILING = /['’](?:s|ll|d|re|ve|m)?$/u;
const SENTENCE_START = /(?:^|[.!?…:;«»"“”„¿¡—–(])\s*$/u;
const ADDRESSED =
  /(?:^|[\s'’])(?:M|Mr|Mrs|Ms|Mme|Mlle|Dr|Prof|St|Ste|Sr|Sra|Srta|Herrn?|Frau|Monsieur|Madame|Mademoiselle|Señora?|Don|Doña)\.?\s+$/u;

/** Names of a text, in order; neighbours that belong together are one. */
export function findNames(text: string, search: NameSearch): readonly Name[] {
  const addresses = [...text.matchAll(ADDRESS)].map(({ 0: found, index }) => addressAt(found, index));
  const words = [...text.matchAll(WORD)]
    .filter(({ 0: found, index }) => !addresses.some(({ start, end }) => index < end && start < index + found.length))
    .map(({ 0: found, index }) => wordAt(found, index));
  const isTelling = search.hasLostCase !== true && !isTitled(text);
  const names = words.flatMap((word): Name[] => {
    if (isSure(text, word, isTelling, search)) return [{ ...word, isSure: true }];
    return mayBe(text, word, search) ? [{ ...word, isSure: false }] : [];
  });
  return [...addresses, ...joined(text, names, words, search.language)].sort((a, b) => a.start - b.start);
}

/** True when the name stands in the translation, as it is or as the other language writes it. */
export function keepsName(name: string, translation: string, to: string): boolean {
  return name
    .split(' ')
    .every((part) => [part, ...waysToWrite(part, to)].some((way) => wordPattern(way, to).test(translation)));
}

/** True when the translation has a word in small letters that begins as the text does: *aspirin* for *Aspirin*, which is then no name. */
export function hasCognate(word: string, translation: string): boolean {
  const beginning = foldText(word).slice(0, COGNATE);
  const words = translation.match(/[\p{L}\p{M}]+/gu) ?? [];
  return words.some((other) => !isCapitalised(other) && foldText(other).startsWith(beginning));
}

/** Finds a word; its first group is the `s` of a German genitive. */
export function wordPattern(word: string, language: string): RegExp {
  const literal = word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}${language === 'de' ? '(s?)' : '()'}(?![\\p{L}\\p{N}])`, 'u');
}

function isSure(text: string, { text: word, start }: Word, isTelling: boolean, search: NameSearch): boolean {
  if (isCode(word)) return true;
  if (!isCapitalised(word) || isOrdinary(word)) return false;
  const before = text.slice(0, start);
  if (ADDRESSED.test(before)) return true;
  if (!isTelling || search.language === 'de' || SENTENCE_START.test(before)) return false;
  return piecesOf(word.toLowerCase(), search) >= RARE;
}

function mayBe(text: string, { text: word, start }: Word, search: NameSearch): boolean {
  const hasCase = search.hasLostCase === true || isCapitalised(word);
  if (!hasCase || word.length < 3 || isOrdinary(word)) return false;
  if (search.language === 'de' && isGermanNoun(word, text.slice(0, start))) return false;
  const pieces = piecesOf(word, search);
  if (search.language === 'de' && !SENTENCE_START.test(text.slice(0, start))) return pieces >= VERY_RARE;
  return Math.min(pieces, piecesOf(word.toLowerCase(), search)) >= VERY_RARE;
}

function piecesOf(word: string, search: NameSearch): number {
  return Math.max(...word.split(/[-’'./]/u).map((part) => search.pieces(part)));
}

/** Letters and digits, a letter first: B2-03. Not 9h30, not 2nd. */
function isCode(word: string): boolean {
  return /^\p{L}/u.test(word) && /\p{N}/u.test(word);
}

/** True where all words behind the first have capitals, so that these tell nothing: Museum of Modern Art. */
function isTitled(text: string): boolean {
  const words = (text.match(/[\p{L}\p{M}]+/gu) ?? []).slice(1).filter((word) => word.length > 3);
  return words.length > 1 && words.every(isCapitalised);
}

function addressAt(found: string, index: number): Name {
  const text = found.replace(/[.,;:!?)»”"]+$/u, '');
  return { text, start: index, end: index + text.length, isSure: true };
}

function wordAt(found: string, index: number): Word {
  const skipped = LEADING.exec(found)?.[0].length ?? 0;
  const text = found.slice(skipped).replace(TRAILING, '');
  return { text, start: index + skipped, end: index + skipped + text.length };
}

/** First names and surnames are one name, and so is what has a capital beside a sure one: Little Bighorn. */
function joined(text: string, names: readonly Name[], words: readonly Word[], language: string): Name[] {
  const isBeside = (a: Word | undefined, b: Word): boolean => a !== undefined && text.slice(a.end, b.start) === ' ';
  const result: Name[] = [];
  for (const name of names) {
    const last = result.at(-1);
    if (last !== undefined && isBeside(last, name)) {
      result.splice(-1, 1, { ...upTo(text, last, name), isSure: last.isSure || name.isSure });
      continue;
    }
    const before = words[words.findIndex(({ end }) => end === name.end) - 1];
    const belongs =
      name.isSure &&
      !isCode(name.text) &&
      language !== 'de' &&
      before !== undefined &&
      isBeside(before, name) &&
      isCapitalised(before.text) &&
      !isOrdinary(before.text) &&
      !SENTENCE_START.test(text.slice(0, before.start));
    result.push(belongs ? { ...upTo(text, before, name), isSure: true } : name);
  }
  return result;
}

function upTo(text: string, first: Word, last: Word): Word {
  return { text: text.slice(first.start, last.end), start: first.start, end: last.end };
}

function isCapitalised(word: string): boolean {
  const [first = ''] = word;
  return first !== first.toLowerCase();
}
