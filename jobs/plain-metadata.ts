type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** Deeper than any result; what goes in circles ends here. */
const MAX_DEPTH = 16;

/**
 * Metadata as plain JSON: strings, finite numbers, booleans, null, and arrays and objects of those. Anything else is left out; in arrays, whose places
 * mean something, it becomes null. Never throws.
 *
 * @returns nothing when nothing is left.
 */
export function plainMetadata(meta: object): Readonly<Record<string, unknown>> | undefined {
  try {
    const plain = plainOf(meta, 0) as Readonly<Record<string, unknown>> | undefined;
    return plain === undefined || Object.keys(plain).length === 0 ? undefined : plain;
  } catch {
    // Only a getter or a proxy throws, and such a thing is not plain.
    return undefined;
  }
}

function plainOf(value: unknown, depth: number): Plain | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object' || depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((item) => plainOf(item, depth + 1) ?? null);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const plain = plainOf(item, depth + 1);
    return plain === undefined ? [] : [[key, plain] as const];
  });
  return Object.fromEntries(entries);
}
