const OUTER_MARKS = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/** Words as they are compared: in lower case, without marks at their ends, ligatures and raised digits as plain ones (NFKC). What is marks alone is no word. */
export function comparedWords(text: string): readonly string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replace(OUTER_MARKS, ''))
    .filter((word) => word !== '');
}

/** How many of the true words were read, in their order: the longest common subsequence of both. Words read beside them do not matter. */
export function wordsRight(truth: readonly string[], read: readonly string[]): number {
  let before = new Array<number>(read.length + 1).fill(0);
  for (const word of truth) {
    const row = [0];
    for (const [i, other] of read.entries()) {
      row.push(word === other ? (before[i] ?? 0) + 1 : Math.max(row[i] ?? 0, before[i + 1] ?? 0));
    }
    before = row;
  }
  return before[read.length] ?? 0;
}
