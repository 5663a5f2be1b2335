import { foldText } from '../../operators/text/translate/fold-text.js';
import { VitascopeError } from '../../pipeline/index.js';

/**
 * What a person types, as SQLite's full text search takes it: `Exit "way out"` → `"exit"* AND "way out"*`. Nothing of it is taken for an operator.
 *
 * @throws VitascopeError `OPTION_INVALID` when there is no word.
 * @see https://www.sqlite.org/fts5.html#full_text_query_syntax
 */
export function searchExpression(words: string): string {
  const parts = [...words.matchAll(/"([^"]*)"|([^"\s]+)/g)].map(([, phrase, word]) => foldText(phrase ?? word ?? ''));
  const terms = parts.filter((part) => part !== '').map((part) => `"${part}"*`);
  if (terms.length > 0) return terms.join(' AND ');
  throw new VitascopeError('OPTION_INVALID', `search: give a word to look for, got "${words}"`, { context: { words } });
}
