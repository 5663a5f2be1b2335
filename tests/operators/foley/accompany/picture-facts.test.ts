import { describe, expect, it } from 'vitest';
import { brightnessOf, checkedFacts, motionOf } from '../../../../operators/foley/accompany/picture-facts.js';
import { GRID_POINTS } from '../../../../operators/shot-change/luma-grid.js';

const grid = (of: (i: number) => number) => ({ luma: Float32Array.from({ length: GRID_POINTS }, (_, i) => of(i)) });
const scene = grid((i) => 0.2 + 0.5 * (i % 64 > 30 ? 1 : 0));

describe('what the music hears of a picture', () => {
  it('finds no motion in a picture that stays', () => {
    expect(motionOf(scene, scene)).toBe(0);
  });

  it('finds no motion in the flicker of an old film', () => {
    const darker = grid((i) => (scene.luma[i] as number) * 0.8);
    expect(motionOf(scene, darker)).toBeLessThan(0.05);
  });

  it('finds no motion in grain', () => {
    const grainy = grid((i) => (scene.luma[i] as number) + ((i * 7919) % 13) / 1000 - 0.006);
    expect(motionOf(scene, grainy)).toBeLessThan(0.05);
  });

  it('finds more motion the more moves, and never more than 1', () => {
    const moved = (columns: number) => grid((i) => 0.2 + 0.5 * (i % 64 > 30 + columns ? 1 : 0));
    const figures = [1, 3, 8, 20].map((columns) => motionOf(scene, moved(columns)));
    expect(figures).toEqual([...figures].sort((a, b) => a - b));
    expect(figures[1]).toBeGreaterThan(0.2);
    expect(figures[3]).toBeGreaterThan(0.9);
    expect(figures[3]).toBeLessThanOrEqual(1);
  });

  it('takes the mean for brightness', () => {
    expect(brightnessOf(grid(() => 0.25))).toBeCloseTo(0.25, 5);
  });

  it('keeps figures within 0–1 and refuses what is no number', () => {
    expect(checkedFacts({ ptsUs: 0, cut: false, motion: 3, brightness: -1 })).toMatchObject({
      motion: 1,
      brightness: 0,
    });
    expect(() => checkedFacts({ ptsUs: 0, cut: false, motion: Number.NaN, brightness: 0 })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
