import { describe, expect, it } from 'vitest';
import { SceneLanguages } from '../../../../operators/text/translate/scene-languages.js';

const clearlyFrench = { fr: 0.82, en: 0.6 };
const either = { en: 0.68, fr: 0.68 };

describe('SceneLanguages', () => {
  it('believes a clear text', () => {
    expect(new SceneLanguages().decide('Sortie de secours', clearlyFrench)).toBe('fr');
  });

  it('leaves what may be two languages until other texts tell', () => {
    const scene = new SceneLanguages();
    expect(scene.decide('Pharmacie', either)).toBeUndefined();
    const before = scene.revision;
    scene.learn('Sortie de secours', clearlyFrench);
    expect(scene.revision).not.toBe(before);
    expect(scene.decide('Pharmacie', either)).toBe('fr');
  });

  it('does not let the scene outvote a long and clear text', () => {
    const scene = new SceneLanguages();
    for (let i = 0; i < 20; i++) scene.learn(`Sortie de secours ${i}`, clearlyFrench);
    expect(scene.decide('This is a long sentence in plain English words', { en: 0.8, fr: 0.7 })).toBe('en');
  });

  it('counts a text once, and forgets the oldest', () => {
    const scene = new SceneLanguages();
    for (let i = 0; i < 100; i++) scene.learn('Sortie de secours', clearlyFrench);
    expect(scene.revision).toBe(1);
    for (let i = 0; i < 64; i++) scene.learn(`Salida de emergencia ${i}`, { es: 0.8, fr: 0.6 });
    expect(scene.decide('Libre', { fr: 0.6, es: 0.6 })).toBe('es');
  });

  it('knows no language of what is no word in any', () => {
    const scene = new SceneLanguages();
    scene.learn('Sortie de secours', clearlyFrench);
    expect(scene.decide('xqzvw', {})).toBeUndefined();
    expect(scene.decide('Nssn', { fr: 0.3 })).toBeUndefined();
  });
});
