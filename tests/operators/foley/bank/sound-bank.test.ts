import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bankSheet } from '../../../../operators/foley/bank/bank-sheet.js';
import { FEATURES, featureDistance, soundFeatures } from '../../../../operators/foley/bank/features.js';
import { SoundBank } from '../../../../operators/foley/bank/sound-bank.js';
import { renderRecipe } from '../../../../operators/foley/bank/synthesis/render-recipe.js';
import { actions, bedKinds, materials } from '../../../../operators/foley/bank/vocabulary.js';

const TIMEOUT = 120_000;

describe('SoundBank', () => {
  it('has a sound for every action and material, and every bed', () => {
    const { kinds } = new SoundBank();
    expect(kinds.filter(({ kind }) => kind === 'event')).toHaveLength(4 * materials.length + 1);
    expect(kinds.flatMap((one) => (one.kind === 'bed' ? [one.bed] : []))).toEqual([...bedKinds]);
  });

  it('strikes one and the same thing again and again, never with the same samples', () => {
    const bank = new SoundBank({ seed: 5 });
    const sounds = [1, 2, 3].map((seed) => bank.pick({ action: 'strike', material: 'metal', energy: 0.6, seed }));
    const things = sounds.map(({ id }) => id.split('/').slice(0, 3).join('/'));
    expect(new Set(things).size).toBe(1);
    expect(new Set(sounds.map((sound) => sound.render().slice(0, 500).join())).size).toBe(3);
  });

  it('gives the same sound for the same request, and another one where that is to be avoided', () => {
    const bank = new SoundBank();
    const request = { action: 'step', material: 'gravel', energy: 0.5, seed: 7 } as const;
    const first = bank.pick(request);
    expect(new SoundBank().pick(request).render()).toEqual(first.render());
    const avoid = new Set([first.id]);
    const second = bank.pick({ ...request, avoid });
    const third = bank.pick({ ...request, avoid: new Set([first.id, second.id]) });
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);
    expect(second.tags).toEqual(first.tags);
  });

  it('finds the material by features alone', { timeout: TIMEOUT }, () => {
    const bank = new SoundBank();
    for (const material of ['metal', 'wood', 'cloth', 'drum'] as const) {
      const features = soundFeatures(
        renderRecipe({ action: 'strike', material, energy: 0.6, size: 0.5, object: 1, seed: 99 }),
      );
      expect(bank.pick({ action: 'strike', energy: 0.5, seed: 1, features }).tags.material).toBe(material);
    }
  });

  it('keeps to the material by hard tags, and leaves it for a much nearer sound by soft ones', {
    timeout: TIMEOUT,
  }, () => {
    const bank = new SoundBank();
    const features = soundFeatures(
      renderRecipe({ action: 'strike', material: 'metal', energy: 0.6, size: 0.5, object: 2, seed: 4 }),
    );
    const request = { action: 'strike', material: 'cloth', energy: 0.5, seed: 1, features } as const;
    expect(bank.pick(request).tags.material).toBe('cloth');
    expect(bank.pick({ ...request, match: 'soft' }).tags.material).toBe('metal');
  });

  it('makes a sound of the features themselves where nothing is like them', { timeout: TIMEOUT }, () => {
    const bank = new SoundBank();
    // Deep at first, then ever higher and louder: nothing that is struck does so.
    const features = Float32Array.from({ length: FEATURES }, (_, i) => {
      const [band, slice] = [Math.floor(i / 6), i % 6];
      return Math.max(0, 1 - 0.25 * Math.abs(band - 1.2 * slice) - 0.08 * (5 - slice));
    });
    const sound = bank.pick({ action: 'strike', energy: 0.8, seed: 3, features });
    expect(sound.tags).toEqual({ source: 'features', action: 'strike', material: undefined });
    expect(featureDistance(sound.features, features)).toBeLessThan(0.2);
  });

  it('never gives clipping or NaN, whatever the request', { timeout: TIMEOUT }, () => {
    const bank = new SoundBank();
    const number = fc.oneof(fc.double({ min: 0, max: 1 }), fc.double());
    const request = fc.record({
      action: fc.constantFrom(...actions),
      material: fc.option(fc.constantFrom(...materials), { nil: undefined }),
      energy: number,
      size: fc.option(number, { nil: undefined }),
      seed: fc.integer(),
      features: fc.option(fc.float32Array({ minLength: FEATURES, maxLength: FEATURES }), { nil: undefined }),
    });
    fc.assert(
      fc.property(request, (one) => {
        const sound = bank.pick(one);
        const samples = sound.render();
        expect(samples.every((x) => Number.isFinite(x) && Math.abs(x) <= 1)).toBe(true);
        expect(sound.features).toHaveLength(FEATURES);
      }),
      { numRuns: 40 },
    );
  });
});

describe('bankSheet', () => {
  it('lists every kind with its length and loudness', { timeout: TIMEOUT }, () => {
    const lines = [...bankSheet()];
    expect(lines).toHaveLength(new SoundBank().kinds.length);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
    for (const line of lines) {
      expect(line.seconds, line.id).toBeGreaterThan(0.02);
      expect(line.loudness, line.id).toBeGreaterThan(-62);
      expect(line.loudness, line.id).toBeLessThan(-5);
    }
    expect(lines.at(-1)?.samples()).toHaveLength(480_000);
  });
});
