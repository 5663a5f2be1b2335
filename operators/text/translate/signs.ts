import { everydayPhrases, interjections } from './everyday-phrases.js';
import { foldText } from './fold-text.js';
import { type TableLanguage, type TableRow, tableLanguages } from './language-table.js';
import { noticePhrases } from './notice-phrases.js';
import { signPhrases } from './sign-phrases.js';

/** A phrase of signs that was known. */
export interface KnownSign {
  /** Languages that have it, BCP 47. */
  readonly from: readonly TableLanguage[];
  readonly translation: string;
}

interface Row {
  readonly language: TableLanguage;
  readonly phrases: readonly string[];
}

/** Rows by what stands on the sign. */
const onSigns = rowsOf([...signPhrases, ...noticePhrases]);
/** Rows by what somebody says: many are short words, of which other languages have their own. */
const said = rowsOf([...interjections, ...everydayPhrases]);

function rowsOf(table: readonly TableRow[]): ReadonlyMap<string, readonly Row[]> {
  const rows = new Map<string, Row[]>();
  for (const columns of table) {
    const phrases = columns.map((wordings) => wordings.split('|')[0] ?? '');
    for (const [i, wordings] of columns.entries()) {
      const language = tableLanguages[i];
      if (language === undefined) continue;
      for (const wording of wordings.split('|')) {
        const key = foldText(wording);
        rows.set(key, [...(rows.get(key) ?? []), { language, phrases }]);
      }
    }
  }
  return rows;
}

/**
 * Looks a text up among the phrases of signs, whatever its case and accents; and among what people say where its language is known.
 *
 * @param from The language of the text where it is known. Else, a phrase that the target language has as well is taken for that.
 * @returns Nothing for other texts, and where languages mean different things by it.
 */
export function findSign(text: string, from: string | undefined, to: string): KnownSign | undefined {
  const target = (tableLanguages as readonly string[]).indexOf(to);
  const key = foldText(text);
  const known = [...(onSigns.get(key) ?? []), ...(from === undefined ? [] : (said.get(key) ?? []))];
  if (target === -1 || (from === undefined && known.some(({ language }) => language === to))) return undefined;
  const meant = known.filter(({ language }) => language !== to && (from === undefined || language === from));
  const [first, ...others] = [...new Set(meant.map(({ phrases }) => phrases[target] ?? ''))];
  if (first === undefined || others.length > 0) return undefined;
  return { from: [...new Set(meant.map(({ language }) => language))], translation: first };
}

const begins = new Set(interjections.flatMap((columns) => columns.flatMap((ways) => ways.split('|').map(foldText))));
const BEGINNING = /^([^,.!?…]{1,24})([,.!…]+\s+)(\S.*)$/u;

/** With what a text begins, what parts it from the rest, and the rest: “Oui, un peu.” → “Oui”, “, ”, “un peu.”; nothing where it begins with none of {@link interjections}. */
export function interjectionOf(text: string): readonly [beginning: string, mark: string, rest: string] | undefined {
  const [, beginning = '', mark = '', rest = ''] = BEGINNING.exec(text) ?? [];
  return begins.has(foldText(beginning)) ? [beginning, mark, rest] : undefined;
}
