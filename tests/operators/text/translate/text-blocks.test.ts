import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point, SeenText, TextQuad } from '../../../../operators/text/texts-meta.js';
import { blocksOf, splitLike } from '../../../../operators/text/translate/text-blocks.js';
import { line } from './texts.js';

const textsOf = (...lines: readonly SeenText[]): readonly string[] => blocksOf(lines).map(({ text }) => text);

describe('blocksOf', () => {
  it('joins lines of a subtitle', () => {
    expect(textsOf(line(1, 'Je ne sais pas ce que', 1), line(2, 'tu veux dire.', 2))).toEqual([
      'Je ne sais pas ce que tu veux dire.',
    ]);
  });

  it('joins them whatever their order, and when the film is shown turned', () => {
    const turned = ({ quad, ...rest }: SeenText): SeenText => ({
      ...rest,
      quad: quad.map(([x, y]): Point => [-y, x]) as unknown as TextQuad,
    });
    const lines = [line(2, 'tu veux', 2), line(3, 'dire.', 3), line(1, 'Je sais ce que', 1)];
    expect(textsOf(...lines)).toEqual(['Je sais ce que tu veux dire.']);
    expect(textsOf(...lines.map(turned))).toEqual(['Je sais ce que tu veux dire.']);
  });

  it('joins a word that was parted, and keeps other hyphens', () => {
    expect(textsOf(line(1, 'Une entre-', 1), line(2, 'prise', 2))).toEqual(['Une entreprise']);
    expect(textsOf(line(1, 'Saint-', 1), line(2, 'Denis', 2))).toEqual(['Saint- Denis']);
  });

  it.each([
    ['SORTIE DE', 'SECOURS'],
    ['BANK', 'OF SCOTLAND'],
    ['DÉFENSE D’', 'AFFICHER'],
    ['Ausgang Für', 'Fußgänger'],
  ])('joins %s and %s: one of them is no whole text', (above, below) => {
    expect(textsOf(line(1, above, 1), line(2, below, 2))).toHaveLength(1);
  });

  it.each([
    ['A', 'PLATFORM'],
    ['OPEN', 'THE KITCHEN'],
    ['EXIT B', 'TOILETS'],
    ['PAUSE AT 3 P.M.', 'COFFEE'],
  ])('keeps %s and %s apart', (above, below) => {
    expect(textsOf(line(1, above, 1), line(2, below, 2))).toHaveLength(2);
  });

  it('joins the most lines that are a known phrase together, which may be of several heights', () => {
    const phrases = ['SPEED LIMIT', 'NO PARKING', 'NO PARKING AT ANY TIME'];
    const lines = (...texts: readonly string[]): readonly SeenText[] =>
      texts.map((text, i) => line(i + 1, text, i + 1));
    const joined = (...texts: readonly string[]): readonly string[] =>
      blocksOf(lines(...texts), (text) => phrases.includes(text)).map(({ text }) => text);
    expect(joined('SPEED', 'LIMIT')).toEqual(['SPEED LIMIT']);
    expect(joined('STOP', 'SPEED', 'LIMIT')).toEqual(['STOP', 'SPEED LIMIT']);
    expect(joined('NO', 'PARKING', 'AT ANY', 'TIME')).toEqual(['NO PARKING AT ANY TIME']);
    expect(joined('NO', 'PARKING', 'AT ANY', 'PLACE')).toEqual(['NO PARKING', 'AT ANY', 'PLACE']);
    const low: SeenText = {
      ...line(2, 'LIMIT', 2),
      quad: line(2, 'LIMIT', 2).quad.map(([x, y], i): Point => [x, i < 2 ? y + 8 : y]) as unknown as TextQuad,
    };
    expect(blocksOf([line(1, 'SPEED', 1), low], (text) => phrases.includes(text))).toHaveLength(1);
  });

  it.each([
    ['signs above each other', line(1, 'SORTIE', 1), line(2, 'PARKING', 2)],
    ['a finished sentence', line(1, 'Il vient.', 1), line(2, 'et moi ?', 2)],
    ['lines far apart', line(1, 'Je sais', 1), line(2, 'tu sais', 5)],
    ['lines beside each other', line(1, 'Je sais', 1), line(2, 'tu sais', 1)],
    [
      'lines of other heights',
      line(1, 'Je sais', 1),
      {
        ...line(2, 'tu sais', 2),
        quad: [
          [10, 60],
          [90, 60],
          [90, 110],
          [10, 110],
        ],
      } as SeenText,
    ],
  ])('keeps %s apart', (_, a, b) => {
    expect(textsOf(a, b)).toHaveLength(2);
  });

  it('joins all of a card up to the end of a sentence', () => {
    const card = (id: number, text: string): SeenText => line(id, text, id, { isCard: true });
    expect(textsOf(card(1, 'LE LENDEMAIN'), card(2, 'MATIN.'), card(3, 'FIN'))).toEqual(['LE LENDEMAIN MATIN.', 'FIN']);
  });

  it('forgets no line', () => {
    const word = fc.constantFrom('Le', 'la,', 'fin.', 'porte-', 'ÉTÉ');
    const any = fc.array(fc.record({ text: word, row: fc.integer({ min: 0, max: 6 }) }), { maxLength: 12 });
    fc.assert(
      fc.property(any, (given) => {
        const lines = given.map(({ text, row }, i) => line(i + 1, text, row));
        const ids = blocksOf(lines).flatMap((block) => block.lines.map(({ id }) => id));
        expect(ids.sort((a, b) => a - b)).toEqual(lines.map(({ id }) => id));
      }),
    );
  });
});

describe('splitLike', () => {
  it('cuts between words, in the proportions of the source', () => {
    expect(splitLike("I don't know what you mean.", ['Je ne sais pas ce que', 'tu veux dire.'])).toEqual([
      "I don't know what",
      'you mean.',
    ]);
  });

  it('leaves lines empty when there are fewer words', () => {
    expect(splitLike('Exit', ['Sortie de', 'secours'])).toEqual(['Exit', '']);
  });

  it('keeps all words in their order, whatever it is given', () => {
    const words = fc.array(fc.constantFrom('a', 'bcd', 'efghijklm'), { maxLength: 20 });
    fc.assert(
      fc.property(words, fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }), (all, lines) => {
        const split = splitLike(all.join(' '), lines);
        expect(split).toHaveLength(lines.length);
        expect(split.filter((part) => part !== '').join(' ')).toBe(all.join(' '));
      }),
    );
  });
});
