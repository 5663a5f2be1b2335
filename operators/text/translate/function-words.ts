/** Words after which a text goes on: articles, prepositions, conjunctions of the languages that are translated. */
const BEFORE = new Set(
  [
    'a an the of for to at with from and or your our this',
    'de du des la le les un une et ou à au aux en pour par sur dans avec sans votre',
    'el los las y o con por para del al una su sin',
    'der die das den dem ein eine einen und oder für mit von zum zur im am bei vom ohne ihr ihre',
  ].flatMap((words) => words.split(' ')),
);
/** Words with which no text begins that stands alone on a sign. */
const AFTER = new Set('of and or de du des del et ou y und oder von vom'.split(' '));
/** German words that are small within a sentence, and often begin one; others keep their capital, as nouns do. */
const SMALL_GERMAN = new Set(
  'der die das ein eine einen dem den ich du er es wir ihr sie man mein meine dein sein nicht noch nur sehr so da das dann hier jetzt aber und oder was wer wie wo warum wenn mit ohne für von zu in auf an bei nie immer alles gut danke bitte'.split(
    ' ',
  ),
);
const FIRST_WORD = /^\p{L}+/u;
const LAST_WORD = /(?<![\p{L}\p{N}.'’-])\p{L}+$/u;
const ELISION = /(?<!\p{L})(?:[dlnsjmt]|qu)['’]$/iu;

/** True where the end of a line asks for more, as that of “SORTIE DE” does. */
export function asksForMore(line: string): boolean {
  const last = LAST_WORD.exec(line)?.[0] ?? '';
  // A line of a single letter is more likely a mark: platform A.
  return ELISION.test(line) || (last.length < line.length && BEFORE.has(last.toLowerCase()));
}

/** True where the beginning of a line asks for what is before it, as that of “DE SECOURS” does. */
export function goesBack(line: string): boolean {
  const first = FIRST_WORD.exec(line)?.[0] ?? '';
  return first.length < line.length && AFTER.has(first.toLowerCase());
}

/** True for a German word that has a capital only where it begins a sentence. */
export function isSmallGerman(word: string): boolean {
  return SMALL_GERMAN.has(word.toLowerCase());
}
