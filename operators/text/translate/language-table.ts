/** The languages of tables, in the order of their columns. */
export const tableLanguages = ['en', 'fr', 'es', 'de'] as const;
/** One of {@link tableLanguages}. */
export type TableLanguage = (typeof tableLanguages)[number];
/** What one thing is called in {@link tableLanguages}: other ways after a bar. */
export type TableRow = readonly [en: string, fr: string, es: string, de: string];

/** Rows of a table: a line a row, semicolons between columns, `=` for what English has. */
export function languageTable(text: string): readonly TableRow[] {
  return text
    .trim()
    .split('\n')
    .map((line): TableRow => {
      const [en = '', fr = '', es = '', de = ''] = line.split(';').map((ways) => ways.trim());
      return [en, fr.replace('=', en), es.replace('=', en), de.replace('=', en)];
    });
}
