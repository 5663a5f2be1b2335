import { afterEach, describe, expect, it } from 'vitest';
import type { Translation } from '../../../../models/adapters/translate/translator.js';
import { parseGlossary } from '../../../../operators/text/translate/glossary.js';
import { SentenceTranslator } from '../../../../operators/text/translate/sentence-translator.js';
import { TextTranslator } from '../../../../operators/text/translate/text-translator.js';
import { VitascopeError } from '../../../../pipeline/errors.js';
import { choiceOf, FakeTranslator } from './texts.js';

const opened: SentenceTranslator[] = [];
let network = new FakeTranslator({});

function translator(
  known: Readonly<Record<string, string | Translation>>,
  { glossary, signs = true }: { readonly glossary?: string; readonly signs?: boolean } = {},
): TextTranslator {
  network = new FakeTranslator(known);
  const sentences = new SentenceTranslator(choiceOf(network), { to: 'en' });
  opened.push(sentences);
  const own = glossary === undefined ? undefined : parseGlossary(`source,target\n${glossary}\n`, 'own.csv');
  return new TextTranslator({ to: 'en', sentences, glossary: own, signs, minScore: 0.3 });
}

afterEach(async () => {
  for (const sentences of opened.splice(0)) await sentences[Symbol.asyncDispose]();
});

describe('TextTranslator', () => {
  it('gives the network sentences, and the text its case and its end again', async () => {
    const { translate } = bound(translator({ 'Le chat dort': 'The cat is sleeping.' }));
    expect(await translate('LE CHAT DORT')).toEqual({ language: 'fr', translation: 'THE CAT IS SLEEPING' });
    expect(await translate('Le chat dort')).toEqual({ language: 'fr', translation: 'The cat is sleeping' });
  });

  it('takes what begins a sentence from the list, and asks the network for the rest', async () => {
    const { translate } = bound(
      translator({ 'Un chien.': 'A dog.', 'Je dors.': 'I am asleep.', 'Il dort.': 'He sleeps.' }),
    );
    expect((await translate('Oui, un chien.')).translation).toBe('Yes, a dog.');
    expect((await translate('Oui. Il dort.')).translation).toBe('Yes. He sleeps.');
    expect((await translate('Non, je dors.')).translation).toBe('No, I am asleep.');
    expect((await translate('Non, non, merci.')).translation).toBe('No, no, thank you.');
    expect((await translate('MERCI, MONSIEUR !')).translation).toBe('THANK YOU, SIR!');
  });

  it('translates sentence by sentence, all in one call', async () => {
    const { translate } = bound(translator({ 'Il dort.': 'He sleeps.', 'Et toi ?': 'And you?' }));
    expect((await translate('Il dort. Et toi ?')).translation).toBe('He sleeps. And you?');
    expect(network.asked).toEqual([['Il dort.', 'Et toi ?']]);
  });

  it('does not end a sentence behind a title or an initial', async () => {
    const { translate } = bound(
      translator({ 'Voici M. J. Dupont.': 'This is Mr J. Dupont.', 'Il dort.': 'He sleeps.' }),
    );
    expect((await translate('Voici M. J. Dupont. Il dort.')).translation).toBe('This is Mr J. Dupont. He sleeps.');
  });

  it('keeps a text as it is whose name the network loses', async () => {
    const text = translator({ 'Je vois Kowalczyk': 'I see coal', 'Je vois Mary': 'I see' });
    network.countTokens = () => 3;
    expect(await text.translate('Je vois Kowalczyk', 'fr')).toEqual({ language: 'fr' });
  });

  it('puts texts that are asked for together into one call', async () => {
    const { translate } = bound(translator({ Un: 'One', Deux: 'Two' }));
    await Promise.all([translate('Un'), translate('Deux')]);
    expect(network.asked).toEqual([['Un', 'Deux']]);
  });

  it('keeps what frames a text', async () => {
    const { translate } = bound(translator({ Gare: 'Station', 'Bon appétit !': 'Enjoy!' }));
    expect((await translate('→ Gare »')).translation).toBe('→ Station »');
    expect((await translate('🍽 Bon appétit !')).translation).toBe('🍽 Enjoy!');
  });

  it.each([
    ['is not sure', { text: 'Maybe', score: 0.29 }],
    ['loses a number', 'Platform'],
    ['changes a number', 'Platform 5'],
    ['says nothing', '…'],
    ['gives the text back', 'quai 4'],
  ])('keeps a text as it is where the network %s', async (_, given) => {
    const { translate } = bound(translator({ 'Quai 4': given }));
    expect(await translate('Quai 4')).toEqual({ language: 'fr' });
  });

  it('keeps what is too long for the network, and translates the others', async () => {
    const { translate } = bound(translator({ Court: 'Short' }));
    const take = network.translate.bind(network);
    network.translate = async (texts, options) => {
      if (texts.some((text) => text.startsWith('Long'))) throw new VitascopeError('INFERENCE_INPUT', 'too long');
      return take(texts, options);
    };
    expect(await Promise.all([translate('Long texte'), translate('Court')])).toEqual([
      { language: 'fr' },
      { language: 'fr', translation: 'Short' },
    ]);
  });

  it('asks no network about numbers, addresses and other scripts, nor about languages that it has not', async () => {
    const { translate } = bound(translator({}));
    for (const text of ['12:30', 'www.sncf.fr', '出口', '🚭'])
      expect(await translate(text)).toEqual({ language: 'fr' });
    expect(await translate('Perché no', 'it')).toEqual({ language: 'it' });
    expect(await translate('The end', 'en')).toEqual({ language: 'en' });
    expect(network.asked).toEqual([]);
  });

  it('looks signs up without a network, in the case that they have', () => {
    const text = translator({});
    expect(text.lookUp('SORTIE DE SECOURS', undefined)).toEqual({ language: 'fr', translation: 'EMERGENCY EXIT' });
    expect(text.lookUp('Danger !', 'fr')).toEqual({ language: 'fr' });
    expect(text.lookUp('Sortie de bain', undefined)).toBeUndefined();
    expect(translator({}, { signs: false }).lookUp('Sortie', undefined)).toBeUndefined();
  });
});

