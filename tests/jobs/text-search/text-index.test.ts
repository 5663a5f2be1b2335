import { readdir, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import sqlite from 'node-sqlite3-wasm';
import { describe, expect, it } from 'vitest';
import { searchExpression } from '../../../jobs/text-search/search-expression.js';
import { type IndexedFilm, type IndexedText, TextIndex } from '../../../jobs/text-search/text-index.js';
import { workspace } from '../../helpers/workspace.js';

const path = workspace();

function film(name: string, more: Partial<IndexedFilm> = {}): IndexedFilm {
  return { path: `/films/${name}`, bytes: 5_000_000_000, modifiedMs: 1_700_000_000_123, reading: 'read-text', ...more };
}

function text(words: string, fromUs = 0, more: Partial<IndexedText> = {}): IndexedText {
  const quad = [
    [0, 0],
    [9.5, 0],
    [9.5, 5],
    [0, 5],
  ] as const;
  return { text: words, fromUs, toUs: fromUs + 1_000_000, atUs: fromUs + 500_000, score: 0.9, quad, ...more };
}

const emergency = text('Sortie de secours', 12_000_000, { language: 'fr', translation: 'Emergency exit' });

/** Texts that are found in an index of some. */
function found(words: string, ...texts: readonly IndexedText[]): string[] {
  using index = TextIndex.open(path('one.sqlite'), { create: true });
  index.replace(film('a.mkv'), texts);
  return index.search(words).map((moment) => moment.text);
}

describe('TextIndex', () => {
  it('gives back what was put into it', () => {
    const jpeg = Uint8Array.of(255, 216, 0, 1);
    using index = TextIndex.open(path('one.sqlite'), { create: true });
    index.replace(film('a.mkv'), [{ ...emergency, thumbnail: jpeg }]);
    expect(index.search('exit')).toEqual([{ ...emergency, film: '/films/a.mkv', thumbnail: jpeg }]);
  });

  it.each(['sortie', 'SORTIE', 'secours sortie', 'sec', 'emerg', '"de secours"', 'exit sortie', 'Exit!'])(
    'finds "Sortie de secours", that is "Emergency exit", by %s',
    (words) => expect(found(words, emergency)).toEqual(['Sortie de secours']),
  );

  it.each(['ortie', 'sortie garage', '"secours de"', 'AND', 'NEAR(a b)', 'text:sortie', '*', "x' OR 1"])(
    'does not find it by %s',
    (words) => {
      if (words === '*')
        expect(() => found(words, emergency)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
      else expect(found(words, emergency)).toEqual([]);
    },
  );

  it('folds accents and ligatures on both sides', () => {
    const street = text('Große Straße am Œuvre');
    for (const words of ['grosse strasse', 'GROẞE', 'œuvre', 'oeuvre']) expect(found(words, street)).toHaveLength(1);
    expect(found('défense', text('DEFENSE DE FUMER'))).toHaveLength(1);
  });

  it('goes through films in order, and through each in the order of time', () => {
    using index = TextIndex.open(path('one.sqlite'), { create: true });
    index.replace(film('b.mkv'), [text('Exit', 7_000_000), text('Exit now', 3_000_000)]);
    index.replace(film('a.mkv'), [text('Exit', 9_000_000)]);
    const moments = index.search('exit').map((moment) => [moment.film, moment.fromUs]);
    expect(moments).toEqual([
      ['/films/a.mkv', 9_000_000],
      ['/films/b.mkv', 3_000_000],
      ['/films/b.mkv', 7_000_000],
    ]);
    expect(index.search('exit', { limit: 2 })).toHaveLength(2);
    expect(index.films()).toEqual(['/films/a.mkv', '/films/b.mkv']);
  });

  it('replaces a film, and keeps the others', () => {
    using index = TextIndex.open(path('one.sqlite'), { create: true });
    index.replace(film('a.mkv'), [text('Entrée'), text('Quai')]);
    index.replace(film('b.mkv'), [text('Entrée')]);
    index.replace(film('a.mkv'), [text('Sortie')]);
    expect(index.search('entree').map((moment) => moment.film)).toEqual(['/films/b.mkv']);
    expect(index.search('sortie')).toHaveLength(1);
    expect(index.search('quai')).toEqual([]);
  });

  it('knows whether a film has changed, or was read in another way', () => {
    using index = TextIndex.open(path('one.sqlite'), { create: true });
    index.replace(film('a.mkv'), []);
    expect(index.has(film('a.mkv'))).toBe(true);
    for (const change of [{ bytes: 6 }, { modifiedMs: 7 }, { reading: 'other' }, { path: '/films/b.mkv' }]) {
      expect(index.has(film('a.mkv', change))).toBe(false);
    }
  });

  it('stays on disk, and is read by several at once', async () => {
    {
      using index = TextIndex.open(path('one.sqlite'), { create: true });
      index.replace(film('a.mkv'), [emergency]);
    }
    using one = TextIndex.open(path('one.sqlite'));
    using other = TextIndex.open(path('one.sqlite'));
    expect([one.search('exit').length, other.search('exit').length]).toEqual([1, 1]);
    expect(await readdir(path('.'))).toEqual(['one.sqlite']);
  });

  it('says what is wrong with a file', async () => {
    const open = (name: string) => () => TextIndex.open(path(name));
    expect(open('none.sqlite')).toThrow(expect.objectContaining({ code: 'INPUT_NOT_FOUND' }));
    await writeFile(path('film.mkv'), 'no database, but a film of some length'.repeat(50));
    expect(open('film.mkv')).toThrow(expect.objectContaining({ code: 'INPUT_UNREADABLE' }));
    const other = new sqlite.Database(path('other.sqlite'));
    other.exec('CREATE TABLE a (b)');
    other.close();
    for (const create of [false, true]) {
      expect(() => TextIndex.open(path('other.sqlite'), { create })).toThrow(
        expect.objectContaining({ code: 'INPUT_UNREADABLE', message: expect.stringContaining('no index of texts') }),
      );
    }
    expect(() => TextIndex.open(path('no/where.sqlite'), { create: true })).toThrow(
      expect.objectContaining({ code: 'OUTPUT_UNWRITABLE' }),
    );
  });
});

describe('searchExpression', () => {
  it('takes words by their beginnings, and words in quotes together', () => {
    expect(searchExpression('Exit "Way  Out"')).toBe('"exit"* AND "way out"*');
  });

  it('never gives SQLite anything but words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (words) => {
        let expression: string;
        try {
          expression = searchExpression(words);
        } catch {
          return;
        }
        expect(expression).toMatch(/^"[^"]+"\*(?: AND "[^"]+"\*)*$/);
      }),
    );
  });
});
