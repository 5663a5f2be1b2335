import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  featureBandsHz,
  featureDistance,
  featureSlicesS,
  soundFeatures,
} from '../../../../operators/foley/bank/features.js';
import { randomOf } from '../../../../operators/foley/bank/random.js';
import { materialSounds } from '../../../../operators/foley/bank/synthesis/materials.js';
import { renderRecipe } from '../../../../operators/foley/bank/synthesis/render-recipe.js';
import { type RingingMode, ringingModes } from '../../../../operators/foley/bank/synthesis/ring.js';
import { actions, type Material, materials, type Recipe } from '../../../../operators/foley/bank/vocabulary.js';
import { SAMPLE_RATE } from '../../../../operators/foley/sample-rate.js';

const TIMEOUT = 120_000;

function strike(material: Material, more: Partial<Recipe> = {}): Recipe {
  return { action: 'strike', material, energy: 0.7, size: 0.5, object: 0, seed: 1, ...more };
}

const peakOf = (samples: Float32Array): number => samples.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0);
const meanOf = (samples: Float32Array): number => samples.reduce((sum, x) => sum + x, 0) / samples.length;

/** Seconds until energy that is still to come has fallen by 40 dB. */
function ringTime(samples: Float32Array): number {
  const total = samples.reduce((sum, x) => sum + x * x, 0);
  let left = total;
  const end = samples.findIndex((x) => {
    left -= x * x;
    return left < total * 1e-4;
  });
  return end / SAMPLE_RATE;
}

/** Mean of the bands, weighted by power, in octaves. */
function brightness(samples: Float32Array): number {
  const features = soundFeatures(samples);
  const slices = featureSlicesS.length;
  let sum = 0;
  let weight = 0;
  for (let band = 0; band < featureBandsHz.length - 1; band++) {
    for (let slice = 0; slice < 3; slice++) {
      const level = features[band * slices + slice] as number;
      const power = level > 0 ? 10 ** ((level - 1) * 6) : 0;
      sum += band * power;
      weight += power;
    }
  }
  return sum / weight;
}

/** A figure of a material: mean over things and strikes. */
function typical(material: Material, figure: (samples: Float32Array) => number): number {
  const all = [0, 1, 2, 3].map((i) => figure(renderRecipe(strike(material, { object: i, seed: 10 + i }))));
  return all.reduce((a, b) => a + b) / all.length;
}

