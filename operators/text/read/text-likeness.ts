/**
 * How alike two readings are, 0–1: 1 less the edit distance by the length of the longer one. Case, spaces and punctuation do not count: readers of
 * small letters differ in them most.
 *
 * @see Levenshtein 1966
 */
export function textLikeness(a: string, b: string): number {
  const [left, right] = [lettersOf(a), lettersOf(b)];
  const longer = Math.max(left.length, right.length);
  return longer === 0 ? 1 : 1 - editDistance(left, right) / longer;
}

function lettersOf(text: string): readonly string[] {
  return [...text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')];
}

function editDistance(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) {
      const replaced = (row[j] as number) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
