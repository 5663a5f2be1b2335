import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GramTrie, ROOT } from '../../../../models/adapters/text/gram-trie.js';

/** The n-gram, or `ROOT`. */
function nodeOf(trie: GramTrie, codes: readonly number[]): number {
  return codes.reduce((node, code, i) => (node === ROOT && i > 0 ? ROOT : trie.child(node, code)), ROOT);
}

describe('GramTrie', () => {
  it('knows n-grams, and which are only the beginnings of others', () => {
    const trie = new GramTrie();
    expect(trie.isEmpty).toBe(true);
    trie.set([113, 117, 105], { likely: -0.5, backOff: -0.25 });
    expect(trie.likely(nodeOf(trie, [113, 117, 105]))).toBe(-0.5);
    expect(trie.backOff(nodeOf(trie, [113, 117, 105]))).toBe(-0.25);
    expect(trie.likely(nodeOf(trie, [113, 117]))).toBeNaN();
    expect(trie.backOff(nodeOf(trie, [113, 117]))).toBe(0);
    expect(nodeOf(trie, [117])).toBe(ROOT);
    expect(trie.likely(ROOT)).toBeNaN();
  });

  it('holds thousands of n-grams as a map does, in any order', () => {
    const gram = fc.array(fc.integer({ min: 1, max: 0x10ffff }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(gram, { maxLength: 60 }), fc.integer({ min: 0, max: 5000 }), (grams, count) => {
        const all = [...grams, ...Array.from({ length: count }, (_, i) => [i % 97, i % 89, i])];
        const trie = new GramTrie();
        const known = new Map<string, number>();
        all.forEach((codes, i) => {
          trie.set(codes, { likely: -i, backOff: i });
          known.set(codes.join(), i);
        });
        for (const codes of all) {
          const at = nodeOf(trie, codes);
          expect([trie.likely(at), trie.backOff(at)]).toEqual([
            -(known.get(codes.join()) ?? 0),
            known.get(codes.join()),
          ]);
        }
      }),
      { numRuns: 20 },
    );
  });
});
