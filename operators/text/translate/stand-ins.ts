import { placeIn } from './known-names.js';
import { type Name, wordPattern } from './names.js';

/** Names that networks for these languages know by heart: people, and a town. */
const STAND_INS = ['Tom', 'Mary', 'Boston', 'John'] as const;
/** What stands in for the first name, the second and so on: which of them a network likes best it says by its score. */
const ORDERS = [
  [0, 1, 3, 2],
  [1, 0, 3, 2],
  [2, 0, 1, 3],
] as const;

/** A sentence with other names in the places of its own. */
export interface Disguise {
  readonly text: string;
  readonly names: readonly Name[];
  /** What stands in for each of {@link names}. */
  readonly standIns: readonly string[];
}

/** Ways to say a sentence with names that networks know; none where it has more names than there are stand-ins. */
export function disguises(text: string, names: readonly Name[], language: string): readonly Disguise[] {
  const different = [...new Set(names.map((name) => name.text))];
  const made = ORDERS.map((order): Disguise | undefined => {
    const free = order.map((at) => STAND_INS[at] ?? '').filter((standIn) => !text.includes(standIn));
    if (free.length < different.length) return undefined;
    const standIns = names.map((name) => free[different.indexOf(name.text)] ?? '');
    return { text: filledIn(text, names, standIns, language), names, standIns };
  });
  const texts = made.map((each) => each?.text);
  return made.filter((each, i): each is Disguise => each !== undefined && texts.indexOf(each.text) === i);
}

/** The translation with the names again, as its language writes them; nothing where a stand-in is not as often in it as in the sentence. */
export function undisguised({ names, standIns }: Disguise, translation: string, to: string): string | undefined {
  let result = translation;
  for (const standIn of new Set(standIns)) {
    const wanted = standIns.filter((other) => other === standIn).length;
    const pattern = new RegExp(wordPattern(standIn, to), 'gu');
    if (result.match(pattern)?.length !== wanted) return undefined;
    const name = names[standIns.indexOf(standIn)]?.text ?? '';
    const written = name
      .split(' ')
      .map((part) => placeIn(part, to) ?? part)
      .join(' ');
    if (to === 'fr') result = elided(result, standIn, written);
    result = result.replace(
      pattern,
      (_, genitive: string) => written + (/[sßxz]$/u.test(written) && genitive !== '' ? '’' : genitive),
    );
  }
  return result;
}

/** What French leaves out before vowels comes back: `d’Anna` is `de Tom`. */
function filledIn(text: string, names: readonly Name[], standIns: readonly string[], language: string): string {
  let result = '';
  let done = 0;
  for (const [i, { start, end }] of names.entries()) {
    result += text.slice(done, start);
    if (language === 'fr') result = result.replace(/(?<=(?<!\p{L})(?:d|qu|jusqu|lorsqu|puisqu))['’]$/iu, 'e ');
    result += standIns[i] ?? '';
    done = end;
  }
  return result + text.slice(done);
}

function elided(text: string, standIn: string, name: string): string {
  if (!/^[aeiouéèêâîôœ]/iu.test(name)) return text;
  const before = new RegExp(`(?<=(?<!\\p{L})(?:d|qu|jusqu|lorsqu|puisqu))e (?=${standIn}(?!\\p{L}))`, 'giu');
  return text.replace(before, '’');
}
