import { isSmallGerman } from './function-words.js';

/** How a text is written: `upper` SORTIE DE SECOURS, `title` Sortie De Secours, `lower` sortie de secours, `sentence` anything else. */
export type LetterCase = 'upper' | 'title' | 'lower' | 'sentence';

const WORD = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;
const LETTER = /\p{L}/u;
/** Texts of fewer words may begin each with a capital and be no title: names, German nouns. */
const TITLE_WORDS = 3;
/** English is the one language that writes a word of one letter with a capital wherever it stands. */
const ENGLISH_I = /^I(?:['’]|$)/;

/** How a text is written. Titles have at least three words, which all begin with a capital; scripts without capitals are `sentence`. */
export function letterCaseOf(text: string): LetterCase {
  const words = text.match(WORD) ?? [];
  const letters = words.join('');
  if (!hasCase(letters)) return 'sentence';
  const isShouted = letters === letters.toUpperCase() && [...letters].length > 1;
  if (isShouted) return 'upper';
  if (letters === letters.toLowerCase()) return 'lower';
  return words.length >= TITLE_WORDS && words.every(isCapitalised) ? 'title' : 'sentence';
}

/** The text as a sentence is written: what networks have learned from. Names lose their capitals where nothing shows that they are some. */
export function asSentence(text: string, written: LetterCase, language: string): string {
  if (written === 'sentence') return text;
  const lower = written === 'lower' ? text : text.toLocaleLowerCase(language);
  return written === 'lower' ? lower : withFirst(lower, (letter) => letter.toLocaleUpperCase(language));
}

/** A sentence as the other text was written. */
export function inCase(sentence: string, written: LetterCase, language: string): string {
  if (written === 'upper') return sentence.toLocaleUpperCase(language);
  if (written === 'title') {
    return sentence.replace(WORD, (word) => withFirst(word, (letter) => letter.toLocaleUpperCase(language)));
  }
  return written === 'lower' ? startedLow(sentence, language) : sentence;
}

/** A sentence that begins with a capital. */
export function startedHigh(sentence: string, language: string): string {
  return withFirst(sentence, (letter) => letter.toLocaleUpperCase(language));
}

/** A sentence as it goes on after a comma. */
export function goneOn(sentence: string, language: string): string {
  if (language !== 'de') return startedLow(sentence, language);
  const [first = ''] = sentence.match(WORD) ?? [];
  return isSmallGerman(first) ? withFirst(sentence, (letter) => letter.toLowerCase()) : sentence;
}

function startedLow(sentence: string, language: string): string {
  const [first = ''] = sentence.match(WORD) ?? [];
  const keeps = language === 'de' || ENGLISH_I.test(first) || first !== withFirst(first.toLowerCase(), capital);
  return keeps ? sentence : withFirst(sentence, (letter) => letter.toLocaleLowerCase(language));
}

function capital(letter: string): string {
  return letter.toUpperCase();
}

function withFirst(text: string, change: (letter: string) => string): string {
  return text.replace(LETTER, change);
}

function isCapitalised(word: string): boolean {
  const [first = ''] = word;
  return first !== first.toLowerCase();
}

/** False for scripts without capitals. */
function hasCase(letters: string): boolean {
  return letters.toLowerCase() !== letters.toUpperCase();
}
