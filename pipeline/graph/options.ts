import type { OperatorDefinition, OptionIssue } from '../operator.js';
import { isRecord } from './is-record.js';
import { suggestion } from './suggest.js';

export interface OptionProblem {
  /** Keys inside the options. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** True when the key itself is wrong, not what stands after it. */
  readonly unknownKey: boolean;
}

export type CheckedOptions =
  | { readonly options: unknown; readonly problems?: undefined }
  | { readonly problems: readonly OptionProblem[] };

/** Completes raw options by the operator's schema, or says what is wrong with them; names no operator in its messages. */
export function checkOptions(operator: OperatorDefinition, given: unknown): CheckedOptions {
  const raw = given ?? {};
  const result = operator.options['~standard'].validate(raw);
  if (result instanceof Promise) {
    return { problems: [{ path: [], message: 'the schema of the options is asynchronous', unknownKey: false }] };
  }
  const known = optionNames(operator);
  if (result.issues !== undefined) return { problems: result.issues.flatMap((issue) => problemsOf(issue, known)) };
  const ignored = isRecord(raw) && known.length > 0 ? Object.keys(raw).filter((key) => !known.includes(key)) : [];
  if (ignored.length > 0) return { problems: ignored.map((key) => unknownOption(key, known)) };
  return { options: result.value };
}

/** Names of an operator's options, as far as its schema tells. */
export function optionNames(operator: OperatorDefinition): readonly string[] {
  const described = optionSchemas(operator);
  return [...new Set([...Object.keys(described), ...Object.keys(defaultOptions(operator))])];
}

/** What the options are when none is given; empty when some must be given. */
export function defaultOptions(operator: OperatorDefinition): Readonly<Record<string, unknown>> {
  const result = operator.options['~standard'].validate({});
  if (result instanceof Promise || result.issues !== undefined) return {};
  return isRecord(result.value) ? result.value : {};
}

/** Options that differ from the operator's defaults. */
export function changedOptions(operator: OperatorDefinition, options: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(options)) return {};
  const defaults = defaultOptions(operator);
  const changed = Object.entries(options).filter(
    ([key, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(defaults[key]),
  );
  return Object.fromEntries(changed);
}

interface DescribesItself {
  /** Standard JSON Schema (standardschema.dev), which zod implements. */
  readonly jsonSchema?: { input(options: { target: string }): { properties?: unknown } };
}

/** Each option as JSON Schema has it; none where the operator's schema does not tell. */
export function optionSchemas(operator: OperatorDefinition): Readonly<Record<string, unknown>> {
  const { jsonSchema } = operator.options['~standard'] as DescribesItself;
  try {
    const properties = jsonSchema?.input({ target: 'draft-2020-12' }).properties;
    return isRecord(properties) ? properties : {};
  } catch {
    // A schema with parts that JSON Schema cannot express; names then come from the defaults.
    return {};
  }
}

function problemsOf(issue: OptionIssue, known: readonly string[]): readonly OptionProblem[] {
  const path = (issue.path ?? []).map(keyOf);
  const { keys } = issue as { keys?: unknown };
  if (path.length === 0 && Array.isArray(keys)) return keys.map((key) => unknownOption(String(key), known));
  const where = path.length === 0 ? '' : `${path.join('.')}: `;
  return [{ path, message: `${where}${issue.message}`, unknownKey: false }];
}

function unknownOption(key: string, known: readonly string[]): OptionProblem {
  return { path: [key], message: `unknown option "${key}"${suggestion(key, known)}`, unknownKey: true };
}

function keyOf(step: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof step === 'object' ? step.key : step;
  return typeof key === 'number' ? key : String(key);
}
