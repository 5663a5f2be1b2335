import { describe, expect, it } from 'vitest';
import { findNames, hasCognate, keepsName } from '../../../../operators/text/translate/names.js';

/** Words that the network of these tests has seen often; it cuts others into four pieces. */
const known = new Set(
  'fr en je tu vais le la les du des jour menu lundi rue gare chez est à habite avec ne pas voie quai the in live i at central park hotel by little river battle museum modern art closed monday ich bin in der liebe mit kaffee freund'.split(
    ' ',
  ),
);
const pieces = (word: string): number => (known.has(word.toLowerCase()) ? 1 : 4);

function found(text: string, language: string, hasLostCase = false): string[] {
  return findNames(text, { language, hasLostCase, pieces }).map((name) => (name.isSure ? name.text : `${name.text}?`));
}

describe('findNames', () => {
  it.each([
    ['Je vais à Strasbourg.', 'fr', ['Strasbourg']],
    ["Je vais chez d'Ormesson", 'fr', ['Ormesson']],
    ['Je vais avec Jean-Luc Guillaumat', 'fr', ['Jean-Luc Guillaumat']],
    ["I live in Kowalczyk's hotel", 'en', ['Kowalczyk']],
    ['The battle by Little Bighorn', 'en', ['Little Bighorn']],
    ['Je vais à la SNCF', 'fr', ['SNCF']],
    ['Quai B2-03, voie 9h30', 'fr', ['B2-03']],
    ['Je vais: info@exemple.fr, www.exemple.fr/a?b.', 'fr', ['info@exemple.fr', 'www.exemple.fr/a?b']],
    ['I live #Vitascope @camera', 'en', ['#Vitascope', '@camera']],
    ['Ich bin mit Frau Lindqvist', 'de', ['Lindqvist']],
    // Known to the network, or translated by all.
    ['Je vais à Central Park', 'fr', []],
    ['The museum is closed on Monday and in German', 'en', []],
    ['Menu du Jour', 'fr', []],
    // May be names, may be none.
    ['Kowalczyk est à la gare', 'fr', ['Kowalczyk?']],
    ['Ich liebe Broccoli', 'de', ['Broccoli?']],
    ['Ich bin in der Waschküche', 'de', []],
    ['Rue Siegfried Perrault', 'fr', ['Siegfried Perrault?']],
  ])('of "%s" (%s): %j', (text, language, names) => expect(found(text, language)).toEqual(names));

  it('looks at all words of a text that lost its capitals', () => {
    expect(found('Chez kowalczyk', 'fr', true)).toEqual(['kowalczyk?']);
    expect(found('Chez kowalczyk', 'fr')).toEqual([]);
  });

  it('says where names stand', () => {
    const [name] = findNames("Je vais à l'Odéon.", { language: 'fr', pieces });
    expect("Je vais à l'Odéon.".slice(name?.start, name?.end)).toBe('Odéon');
  });
});

describe('keepsName', () => {
  it.each([
    ['Kowalczyk', 'Mr Kowalczyk is here', 'en', true],
    ['Kowalczyk', 'Mr Kowaliky is here', 'en', false],
    ['Kowalczyk', 'Kowalczyks Hund', 'de', true],
    ['Ana', 'Banana', 'en', false],
    ['Londres', 'I live in London', 'en', true],
    ['London', 'Vivo en Londres', 'es', true],
    ['Germany', 'Je vis en Allemagne', 'fr', true],
    ['Germany', 'Je vis en Italie', 'fr', false],
    ['Jean Guillaumat', 'Jean knows', 'en', false],
    ['C++', 'Learn C++', 'en', true],
  ])('"%s" in "%s" (%s): %s', (name, translation, to, expected) =>
    expect(keepsName(name, translation, to)).toBe(expected),
  );
});

describe('hasCognate', () => {
  it('is true where a word of the other language begins alike, in small letters', () => {
    expect(hasCognate('Aspirin', 'Take aspirin.')).toBe(true);
    expect(hasCognate('Lindqvist', 'Lindy is here.')).toBe(false);
  });
});
