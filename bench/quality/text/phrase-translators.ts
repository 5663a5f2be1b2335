import type { Translator } from '../../../models/adapters/translate/translator.js';
import type { TranslatorChoice } from '../../../operators/text/translate/sentence-translator.js';

const languages = ['fr', 'es', 'de'];

/** In the place of networks, for figures of what comes after them: it is sure of nothing, so that texts that are no known phrases stay as they are. */
export const phrasesOnly: TranslatorChoice = { from: languages, open: async () => unsure };

const unsure: Translator = {
  from: languages,
  to: ['en'],
  translate: async (texts) => texts.map((text) => ({ text, score: 0 })),
  [Symbol.asyncDispose]: async () => {},
};