describe('synthesized events', () => {
  it('are the same for the same recipe', () => {
    for (const action of actions) {
      const recipe = strike('metal', { action });
      expect(renderRecipe(recipe)).toEqual(renderRecipe(recipe));
    }
  });

  it('differ from strike to strike of one thing, and yet are alike', { timeout: TIMEOUT }, () => {
    for (const material of materials) {
      const [a, b] = [1, 2].map((seed) => renderRecipe(strike(material, { seed }))) as [Float32Array, Float32Array];
      expect(a, material).not.toEqual(b);
      expect(featureDistance(soundFeatures(a), soundFeatures(b)), material).toBeLessThan(0.15);
    }
  });

  it('are finite, bounded, without DC and end in silence, for any recipe', { timeout: TIMEOUT }, () => {
    const number = fc.oneof(fc.double({ min: 0, max: 1 }), fc.double(), fc.constantFrom(Number.NaN, -1, 2, 0, 1));
    const recipe = fc.record({
      action: fc.constantFrom(...actions),
      material: fc.constantFrom(...materials),
      energy: number,
      size: number,
      object: fc.integer(),
      seed: fc.oneof(fc.integer(), fc.double()),
    });
    fc.assert(
      fc.property(recipe, (one) => {
        const samples = renderRecipe(one);
        expect(samples.every(Number.isFinite)).toBe(true);
        expect(peakOf(samples)).toBeLessThanOrEqual(1);
        expect(peakOf(samples)).toBeGreaterThan(0.0005);
        expect(Math.abs(meanOf(samples))).toBeLessThan(1e-5 * peakOf(samples) + 1e-9);
        expect(samples.length).toBeGreaterThan(0.01 * SAMPLE_RATE);
        expect(samples.length).toBeLessThanOrEqual(4 * SAMPLE_RATE);
        expect(Math.abs(samples.at(-1) as number)).toBeLessThan(1e-3);
      }),
      { numRuns: 150 },
    );
  });

  it('begin at sample 0 and are at their loudest within 20 ms', { timeout: TIMEOUT }, () => {
    for (const action of ['strike', 'drop', 'step', 'splash'] as const) {
      for (const material of materials) {
        for (const seed of [1, 2, 3]) {
          const samples = renderRecipe(strike(material, { action, seed, energy: 0.2 + 0.3 * (seed - 1) }));
          const peak = peakOf(samples);
          const at = samples.findIndex((x) => Math.abs(x) === peak);
          expect(at / SAMPLE_RATE, `${action} ${material} ${seed}`).toBeLessThan(0.02);
          const heard = samples.findIndex((x) => Math.abs(x) > 0.1 * peak);
          expect(heard / SAMPLE_RATE, `${action} ${material} ${seed}`).toBeLessThan(0.004);
        }
      }
    }
  });

  it('are so much louder at the contact that no beat of a ring or echo of a room is louder', {
    timeout: TIMEOUT,
  }, () => {
    for (const action of ['strike', 'drop', 'step', 'splash'] as const) {
      for (const material of materials) {
        for (const [seed, size] of [0.15, 0.5, 0.85, 0.3, 0.7].entries()) {
          const samples = renderRecipe(strike(material, { action, seed, size, energy: 0.6, object: seed % 4 }));
          const contact = Math.round(0.012 * SAMPLE_RATE);
          const [first, after] = [peakOf(samples.subarray(0, contact)), peakOf(samples.subarray(contact))];
          expect(after / first, `${action} ${material} ${seed}`).toBeLessThan(0.85);
        }
      }
    }
  });

  it('grow by 30 dB from no energy to all', () => {
    for (const material of materials) {
      const [soft, hard] = [0, 1].map((energy) => peakOf(renderRecipe(strike(material, { energy })))) as [
        number,
        number,
      ];
      expect(20 * Math.log10(hard / soft), material).toBeGreaterThan(28);
      expect(20 * Math.log10(hard / soft), material).toBeLessThan(32);
    }
  });

  it('ring by material: metal longest, then glass, ceramic, wood, plastic', { timeout: TIMEOUT }, () => {
    const order = (['metal', 'glass', 'ceramic', 'wood', 'plastic'] as const).map((m) => typical(m, ringTime));
    expect(order).toEqual([...order].sort((a, b) => b - a));
    expect(order[0]).toBeGreaterThan(5 * (order[3] as number));
  });

  it('lose their high modes first, by the loss factor of the material', () => {
    for (const material of materials) {
      const { ringing } = materialSounds[material];
      if (ringing === undefined) continue;
      const modes = ringingModes(ringing, strike(material), { damping: 0, random: randomOf(1) });
      const [low, high] = [modes[0], modes.at(-1)] as [RingingMode, RingingMode];
      const loss = (high.decay - low.decay) / (Math.PI * (high.hz - low.hz));
      // Things of one material differ by a third.
      expect(loss / ringing.loss, material).toBeGreaterThan(0.7);
      expect(loss / ringing.loss, material).toBeLessThan(1.4);
    }
  });

  it('are bright by material: glass and metal above wood, wood above drum and cloth', { timeout: TIMEOUT }, () => {
    const of = (material: Material): number => typical(material, brightness);
    const [metal, glass, wood, drum, cloth] = [of('metal'), of('glass'), of('wood'), of('drum'), of('cloth')];
    expect(Math.min(metal, glass)).toBeGreaterThan(wood + 1);
    expect(wood).toBeGreaterThan(drum + 0.5);
    expect(wood).toBeGreaterThan(cloth + 1);
    expect(typical('cloth', ringTime)).toBeLessThan(typical('metal', ringTime) / 4);
  });

  it('are deeper the larger a thing is, and brighter the harder it is struck', () => {
    for (const material of ['wood', 'metal', 'glass', 'ceramic', 'drum'] as const) {
      const at = (more: Partial<Recipe>): number => brightness(renderRecipe(strike(material, more)));
      expect(at({ size: 0 }), material).toBeGreaterThan(at({ size: 1 }));
      expect(at({ energy: 1 }), material).toBeGreaterThanOrEqual(at({ energy: 0.1 }) - 0.05);
    }
  });

  it('keep the pitch of a thing over strikes: the strongest band of a glass is the same', () => {
    const bands = [1, 2, 3, 4].map((seed) => {
      const features = soundFeatures(renderRecipe(strike('glass', { seed })));
      const late = Array.from({ length: 8 }, (_, band) => features[band * featureSlicesS.length + 3] as number);
      return late.indexOf(Math.max(...late));
    });
    expect(new Set(bands).size).toBe(1);
  });

  it('have two contacts in a step and bounces in a drop', () => {
    const energyAt = (samples: Float32Array, from: number, to: number): number =>
      samples.subarray(from * SAMPLE_RATE, to * SAMPLE_RATE).reduce((sum, x) => sum + x * x, 0) / (to - from);
    const step = renderRecipe(strike('plastic', { action: 'step' }));
    expect(energyAt(step, 0.08, 0.14)).toBeGreaterThan(0.02 * energyAt(step, 0, 0.03));
    const single = renderRecipe(strike('plastic'));
    const drop = renderRecipe(strike('plastic', { action: 'drop' }));
    expect(drop.length).toBeGreaterThan(single.length + 0.1 * SAMPLE_RATE);
  });
});

describe('soundFeatures', () => {
  it('do not depend on loudness, and tell where the power is', () => {
    const tone = Float32Array.from(
      { length: SAMPLE_RATE },
      (_, i) => 0.5 * Math.sin((2 * Math.PI * 1357 * i) / SAMPLE_RATE),
    );
    const features = soundFeatures(tone);
    const faint = soundFeatures(tone.map((x) => x / 100));
    expect(featureDistance(features, faint)).toBeLessThan(1e-3);
    const strongest = features.indexOf(Math.max(...features));
    expect(Math.floor(strongest / featureSlicesS.length)).toBe(4);
    expect(Math.max(...features)).toBe(1);
  });

  it('are all 0 for silence and for nothing', () => {
    expect(soundFeatures(new Float32Array(4800)).every((x) => x === 0)).toBe(true);
    expect(soundFeatures(new Float32Array(0)).every((x) => x === 0)).toBe(true);
  });

  it('begin at the onset', () => {
    const sound = renderRecipe(strike('wood'));
    const late = new Float32Array(sound.length + 1000);
    late.set(sound, 1000);
    expect(featureDistance(soundFeatures(late, 1000), soundFeatures(sound))).toBe(0);
    expect(featureDistance(soundFeatures(late, 0), soundFeatures(sound))).toBeGreaterThan(0.02);
  });
});
