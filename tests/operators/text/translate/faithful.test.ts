import { describe, expect, it } from 'vitest';
import { endedLike, isSame, isTranslatable, keepsNumbers } from '../../../../operators/text/translate/faithful.js';

describe('isTranslatable', () => {
  it.each(['Sortie', 'À 5 km', 'Wi-Fi'])('is "%s"', (text) => expect(isTranslatable(text)).toBe(true));
  it.each(['', '12:30', '€ 5', 'A', '出口', 'Не курить', 'www.example.org', 'a@b.fr', 'https://x.org/a', '🚭'])(
    'is "%s" not',
    (text) => expect(isTranslatable(text)).toBe(false),
  );
});

describe('keepsNumbers', () => {
  it.each([
    ['Ouvert de 9 h à 18 h', 'Open from 9 to 18', true],
    ['1 200 euros', '1,200 euros', true],
    ['1,5 km', '1.5 km', true],
    ['Ligne 12', 'Line 21', false],
    ['Quai 3', 'Platform', false],
    ['Quai', 'Platform 3', false],
    ['Deux', 'Two', true],
  ])('of "%s" and "%s": %s', (source, translation, expected) => {
    expect(keepsNumbers(source, translation)).toBe(expected);
  });
});

describe('endedLike', () => {
  it.each([
    ['Sortie', 'Exit.', 'Exit'],
    ['Sortie !', 'Exit.', 'Exit!'],
    ['Où ?', 'Where?', 'Where?'],
    ['Vraiment ?', 'Really.', 'Really?'],
    ['Il vient.', 'He comes', 'He comes.'],
    ['Attends…', 'Wait...', 'Wait...'],
    ['Really?', '¿De verdad?', '¿De verdad?'],
    ['Really', '¿De verdad?', 'De verdad'],
  ])('"%s" → "%s" is "%s"', (source, translation, expected) => {
    expect(endedLike(source, translation)).toBe(expected);
  });
});

describe('isSame', () => {
  it('sees words, not how they are set', () => {
    expect(isSame('BERLIN', 'Berlin.')).toBe(true);
    expect(isSame('Berlin', 'Bern')).toBe(false);
    // Accents make other words: pêche is fishing, péché a sin.
    expect(isSame('Café', 'Cafe')).toBe(false);
  });
});
