import { describe, expect, it } from 'vitest';
import { builtinOperators } from '../../config/registry.js';

describe('the operators of the registry', () => {
  it('keep pictures where they say so to people, so that films keep their packets', () => {
    const keeping = builtinOperators.filter(({ summary }) => summary.includes('pictures stay as they are'));
    expect(keeping.map(({ name }) => name)).toEqual(expect.arrayContaining(['foley', 'read-text', 'translate-text']));
    for (const { name, keepsPictures } of keeping) expect([name, keepsPictures]).toEqual([name, true]);
  });
});
