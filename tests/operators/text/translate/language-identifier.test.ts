import { afterAll, describe, expect, it, vi } from 'vitest';
import {
  sharedLanguageIdentifier,
  ThreadedLanguageIdentifier,
} from '../../../../operators/text/translate/language-identifier.js';
import { SceneLanguages } from '../../../../operators/text/translate/scene-languages.js';

vi.setConfig({ testTimeout: 120_000 });

const identifier = new ThreadedLanguageIdentifier(['en', 'fr', 'es', 'de', 'it', 'pt', 'nl']);

afterAll(() => identifier.close());

describe('ThreadedLanguageIdentifier', () => {
  it.each([
    ['SORTIE DE SECOURS', 'fr'],
    ['Salida de emergencia', 'es'],
    ['Ausgang', 'de'],
    ['The next morning', 'en'],
    ['Prossima fermata', 'it'],
    ['xqzvw kjhp', undefined],
    ['出口', undefined],
  ])('takes "%s" for %s', async (text, language) => {
    const [scores = {}] = await identifier.identify([text]);
    expect(new SceneLanguages().decide(text, scores)).toBe(language);
  });

  it('answers in the order of the texts, several questions at once', async () => {
    const [one, other] = await Promise.all([identifier.identify(['Ausgang', 'salida']), identifier.identify([])]);
    expect(one.map((scores) => Object.entries(scores).sort((a, b) => b[1] - a[1])[0]?.[0])).toEqual(['de', 'es']);
    expect(other).toEqual([]);
  });

  it('tells who waits that the thread has ended', async () => {
    const ended = new ThreadedLanguageIdentifier(['en', 'fr']);
    const waiting = ended.identify(['Sortie']);
    await ended.close();
    await expect(waiting).rejects.toMatchObject({ code: 'WORKER_LOST' });
    await expect(ended.identify(['Sortie'])).rejects.toMatchObject({ code: 'WORKER_LOST' });
  });
});

describe('sharedLanguageIdentifier', () => {
  it('has one thread for all who ask about the same languages, until the last has closed it', async () => {
    const [first, second] = [sharedLanguageIdentifier(['de', 'en']), sharedLanguageIdentifier(['de', 'en'])];
    await first.identify(['Ausgang']);
    await Promise.all([first.close(), first.close()]);
    expect(Object.keys((await second.identify(['Ausgang']))[0] ?? {})).toContain('de');
    await second.close();
    await expect(second.identify(['Ausgang'])).rejects.toMatchObject({ code: 'WORKER_LOST' });
    const third = sharedLanguageIdentifier(['de', 'en']);
    expect(await third.identify([])).toEqual([]);
    await third.close();
  });
});
