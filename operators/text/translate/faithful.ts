const NUMBER = /\p{N}+(?:[.,'’ \u00a0\u202f:]\p{N}+)*/gu;
const LATIN = /\p{Script=Latin}/gu;
const LETTERS = /\p{L}/gu;
const ENDING = /[.!?…:;,]+$/u;

/** True for a text with words in Latin letters, of which at least one has two letters: what can be translated. */
export function isTranslatable(text: string): boolean {
  const letters = text.match(LETTERS)?.length ?? 0;
  const latin = text.match(LATIN)?.length ?? 0;
  return latin * 2 > letters && /\p{L}{2}/u.test(text) && !isAddress(text);
}

/** True when the same numbers stand in both texts, in any order, however their digits are grouped. One that became a word is missing. */
export function keepsNumbers(source: string, translation: string): boolean {
  return numbersIn(source) === numbersIn(translation);
}

/** The translation with the end of the source: a sign without a full stop gets none, a question stays one. */
export function endedLike(source: string, translation: string): string {
  const wanted = ENDING.exec(source.trimEnd())?.[0] ?? '';
  const got = ENDING.exec(translation)?.[0] ?? '';
  if (wanted === got) return translation;
  // What a network puts in the place of three dots or a semicolon is its own affair, as long as there is something.
  if (wanted !== '' && got !== '' && toneOf(wanted) === toneOf(got)) return translation;
  const bare = translation.slice(0, translation.length - got.length).trimEnd();
  return withoutOpening(bare, wanted) + wanted;
}

/** True when nothing of the text has changed that a reader would see. */
export function isSame(source: string, translation: string): boolean {
  return plain(source) === plain(translation);
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function toneOf(ending: string): string | undefined {
  return /[?!]/.exec(ending)?.[0];
}

/** Spanish opens what it closes. */
function withoutOpening(text: string, ending: string): string {
  const kept = ending.includes('?') ? text : text.replace(/^¿\s*/, '');
  return ending.includes('!') ? kept : kept.replace(/^¡\s*/, '');
}

function numbersIn(text: string): string {
  return (text.match(NUMBER) ?? [])
    .map((number) => number.replace(/[^\p{N}]/gu, ''))
    .sort()
    .join(' ');
}

/** Where things are on the net: not for translation. */
function isAddress(text: string): boolean {
  return /^\S*(?:@\S+\.\S|:\/\/|www\.)\S*$/i.test(text.trim());
}
