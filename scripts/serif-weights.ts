// Finds the weights of operators/text/paint/serif-marks.ts: draws words in families with serifs and without, takes the marks of their ink, and fits a logistic
// regression. How good it is is told by kinds of families, each judged by what the others taught. The figures depend on the fonts that are installed.
// Run: npm run weights:serif -- [--words 16] [--seed 1]
import { parseArgs } from 'node:util';
import { markdownTable, threeDigits } from '../bench/quality/pose/markdown-table.js';
import { haveSerifs, type SerifMarks, serifMarks } from '../operators/text/paint/serif-marks.js';
import { mulberry32 } from '../pipeline/mulberry32.js';
import { type Example, fitLogistic, heldOutScores } from './serif-weights/regression.js';
import { isInstalled, seeWord } from './serif-weights/words.js';

/** Families of one design each: what looks the same must not be in what is taught and in what is judged. */
const kinds: Readonly<Record<'serif' | 'sans', readonly (readonly string[])[]>> = {
  serif: [
    ...[['Accanthis ADF Std'], ['Averia Serif GWF'], ['C059', 'TeX Gyre Schola', 'Century Catalogue']],
    ...[['CMU Serif', 'CMU Classical Serif'], ['CMU Concrete'], ['Caladea'], ['DejaVu Serif'], ['EB Garamond']],
    ...[['Liberation Serif', 'FreeSerif', 'Tinos', 'Nimbus Roman', 'TeX Gyre Termes']],
    ...[['Gentium Plus', 'Gentium Book Plus'], ['Goudy Bookletter 1911'], ['Junicode Two Beta']],
    ...[['Linux Libertine O', 'Linux Libertine Display O'], ['Noto Serif', 'Noto Serif Display'], ['Old Standard TT']],
    ...[['P052', 'TeX Gyre Pagella'], ['Quattrocento'], ['Roboto Slab'], ['Romande ADF Std']],
    ...[['URW Bookman', 'TeX Gyre Bonum'], ['Vollkorn']],
  ],
  sans: [
    [
      ...['Liberation Sans', 'Arimo', 'FreeSans', 'Nimbus Sans', 'TeX Gyre Heros'],
      ...['Liberation Sans Narrow', 'Nimbus Sans Narrow', 'TeX Gyre Heros Cn'],
    ],
    ...[['B612'], ['Bebas Neue'], ['CMU Sans Serif', 'CMU Bright'], ['Cabin'], ['Cantarell'], ['Carlito', 'Lato']],
    ...[['Comfortaa'], ['Comic Neue'], ['DejaVu Sans', 'Veranda'], ['Dosis'], ['Gillius ADF']],
    ...[['Inter', 'Inter Display'], ['Karla'], ['League Spartan'], ['Linux Biolinum O'], ['Manrope']],
    ...[['Open Sans', 'Open Sans Condensed', 'Noto Sans'], ['Oxygen-Sans'], ['Play'], ['Quicksand']],
    ...[['Roboto', 'Roboto Condensed'], ['URW Gothic', 'TeX Gyre Adventor'], ['Tuffy'], ['Universalis ADF Std']],
    ...[['Yanone Kaffeesatz']],
  ],
};
/** Taken from the bias: sans, the usual face of signs, is rather kept. */
const RATHER_SANS = 0.3;
/** Height of a line from which it is told apart in the figures, pixels. */
const TALL = 30;
const WORST_KINDS = 10;

interface Word extends Example {
  /** Its kind, by the first family. */
  readonly group: string;
  readonly family: string;
  /** Of its line, pixels. */
  readonly height: number;
  readonly marks: SerifMarks;
  /** Whether the weights that are shipped are right. */
  readonly isRightAsShipped: boolean;
}

interface JudgedWord extends Word {
  readonly isRight: boolean;
}

