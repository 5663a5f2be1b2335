import { describe, expect, it } from 'vitest';
import { everydayPhrases, interjections } from '../../../../operators/text/translate/everyday-phrases.js';
import { foldText } from '../../../../operators/text/translate/fold-text.js';
import { tableLanguages } from '../../../../operators/text/translate/language-table.js';
import { noticePhrases } from '../../../../operators/text/translate/notice-phrases.js';
import { signPhrases } from '../../../../operators/text/translate/sign-phrases.js';
import { findSign, interjectionOf } from '../../../../operators/text/translate/signs.js';

const allPhrases = [...signPhrases, ...noticePhrases, ...interjections, ...everydayPhrases];

describe('the phrases of signs', () => {
  it('are many, none of them empty, and each meaning stands once', () => {
    expect(allPhrases.length).toBeGreaterThanOrEqual(280);
    for (const row of allPhrases) {
      for (const wordings of row)
        for (const wording of wordings.split('|')) expect(foldText(wording), row[0]).not.toBe('');
    }
    const english = allPhrases.flatMap(([en]) => en.split('|').map(foldText));
    expect(english.filter((phrase, i) => english.indexOf(phrase) !== i)).toEqual([]);
  });

  it('name the same numbers in all languages', () => {
    for (const row of allPhrases) {
      const numbers = row.flatMap((wordings) =>
        wordings.split('|').map((wording) => wording.match(/\d+/g)?.join() ?? ''),
      );
      expect(new Set(numbers).size, row[0]).toBe(1);
    }
  });

  it('lead from every language to every other', () => {
    for (const row of signPhrases) {
      for (const [i, from] of tableLanguages.entries()) {
        for (const [j, to] of tableLanguages.entries()) {
          const [source = '', target = ''] = [row[i]?.split('|')[0], row[j]?.split('|')[0]];
          const known = findSign(source, from, to);
          // Words such as Kasse and Salidas have two meanings, and are left to the network.
          if (i !== j && known !== undefined && row[0] === 'Emergency exit') expect(known.translation).toBe(target);
        }
      }
    }
    expect(findSign('Notausgang', 'de', 'fr')?.translation).toBe('Sortie de secours');
  });
});

describe('findSign', () => {
  it('knows a sign whatever its case, accents and punctuation', () => {
    expect(findSign('DEFENSE DE FUMER !', undefined, 'en')).toEqual({ from: ['fr'], translation: 'No smoking' });
    expect(findSign('Ausser Betrieb', undefined, 'en')).toEqual({ from: ['de'], translation: 'Out of order' });
  });

  it('knows what notices say in a sentence', () => {
    const hands = 'Clean hands with soap and water';
    expect(findSign(hands, undefined, 'es')?.translation).toBe('Lávese las manos con agua y jabón');
    expect(findSign('Beim Husten und Niesen Mund und Nase bedecken', 'de', 'en')?.translation).toMatch(
      /^Cover nose and mouth/,
    );
  });

  it('leaves what the target language has as well', () => {
    expect(findSign('Police', undefined, 'en')).toBeUndefined();
    expect(findSign('Hotel', undefined, 'en')).toBeUndefined();
  });

  it('takes a word that two languages share for what both mean', () => {
    expect(findSign('Libre', undefined, 'en')).toEqual({ from: ['fr', 'es'], translation: 'Vacant' });
  });

  it('leaves a word of two meanings, and other texts, to the network', () => {
    expect(findSign('Kasse', 'de', 'en')).toBeUndefined();
    expect(findSign('Sortie de garage', undefined, 'en')).toBeUndefined();
    expect(findSign('Sortie', undefined, 'it')).toBeUndefined();
  });
});

describe('what people say', () => {
  it.each([
    ['Oui.', 'fr', 'en', 'Yes'],
    ['BONJOUR !', 'fr', 'en', 'Hello'],
    ['¡Adiós!', 'es', 'en', 'Goodbye'],
    ['Es tut mir leid.', 'de', 'fr', 'Pardon'],
    ['Thank you.', 'en', 'de', 'Danke'],
    ["What's wrong?", 'en', 'es', 'Qué pasa'],
  ])('is known: %s', (text, from, to, translation) => {
    expect(findSign(text, from, to)?.translation).toBe(translation);
  });

  it('is known only where the language is: others have such words too', () => {
    expect(findSign('Was', undefined, 'fr')).toBeUndefined();
    expect(findSign('Hier', undefined, 'en')).toBeUndefined();
  });

  it('begins sentences', () => {
    expect(interjectionOf('Oui, un peu.')).toEqual(['Oui', ', ', 'un peu.']);
    expect(interjectionOf('Ja, ein bisschen, danke.')).toEqual(['Ja', ', ', 'ein bisschen, danke.']);
    expect(interjectionOf('Paris, la nuit.')).toBeUndefined();
    expect(interjectionOf('Oui.')).toBeUndefined();
    expect(interjectionOf('Non ! Je sais.')?.[2]).toBe('Je sais.');
    expect(interjectionOf('Oui,')).toBeUndefined();
  });
});
