import { describe, expect, it } from 'vitest';
import { MaterialMemory, REMEMBERED } from '../../../../operators/foley/see/material-memory.js';

/** Probabilities of three materials. */
const wood = Float32Array.of(0.8, 0.1, 0.1);
const metal = Float32Array.of(0.2, 0.7, 0.1);
const here = [0.5, 0.5] as const;

function recalled(looks: readonly Parameters<MaterialMemory['recall']>[0][]): number[][] {
  const memory = new MaterialMemory();
  return looks.map((look) => [...memory.recall(look)].map((value) => Math.round(1000 * value) / 1000));
}

describe('material memory', () => {
  it('leaves the first look as it is', () => {
    expect(recalled([{ step: 3, position: here, material: wood }])).toEqual([[0.8, 0.1, 0.1]]);
  });

  it('is not led astray by one look of several at the same thing', () => {
    const looks = [wood, wood, wood, metal].map((material, i) => ({ step: 10 * i, position: here, material }));
    const last = recalled(looks)[3] ?? [];
    // Weights of 0.3 for each of three, and 1.
    const [a, b, c] = [0.8 ** 0.9 * 0.2, 0.1 ** 0.9 * 0.7, 0.1 ** 0.9 * 0.1].map((product) => product ** (1 / 1.9)) as [
      number,
      number,
      number,
    ];
    expect(last[0]).toBeGreaterThan(last[1] ?? 1);
    expect(last[0]).toBeCloseTo(a / (a + b + c), 3);
    expect(last[1]).toBeCloseTo(b / (a + b + c), 3);
  });

  it.each([
    ['far from it', { position: [0.76, 0.5] as const }],
    ['so long ago that a resumed run would not know', { step: 10 + REMEMBERED }],
  ])('knows nothing of what was hit %s', (_, changes) => {
    const second = { step: 20, position: here, material: metal, ...changes };
    expect(recalled([{ step: 10, position: here, material: wood }, second])[1]).toEqual([0.2, 0.7, 0.1]);
  });

  it('takes what a broken network says', () => {
    const broken = { step: 1, position: [Number.NaN, 0] as const, material: Float32Array.of(Number.NaN, 0.5, 0.5) };
    const [first, second] = recalled([broken, { step: 2, position: here, material: metal }]);
    expect(first).toEqual([0, 0.5, 0.5]);
    expect(second).toEqual([0.2, 0.7, 0.1]);
  });

  it('forgets with a cut', () => {
    const memory = new MaterialMemory();
    memory.recall({ step: 10, position: here, material: wood });
    memory.cut();
    expect(memory.recall({ step: 20, position: here, material: metal })[1]).toBeCloseTo(0.7, 6);
  });

  it('does not rule out what one look thinks impossible', () => {
    const sure = Float32Array.of(1, 0, 0);
    const looks = [sure, ...Array<Float32Array>(12).fill(metal)].map((material, i) => ({
      step: i,
      position: here,
      material,
    }));
    expect(recalled(looks).at(-1)?.[1]).toBeGreaterThan(0.5);
  });
});
