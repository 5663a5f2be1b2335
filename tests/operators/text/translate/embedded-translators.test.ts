import { describe, expect, it } from 'vitest';
import { routesTo } from '../../../../operators/text/translate/embedded-translators.js';
import { PivotTranslator } from '../../../../operators/text/translate/pivot-translator.js';
import { FakeTranslator } from './texts.js';

const west = { id: 'translate-west-en', from: ['fr', 'es', 'de'], to: ['en'] };
const back = { id: 'translate-en-west', from: ['en'], to: ['fr', 'es', 'de'] };

describe('routesTo', () => {
  it('finds a network for each language', () => {
    expect(Object.fromEntries(routesTo([west, back], 'auto', 'en'))).toEqual({
      fr: [{ id: west.id, to: 'en' }],
      es: [{ id: west.id, to: 'en' }],
      de: [{ id: west.id, to: 'en' }],
    });
  });

  it('goes by way of a language that two networks have', () => {
    const route = [
      { id: west.id, to: 'en' },
      { id: back.id, to: 'fr' },
    ];
    expect(Object.fromEntries(routesTo([west, back], 'auto', 'fr'))).toEqual({
      en: [{ id: back.id, to: 'fr' }],
      es: route,
      de: route,
    });
    expect(Object.fromEntries(routesTo([west, back], 'es', 'fr'))).toEqual({ es: route });
  });

  it('takes the straight way where there is one', () => {
    const pair = { id: 'translate-es-fr', from: ['es'], to: ['fr'] };
    expect(routesTo([pair, west, back], 'es', 'fr').get('es')).toEqual([{ id: pair.id, to: 'fr' }]);
  });

  it('has none for languages that nothing takes or gives', () => {
    expect(routesTo([west, back], 'ja', 'en').size).toBe(0);
    expect(routesTo([west, back], 'fr', 'pl').size).toBe(0);
    expect(routesTo([west], 'fr', 'fr').size).toBe(0);
    expect(routesTo([], 'auto', 'en').size).toBe(0);
  });
});

describe('PivotTranslator', () => {
  const first = () => new FakeTranslator({ Hola: { text: 'Hello', score: 0.8 } }, ['es']);
  const second = () => new FakeTranslator({ Hello: { text: 'Bonjour', score: 0.5 } }, ['en']);

  it('translates what the first made of it, and is as sure as both', async () => {
    await using translator = new PivotTranslator(first(), 'en', second());
    const [hello] = await translator.translate(['Hola'], { from: 'es', to: 'fr' });
    expect(hello?.text).toBe('Bonjour');
    expect(hello?.score).toBeCloseTo(0.4);
  });

  it('disposes both', async () => {
    const networks = [first(), second()] as const;
    await new PivotTranslator(networks[0], 'en', networks[1])[Symbol.asyncDispose]();
    expect(networks.map(({ disposed }) => disposed)).toEqual([1, 1]);
  });
});
