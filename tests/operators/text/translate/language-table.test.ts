import { expect, it } from 'vitest';
import { languageTable } from '../../../../operators/text/translate/language-table.js';

it('reads a row a line, with what English has in the place of its mark', () => {
  expect(
    languageTable(`
Exit|Way out; Sortie; Salida; Ausgang
Saint; =|Sainte; San|Santa; Sankt
`),
  ).toEqual([
    ['Exit|Way out', 'Sortie', 'Salida', 'Ausgang'],
    ['Saint', 'Saint|Sainte', 'San|Santa', 'Sankt'],
  ]);
});
