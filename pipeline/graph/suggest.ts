import { distance } from 'fastest-levenshtein';

/** The known name that a mistyped one probably means, if any is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const limit = Math.ceil(name.length / 3);
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}

/** `; did you mean "x"?`, or else the known names, or nothing when there are none. */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearest(name, names);
  if (near !== undefined) return `; did you mean "${near}"?`;
  return names.length === 0 ? '' : `; known: ${names.join(', ')}`;
}
