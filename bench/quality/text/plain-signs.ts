import { type SignText, signTexts } from './street-signs.js';

/** Plain French that is no phrase of signs, so that it takes a network, and what it means; as long as what stands in the same places in {@link signTexts}. */
const phrases: readonly (readonly [text: string, translation: string])[] = [
  ['Le chat dort ici', 'The cat is sleeping here'],
  ['Ma maison', 'My house'],
  ['Ne touchez pas à ça', "Don't touch that"],
  ['Tout est possible', 'Everything is possible'],
  ['Le chien dort ici', 'The dog sleeps here'],
  ['Mon jardin', 'My garden'],
  ['Où est la gare ?', 'Where is the station?'],
  ['Suivez-moi', 'Follow me'],
  ['Il fait froid', 'It is cold'],
  ['Le café est chaud', 'The coffee is hot'],
  ['Il est trop tard', 'It is too late'],
  ['Il a deux chats', 'He has two cats'],
];

/** Twelve signs that look like those of the street and say something else. */
export const plainSigns: readonly SignText[] = signTexts.map((sign, i) => {
  const [text, translation] = phrases[i] ?? [sign.text, sign.translation];
  return { ...sign, text, language: 'fr', translation };
});
