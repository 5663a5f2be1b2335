/** Something to be measured against others. */
export interface Side<T> {
  readonly name: string;
  measure(): Promise<T>;
}

/** Measures the sides in turn, `rounds` times, so that what else the machine does meets them all alike: results by name, a round each. */
export async function interleave<T>(
  sides: readonly Side<T>[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly T[]>> {
  const results = new Map<string, T[]>(sides.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const { name, measure } of sides) {
      process.stderr.write(`round ${round}/${rounds}: ${name}\n`);
      results.get(name)?.push(await measure());
    }
  }
  return results;
}

/** The results of one side. */
export function resultsOf<T>(results: ReadonlyMap<string, readonly T[]>, name: string): readonly T[] {
  const found = results.get(name);
  if (found === undefined) throw new Error(`nothing was measured as "${name}"`);
  return found;
}
