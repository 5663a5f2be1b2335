import { isRecord } from '../../../pipeline/graph/is-record.js';

/** Part of a value that is plain JSON of unknown shape; nothing where there is none. */
export function partAt(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const step of path) here = isRecord(here) ? here[step] : undefined;
  return here;
}

/** A finite number; nothing where there is none. */
export function figureAt(value: unknown, ...path: readonly string[]): number | undefined {
  const figure = partAt(value, ...path);
  return typeof figure === 'number' && Number.isFinite(figure) ? figure : undefined;
}

/** Elements of a list; none where there is no list. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const list = partAt(value, ...path);
  return Array.isArray(list) ? list : [];
}

/** A text; nothing where there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const text = partAt(value, ...path);
  return typeof text === 'string' ? text : undefined;
}
