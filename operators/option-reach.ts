import { MODEL_ID } from '../models/catalog/catalog-entry.js';
import { isRecord } from '../pipeline/graph/is-record.js';

/**
 * What texts of an option may lead to on this machine; stands in its schema: `.meta(readsModels)`. Whoever takes options from strangers looks there with
 * {@link reachOf}. Every option that takes any text says it.
 */
export interface OptionReach {
  /** `files`: any file. `models`: an id of a model, or the path of one. */
  readonly reads: 'files' | 'models';
}

/** The text may name any file, somewhere inside it. */
export const readsFiles = { reads: 'files' } as const satisfies OptionReach;
/** The text is the id of a model, or its path. */
export const readsModels = { reads: 'models' } as const satisfies OptionReach;

/**
 * What a value of an option may lead to besides models of the library: any `files`, or a model by its `path`; nothing where it is harmless.
 *
 * @param schema Of the option, as JSON Schema.
 */
export function reachOf(schema: unknown, value: unknown): 'files' | 'path' | undefined {
  const marks = marksIn(schema);
  if (marks.has(readsFiles.reads)) return 'files';
  return marks.has(readsModels.reads) && typeof value === 'string' && !isModelId(value) ? 'path' : undefined;
}

/** Whatever says what is read, anywhere in the schema. */
function marksIn(schema: unknown): ReadonlySet<unknown> {
  if (Array.isArray(schema)) return new Set(schema.flatMap((part) => [...marksIn(part)]));
  if (!isRecord(schema)) return new Set();
  return new Set([schema.reads, ...Object.values(schema).flatMap((part) => [...marksIn(part)])]);
}

function isModelId(text: string): boolean {
  return MODEL_ID.test(text) && !text.endsWith('.onnx');
}
