import { describe, expect, it } from 'vitest';
import { cleanText, isSure } from '../../../../operators/text/read/clean-text.js';

describe('cleanText', () => {
  it.each([
    ['  SORTIE   DE SECOURS ', 'SORTIE DE SECOURS'],
    ['~ Tu as faim ?', '– Tu as faim ?'],
    ['= Oui, un peu.', '– Oui, un peu.'],
    ['- Oui.', '- Oui.'],
    ['~ 40 km', '~ 40 km'],
    ['a = b', 'a = b'],
    ['— . —', ''],
    ['', ''],
  ])('makes %j %j', (read, clean) => {
    expect(cleanText(read)).toBe(clean);
  });
});

describe('isSure', () => {
  it('asks more of a single character', () => {
    expect(isSure('Hi', 0.6, 0.5)).toBe(true);
    expect(isSure('H', 0.6, 0.5)).toBe(false);
    expect(isSure('H', 0.9, 0.5)).toBe(true);
    expect(isSure('', 1, 0)).toBe(false);
  });
});
