import { describe, expect, it } from 'vitest';
import { asSentence, inCase, letterCaseOf } from '../../../../operators/text/translate/letter-case.js';

describe('letterCaseOf', () => {
  it.each([
    ['SORTIE DE SECOURS', 'upper'],
    ['CAFÉ 24', 'upper'],
    ["L'ÉTÉ", 'upper'],
    ['Sortie De Secours', 'title'],
    ['sortie', 'lower'],
    ['Sortie de secours', 'sentence'],
    // Two nouns of German are no title.
    ['Freie Ausfahrt', 'sentence'],
    ['A', 'sentence'],
    ['12:30', 'sentence'],
    ['出口', 'sentence'],
    ['', 'sentence'],
  ] as const)('of "%s" is %s', (text, expected) => {
    expect(letterCaseOf(text)).toBe(expected);
  });
});

describe('a text that was shouted', () => {
  it('is translated as a sentence, and shouted again', () => {
    expect(asSentence('DÉFENSE DE FUMER', 'upper', 'fr')).toBe('Défense de fumer');
    expect(inCase('No smoking', 'upper', 'en')).toBe('NO SMOKING');
  });

  it('begins with a capital even after a sign that is no letter', () => {
    expect(asSentence('¿DÓNDE ESTÁ?', 'upper', 'es')).toBe('¿Dónde está?');
  });
});

describe('inCase', () => {
  it('writes titles', () => {
    expect(inCase('The red balloon', 'title', 'en')).toBe('The Red Balloon');
  });

  it.each([
    ['Exit', 'en', 'exit'],
    ['I know it', 'en', 'I know it'],
    ["I'm here", 'en', "I'm here"],
    ['NATO says no', 'en', 'NATO says no'],
    ['Ausgang', 'de', 'Ausgang'],
  ])('begins "%s" (%s) low where the source did and the language allows it', (sentence, language, expected) => {
    expect(inCase(sentence, 'lower', language)).toBe(expected);
  });
});