const { values } = parseArgs({
  options: { words: { type: 'string', default: '16' }, seed: { type: 'string', default: '1' } },
});
const [perFamily, seed] = [Number(values.words), Number(values.seed)];
if (!(perFamily >= 1) || !Number.isInteger(seed)) throw new Error('--words must be a number from 1, --seed an integer');
const missing: string[] = [];
const words = (['serif', 'sans'] as const).flatMap((style) =>
  kinds[style].flatMap((families) => families.flatMap((family) => wordsIn(family, families, style))),
);
const scores = heldOutScores(words);
const judged = words.map((word, i) => ({
  ...word,
  isRight: (scores[i] as number) > RATHER_SANS === word.isOfClass,
}));
console.log([summary(judged), accuracies(judged), worstKinds(judged), weightsOf(words)].join('\n\n'));

/** Words of which marks can be taken, the same for the same seed, whatever other families there are. */
function wordsIn(family: string, [group]: readonly string[], style: 'serif' | 'sans'): Word[] {
  if (!isInstalled(family)) {
    missing.push(family);
    return [];
  }
  const random = mulberry32([...family].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed));
  return Array.from({ length: perFamily }, () => seeWord(family, random)).flatMap(({ height, covered }) => {
    const marks = covered && serifMarks(covered);
    if (covered === undefined || marks === undefined) return [];
    const isOfClass = style === 'serif';
    const isRightAsShipped = haveSerifs(covered) === isOfClass;
    return [
      { family, group: group as string, height, marks, values: Object.values(marks), isOfClass, isRightAsShipped },
    ];
  });
}

function summary(words: readonly JudgedWord[]): string {
  const [families, groups] = [familiesOf(words), new Set(words.map(({ group }) => group)).size];
  const untold = families * perFamily - words.length;
  return [
    `${families * perFamily} words in ${families} families of ${groups} kinds, seed ${seed}. Of ${untold} nothing is told, and they are not counted.`,
    `Not installed: ${missing.length === 0 ? 'none' : missing.join(', ')}.`,
  ].join('\n');
}

function accuracies(words: readonly JudgedWord[]): string {
  const row = (name: string, some: readonly JudgedWord[]): string[] => {
    const low = some.filter(({ height }) => height < TALL);
    const tall = some.filter(({ height }) => height >= TALL);
    const shipped = some.filter(({ isRightAsShipped }) => isRightAsShipped).length / some.length;
    return [name, `${some.length}`, ...[some, low, tall].map((of) => threeDigits(right(of))), threeDigits(shipped)];
  };
  return markdownTable(
    [
      ...['words', 'told', 'right, kinds held out', `below ${TALL} px`, `${TALL} px and more`],
      'right, weights as shipped, nothing held out',
    ],
    [
      row(
        'with serifs',
        words.filter(({ isOfClass }) => isOfClass),
      ),
      row(
        'without',
        words.filter(({ isOfClass }) => !isOfClass),
      ),
      row('all', words),
    ],
  );
}

function worstKinds(words: readonly JudgedWord[]): string {
  const rows = [...new Set(words.map(({ group }) => group))]
    .map((group) => words.filter((word) => word.group === group))
    .sort((a, b) => right(a) - right(b))
    .slice(0, WORST_KINDS)
    .map((some) => {
      const { group, isOfClass } = some[0] as JudgedWord;
      return [group, isOfClass ? 'yes' : 'no', `${familiesOf(some)}`, `${some.length}`, threeDigits(right(some))];
    });
  return markdownTable(['worst kinds', 'serifs', 'families', 'told', 'right, kind held out'], rows);
}

/** As they are written in serif-marks.ts. */
function weightsOf(words: readonly Word[]): string {
  const { weights, bias } = fitLogistic(words);
  const named = Object.keys((words[0] as Word).marks).map((name, i) => `${name}: ${oneDigit(weights[i] as number)}`);
  return [
    '```ts',
    'const weights: SerifMarks = {',
    `  ...{ ${named.slice(0, 4).join(', ')} },`,
    `  ...{ ${named.slice(4).join(', ')} },`,
    '};',
    `const BIAS = ${oneDigit(bias - RATHER_SANS)};`,
    '```',
  ].join('\n');
}

function right(words: readonly JudgedWord[]): number {
  return words.filter(({ isRight }) => isRight).length / words.length;
}

function familiesOf(words: readonly Word[]): number {
  return new Set(words.map(({ family }) => family)).size;
}

function oneDigit(value: number): number {
  return Math.round(10 * value) / 10;
}
