import { describe, expect, it } from 'vitest';
import type { Translation } from '../../../../models/adapters/translate/translator.js';
import { NameKeeper } from '../../../../operators/text/translate/name-keeper.js';
import { FakeTranslator } from './texts.js';

function keeper(known: Readonly<Record<string, string | Translation>>): {
  keeper: NameKeeper;
  network: FakeTranslator;
} {
  const network = Object.assign(new FakeTranslator(known), {
    countTokens: (word: string) => (/kowal|aurél|strasb|ormess|siegf|wach|eberh/i.test(word) ? 4 : 1),
  });
  return { keeper: new NameKeeper(network), network };
}

async function translated(
  known: Readonly<Record<string, string | Translation>>,
  text: string,
  { from = 'fr', to = 'en', hasLostCase = false } = {},
): Promise<string | undefined> {
  const [translation] = await keeper(known).keeper.translate([{ text, hasLostCase }], { from, to });
  return translation?.text;
}

describe('NameKeeper', () => {
  it('leaves alone what keeps its names, at one call', async () => {
    const { keeper: names, network } = keeper({ 'Je vois Kowalczyk': 'I see Kowalczyk' });
    const [translation] = await names.translate([{ text: 'Je vois Kowalczyk' }], { from: 'fr', to: 'en' });
    expect(translation?.text).toBe('I see Kowalczyk');
    expect(network.asked).toHaveLength(1);
  });

  it('has a name stand in for one that gets lost, the one that the network is surest with', async () => {
    const known = {
      'Je vais à Strasbourg': 'I go to Straw',
      'Je vais à Tom': { text: 'I go at Tom', score: 0.6 },
      'Je vais à Boston': { text: 'I go to Boston', score: 0.9 },
    };
    expect(await translated(known, 'Je vais à Strasbourg')).toBe('I go to Strasbourg');
  });

  it('tries only sentences that lost a name again', async () => {
    const { keeper: names, network } = keeper({
      'Il dort': 'He sleeps',
      'Je vois Kowalczyk': 'I see coal',
      'Je vois Tom': 'I see Tom',
    });
    const texts = [{ text: 'Il dort' }, { text: 'Je vois Kowalczyk' }];
    const made = await names.translate(texts, { from: 'fr', to: 'en' });
    expect(made.map((translation) => translation?.text)).toEqual(['He sleeps', 'I see Kowalczyk']);
    expect(network.asked[1]?.every((text) => text.startsWith('Je vois'))).toBe(true);
  });

  it('gives nothing where a name gets lost whoever stands in', async () => {
    const known = {
      'Il dit Kowalczyk': 'He says coal',
      'Il dit Tom': 'He says',
      'Il dit Mary': 'Mary Mary',
      'Il dit Boston': 'No',
    };
    expect(await translated(known, 'Il dit Kowalczyk')).toBeUndefined();
  });

  it('never takes a name that is there for a stand-in', async () => {
    const known = { 'Avec Tom et Kowalczyk': 'With Tom', 'Avec Tom et Mary': 'With Tom and Mary' };
    expect(await translated(known, 'Avec Tom et Kowalczyk')).toBe('With Tom and Kowalczyk');
  });

  it('takes names that begin a sentence for such only where that makes the network much surer', async () => {
    const known = { 'Kowalczyk dort': { text: 'Coal', score: 0.4 }, 'Tom dort': { text: 'Tom sleeps', score: 0.9 } };
    expect(await translated(known, 'Kowalczyk dort')).toBe('Kowalczyk sleeps');
    const sure = { ...known, 'Kowalczyk dort': { text: 'Awake', score: 0.85 } };
    expect(await translated(sure, 'Kowalczyk dort')).toBe('Awake');
    const smooth = { ...known, 'Tom dort': { text: 'Tom sleeps', score: 0.6 } };
    expect(await translated(smooth, 'Kowalczyk dort')).toBe('Coal');
  });

  it('finds names in what was written in capitals', async () => {
    const known = { 'Chez kowalczyk': { text: 'At home', score: 0.4 }, 'Chez Tom': { text: "Tom's", score: 0.8 } };
    expect(await translated(known, 'Chez kowalczyk', { hasLostCase: true })).toBe("kowalczyk's");
  });

  it('minds what French leaves out before vowels, on both sides', async () => {
    const known = { "Le chien d'Ormesson": 'Ore', 'Le chien de Tom': "Tom's dog" };
    expect(await translated(known, "Le chien d'Ormesson")).toBe("Ormesson's dog");
    const back = { 'I see the dog of Aurélie': 'Je', 'I see the dog of Tom': 'Je vois le chien de Tom' };
    expect(await translated(back, 'I see the dog of Aurélie', { from: 'en', to: 'fr' })).toBe(
      'Je vois le chien d’Aurélie',
    );
  });

  it('minds the genitive of German', async () => {
    const known = { "It is Eberhard's dog": 'Hund', "It is Tom's dog": 'Es ist Toms Hund' };
    expect(await translated(known, "It is Eberhard's dog", { from: 'en', to: 'de' })).toBe('Es ist Eberhards Hund');
  });

  it('writes names as the other language does', async () => {
    const known = { 'Je vais à Strasbourg': 'Voy', 'Je vais à Boston': 'Voy a Boston' };
    expect(await translated(known, 'Je vais à Strasbourg', { to: 'es' })).toBe('Voy a Estrasburgo');
  });
});
