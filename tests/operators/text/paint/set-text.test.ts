import { describe, expect, it } from 'vitest';
import { type SettingPlan, setText, type TextMeasure } from '../../../../operators/text/paint/set-text.js';

/** Every letter is half as wide as it is large. */
const measure = (text: string): TextMeasure => ({ width: 0.5 * text.length, ascent: 0.7, descent: 0.2 });
const plan: SettingPlan = {
  ...{ box: [0, 0, 100, 20], room: [0, 0], size: 20, stretch: 1, baseline: 16, align: 'center' },
  ...{ mostLines: 3, overheight: 1.15 },
};

describe('setText', () => {
  it('sets what fits in the size and on the baseline of the old text, in the middle', () => {
    const { size, stretch, lines } = setText('Exit', plan, measure);
    expect({ size, stretch, lines }).toEqual({ size: 20, stretch: 1, lines: [{ text: 'Exit', x: 30, baseline: 16 }] });
  });

  it('takes the room beside the box first, then narrower letters, then smaller ones', () => {
    const roomy = setText('Notausgang!!', { ...plan, room: [10, 10] }, measure);
    expect(roomy).toMatchObject({ size: 20, stretch: 1 });
    const narrow = setText('Notausgang!!', plan, measure);
    expect(narrow.size).toBe(20);
    expect(narrow.stretch).toBeCloseTo(100 / 120);
    const small = setText('Notausgangstür!!', plan, measure);
    expect(small.stretch).toBeCloseTo(0.8);
    expect(small.size * small.stretch * 8).toBeCloseTo(100);
  });

  it('breaks a long text into even lines within the height that is allowed', () => {
    const { size, lines } = setText('please keep this door closed at all times thank you', plan, measure);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.map(({ text }) => text).join(' ')).toBe('please keep this door closed at all times thank you');
    for (const { text, x } of lines) {
      expect(x).toBeGreaterThanOrEqual(-1e-6);
      expect(x + measure(text).width * size * 0.8).toBeLessThanOrEqual(100 + 1e-6);
    }
    expect((lines.at(-1)?.baseline ?? 0) - (lines[0]?.baseline ?? 0) + size * 0.96).toBeLessThanOrEqual(23 + 1e-6);
  });

  it('begins or ends lines where the box does, when asked to', () => {
    expect(setText('Exit', { ...plan, align: 'left' }, measure).lines[0]?.x).toBe(0);
    expect(setText('Exit', { ...plan, align: 'right' }, measure).lines[0]?.x).toBe(60);
  });
});
