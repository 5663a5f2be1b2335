import { foldText } from './fold-text.js';
import { type TableLanguage, tableLanguages } from './language-table.js';
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
const rows = new Map<string, Row[]>();
for (const columns of [...signPhrases, ...noticePhrases]) {
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

/**
 * Looks a text up among the phrases of signs, whatever its case and accents.
 *
 * @param from The language of the text where it is known. Else, a phrase that the target language has as well is taken for that.
 * @returns Nothing for other texts, and where languages mean different things by it.
 */
export function findSign(text: string, from: string | undefined, to: string): KnownSign | undefined {
  const target = (tableLanguages as readonly string[]).indexOf(to);
  const known = rows.get(foldText(text)) ?? [];
  if (target === -1 || (from === undefined && known.some(({ language }) => language === to))) return undefined;
  const meant = known.filter(({ language }) => language !== to && (from === undefined || language === from));
  const [first, ...others] = [...new Set(meant.map(({ phrases }) => phrases[target] ?? ''))];
  if (first === undefined || others.length > 0) return undefined;
  return { from: [...new Set(meant.map(({ language }) => language))], translation: first };
}
