import type { DocumentPath } from '../../pipeline/graph/document.js';
import { isRecord } from '../../pipeline/graph/is-record.js';

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A document with variables replaced. */
export interface Substituted {
  readonly value: unknown;
  /** What was put in; not to be printed. */
  readonly secrets: readonly string[];
  /** Variables that are not set or empty. */
  readonly missing: readonly { readonly path: DocumentPath; readonly variable: string }[];
}

/** Replaces `${NAME}` in all texts of a document by variables of the environment. `$${` stands for `${` itself. Keys are left as they are. */
export function substituteEnvironment(document: unknown, environment: Environment): Substituted {
  const secrets = new Set<string>();
  const missing: { path: DocumentPath; variable: string }[] = [];
  const inText = (text: string, path: DocumentPath): string =>
    text.replace(/\$(\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, escaped: string | undefined, name = '') => {
      if (escaped !== undefined) return escaped;
      const found = environment[name];
      if (found === undefined || found === '') missing.push({ path, variable: name });
      else secrets.add(found);
      return found ?? '';
    });
  const walk = (value: unknown, path: DocumentPath): unknown => {
    if (typeof value === 'string') return inText(value, path);
    if (Array.isArray(value)) return value.map((each, i) => walk(each, [...path, i]));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each, [...path, key])]));
  };
  return { value: walk(document, []), secrets: [...secrets], missing };
}
