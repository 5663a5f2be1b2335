import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Glossary, parseGlossary, readGlossary } from '../../../../operators/text/translate/glossary.js';
import type { VitascopeError } from '../../../../pipeline/errors.js';
import { workspace } from '../../../helpers/workspace.js';

const path = workspace();

function problem(csv: string | Uint8Array): string {
  try {
    parseGlossary(csv, 'own.csv');
  } catch (error) {
    expect(error).toMatchObject({ code: 'OPTION_INVALID' });
    return (error as VitascopeError).message;
  }
  throw new Error('the glossary was taken');
}

describe('a glossary', () => {
  it('finds texts whatever their case, accents and blanks', () => {
    const glossary = parseGlossary('source,target\nFête   foraine,funfair\n', 'own.csv');
    expect(glossary.find('FETE FORAINE !', 'fr', 'en')?.target).toBe('funfair');
    expect(glossary.find('Fête', 'fr', 'en')).toBeUndefined();
  });

  it('prefers entries that name the languages, and keeps those of others apart', () => {
    const csv = 'source,target,from,to\npain,bread,fr,en\npain,Schmerz,en,de\npain,???\nmain,hand,fr,\n';
    const glossary = parseGlossary(csv, 'own.csv');
    expect(glossary.find('pain', 'fr', 'en')?.target).toBe('bread');
    expect(glossary.find('pain', 'en', 'de')?.target).toBe('Schmerz');
    expect(glossary.find('pain', 'es', 'en')?.target).toBe('???');
    expect(glossary.find('main', 'es', 'en')).toBeUndefined();
    expect(glossary.find('main', undefined, 'en')?.target).toBe('hand');
  });

  it('finds terms inside a text, longer ones first', () => {
    const glossary = parseGlossary('source,target\nVersailles,Versailles\nla cour,the yard\ncour,court\n', 'own.csv');
    const parts = glossary.split('Dans la Cour de Versailles.', 'fr', 'en');
    expect(parts.map(({ text, entry }) => [text, entry?.target])).toEqual([
      ['Dans ', undefined],
      ['la Cour', 'the yard'],
      [' de ', undefined],
      ['Versailles', 'Versailles'],
      ['.', undefined],
    ]);
  });

  it('splits any text into parts that make it up again', () => {
    const glossary = new Glossary([
      { source: 'a', target: 'x' },
      { source: 'b a', target: 'y' },
    ]);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '.', '😀', "'") }), (text) => {
        const parts = glossary.split(text, 'fr', 'en');
        expect(parts.map((part) => part.text).join('')).toBe(text);
      }),
    );
  });

  it('is read from a file as spreadsheets write it: with a byte order mark, quotes and empty lines', async () => {
    await writeFile(path('own.csv'), '\ufeffSource,Target\n\n"Salut, toi","Hi, you"\n\n');
    expect(readGlossary(path('own.csv')).find('salut toi', 'fr', 'en')?.target).toBe('Hi, you');
  });

  it('says that a file is missing', () => {
    expect(() => readGlossary(path('none.csv'))).toThrow(expect.objectContaining({ code: 'INPUT_NOT_FOUND' }));
  });

  it.each([
    ['no columns', 'Sortie,Exit\n', 'line 1: the first line must name the columns source, target'],
    ['nothing', '', ''],
    ['an unknown column', 'source,target,note\n', 'got source, target, note'],
    ['an empty source', 'source,target\nun,one\n!,two\n', 'line 3: source must hold a word'],
    ['an empty target', 'source,target\nun,\n', 'line 2: "un" has no target'],
    ['only a source', 'source,target\nun\n', 'line 2: "un" has no target'],
    ['too many columns', 'source,target\nun,one,two\n', 'line 2'],
    ['an open quote', 'source,target\nun,"one\n', 'line'],
    ['a language that is none', 'source,target,from\nun,one,French\n', 'line 2: from must be a language such as fr'],
    [
      'two translations',
      'source,target\nun,one\n"deux\n",two\nUN,a\n',
      'line 5: "UN" has another translation in line 2',
    ],
  ])('refuses %s and names the line', (_, csv, message) => {
    if (csv === '') expect(parseGlossary(csv, 'own.csv').find('a', 'fr', 'en')).toBeUndefined();
    else expect(problem(csv)).toContain(message);
  });
});