describe('a glossary', () => {
  it('wins against signs and network, written as it is', () => {
    const text = translator({ Sortie: 'Exit' }, { glossary: 'sortie,Way Out (do not run)' });
    expect(text.lookUp('SORTIE', 'fr')).toEqual({ language: 'fr', translation: 'Way Out (do not run)' });
    expect(text.lookUp('← Sortie', undefined)?.translation).toBe('← Way Out (do not run)');
  });

  it('goes into a sentence by the network, which copies what it does not know', async () => {
    const known = { 'Je vais à la Corn Exchange demain': 'I go to the Corn Exchange tomorrow' };
    const { translate } = bound(translator(known, { glossary: 'Halle aux blés,Corn Exchange' }));
    expect((await translate('Je vais à la halle aux blés demain')).translation).toBe(
      'I go to the Corn Exchange tomorrow',
    );
  });

  it('wins where the network does not copy it, too', async () => {
    const known = {
      'Je vais à la Corn Exchange demain': 'I go away',
      'Je vais à la': 'I go to the',
      demain: 'tomorrow',
    };
    const { translate } = bound(translator(known, { glossary: 'Halle aux blés,Corn Exchange' }));
    expect((await translate('Je vais à la halle aux blés demain')).translation).toBe(
      'I go to the Corn Exchange tomorrow',
    );
  });

  it('wins where the network knows nothing', async () => {
    const { translate } = bound(translator({}, { glossary: 'blés,wheat' }));
    expect((await translate('halle aux blés')).translation).toBe('halle aux wheat');
  });

  it('keeps the list of signs away from texts with its terms', () => {
    expect(translator({}, { glossary: 'secours,rescue' }).lookUp('Sortie de secours', 'fr')).toBeUndefined();
  });
});

describe('SentenceTranslator', () => {
  it('opens a network with the first text, once, and disposes it once though languages share it', async () => {
    const shared = new FakeTranslator({ Un: 'One', Uno: 'One' }, ['fr', 'es']);
    let openings = 0;
    const open = async () => {
      openings++;
      return shared;
    };
    const sentences = new SentenceTranslator({ from: ['fr', 'es'], open }, { to: 'en' });
    expect(openings).toBe(0);
    await Promise.all([
      sentences.translate('Un', 'fr'),
      sentences.translate('Un', 'fr'),
      sentences.translate('Uno', 'es'),
    ]);
    expect(openings).toBe(2);
    await sentences[Symbol.asyncDispose]();
    expect(shared.disposed).toBe(1);
  });

  it('tells everybody who asked when a network does not open', async () => {
    const broken = new VitascopeError('MODEL_INVALID', 'broken');
    const sentences = new SentenceTranslator({ from: ['fr'], open: () => Promise.reject(broken) }, { to: 'en' });
    const asked = [sentences.translate('Un', 'fr'), sentences.translate('Deux', 'fr')];
    for (const each of await Promise.allSettled(asked)) expect(each).toEqual({ status: 'rejected', reason: broken });
    await sentences[Symbol.asyncDispose]();
  });
});

function bound(text: TextTranslator) {
  return { translate: (source: string, from = 'fr') => text.translate(source, from) };
}
