import { z } from 'zod';
import { builtinOperators } from '../config/registry.js';
import type { OperatorDefinition } from '../pipeline/operator.js';

/** Between these lines `docs/graphs.md` holds what {@link operatorReference} gives. */
export const referenceMarks = {
  begin: '<!-- operators: begin; written by `npm run docs` -->',
  end: '<!-- operators: end -->',
} as const;

interface OptionSchemaJson {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly OptionSchemaJson[];
  /** Of an object: options within an option. */
  readonly properties?: Readonly<Record<string, OptionSchemaJson>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/** Every built-in operator in Markdown: ports, what graphs know of it, and all options with range, default and meaning. */
export function operatorReference(operators: readonly OperatorDefinition[] = builtinOperators): string {
  return operators.map(operatorSection).join('\n\n');
}

/** The page with its reference replaced. */
export function withReference(page: string): string {
  const [begin, end] = [page.indexOf(referenceMarks.begin), page.indexOf(referenceMarks.end)];
  if (begin < 0 || end < begin) throw new Error('the page lacks the marks around the operator reference');
  return `${page.slice(0, begin)}${referenceMarks.begin}\n\n${operatorReference()}\n\n${page.slice(end)}`;
}

function operatorSection(operator: OperatorDefinition): string {
  const { name, summary, inputs, outputs, requires, provides } = operator;
  const facts = [
    `Inputs: ${ports(inputs)}. Outputs: ${ports(outputs)}.`,
    ...(requires.length > 0 ? [`Needs the metadata ${codes(requires)}.`] : []),
    ...(provides.length > 0 ? [`Attaches the metadata ${codes(provides)}.`] : []),
  ];
  return `### \`${name}\`\n\n${summary}\n${facts.join(' ')}\n\n${optionTable(operator)}`;
}

function optionTable({ options }: OperatorDefinition): string {
  const rows = optionRows(z.toJSONSchema(options as unknown as z.ZodType, { io: 'input' }) as OptionSchemaJson);
  if (rows.length === 0) return 'No options.';
  return ['| option | values | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/** Each option, and after it those within it: `smooth`, `smooth.beta`. */
function optionRows({ properties = {}, required = [] }: OptionSchemaJson, prefix = ''): readonly string[] {
  return Object.entries(properties).flatMap(([name, schema]) => [
    optionRow(prefix + name, schema, required.includes(name)),
    ...[schema, ...(schema.anyOf ?? [])].flatMap((part) => optionRows(part, `${prefix}${name}.`)),
  ]);
}

function optionRow(name: string, schema: OptionSchemaJson, required: boolean): string {
  const without = required ? 'must be given' : 'none';
  const fallback = schema.default === undefined ? without : `\`${format(schema.default)}\``;
  return `| \`${name}\` | ${values(schema)} | ${fallback} | ${cell(schema.description ?? '')} |`;
}

function values(schema: OptionSchemaJson): string {
  const { type, enum: choices, const: only, anyOf, properties, minimum, maximum } = schema;
  if (anyOf !== undefined) return anyOf.map(values).join(', or ');
  if (properties !== undefined) return 'settings, in the next rows';
  if (only !== undefined) return codes([format(only)]);
  if (choices !== undefined) return codes(choices.map(format));
  if (type !== 'number' && type !== 'integer') return type === 'string' ? 'text' : String(type);
  const kind = type === 'integer' ? 'whole number' : 'number';
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (minimum === undefined) return bounded ? `${kind} up to ${maximum}` : kind;
  return bounded ? `${kind}, ${minimum} to ${maximum}` : `${kind}, ${minimum} or more`;
}

function ports(all: Readonly<Record<string, string>>): string {
  return Object.entries(all)
    .map(([name, type]) => (name === type ? `\`${name}\`` : `\`${name}\` (${type})`))
    .join(', ');
}

const codes = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
const format = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const cell = (text: string): string => text.replaceAll('|', '\\|');
