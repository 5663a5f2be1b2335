import { type ConfigKey, configRoot, withoutNull } from './config-keys.js';
import { defaultServerConfig } from './server-config.js';

const WIDTH = 116;
const INDENT = '  ';

/** `vitascope.yaml` with every key: what it means, its range, and its default. It equals having no file at all. */
export function documentedConfig(): string {
  const intro = [
    'Configuration of `vitascope serve`. Every key is here with its default, so that this file equals none at all: keep what you change.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of the environment look like that
    'Texts may hold variables of the environment: "${NAME}", in quotes. `vitascope config check FILE` says what is wrong with a file.',
  ].flatMap((line) => comment(line));
  return `${[...intro, '', ...map(configRoot(), defaultServerConfig(), 0)].join('\n')}\n`;
}

function map(schema: ConfigKey, values: object, depth: number): string[] {
  const entries = Object.entries(withoutNull(schema).properties ?? {});
  return entries.flatMap(([name, key], i) => [
    ...(depth === 0 && i > 0 ? [''] : []),
    ...entry(name, key, (values as Readonly<Record<string, unknown>>)[name], depth, schema.required?.includes(name)),
  ]);
}

function entry(name: string, key: ConfigKey, value: unknown, depth: number, required = false): string[] {
  const schema = withoutNull(key);
  const lines = comment(`${key.description ?? ''}${range(schema)}${required ? ' Must be given.' : ''}`);
  const of = (...more: string[]): string[] => [...lines, ...more].map((line) => indent(line));
  const [item] = Array.isArray(value) ? value : [];
  if (schema.items?.properties !== undefined) {
    if (item !== undefined) return of(`${name}:`, ...element(map(schema.items, item, 1)));
    return of(`${name}: []`, ...example(schema.items));
  }
  if (schema.properties === undefined) return of(`${name}: ${scalar(value)}`);
  if (value === null) return of(`${name}: null`, ...commented(map(schema, placeholders(schema), 1)));
  return of(`${name}:`, ...map(schema, value as object, 1));

  function indent(line: string): string {
    return line === '' || depth === 0 ? line : `${INDENT}${line}`;
  }
}

/** An element of a list: a dash before its first key, further comments above it. */
function element(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => !line.trimStart().startsWith('#'));
  return lines.map((line, i) => `${INDENT}${i === first ? line.replace(/^ {2}/, '- ') : line}`);
}

function example(items: ConfigKey): string[] {
  return commented(element(map(items, placeholders(items), 1)));
}

/** Turned into comments; what was a comment gets a second mark, so that taking one mark away gives YAML. */
function commented(lines: readonly string[]): string[] {
  return lines.map((line) => `#${line}`);
}

const samples: Readonly<Record<string, unknown>> = {
  name: 'yard',
  url: 'rtsp://camera.example/1',
  height: 720,
  bitrateKbps: 3000,
  certFile: '/etc/vitascope/cert.pem',
  keyFile: '/etc/vitascope/key.pem',
};

/** Values for keys that have no default, and the defaults of the others. */
function placeholders(schema: ConfigKey): Record<string, unknown> {
  const entries = Object.entries(schema.properties ?? {});
  return Object.fromEntries(
    entries.map(([name, key]) => {
      if (withoutNull(key).properties !== undefined && key.default !== null)
        return [name, placeholders(withoutNull(key))];
      return [name, 'default' in key ? key.default : samples[name]];
    }),
  );
}

function range({ type, enum: choices, minimum, maximum }: ConfigKey): string {
  if (choices !== undefined) return `. One of ${choices.join(', ')}.`;
  if (type === 'boolean') return '. true or false.';
  if (type !== 'number' && type !== 'integer') return '.';
  return `. ${type === 'integer' ? 'Whole number' : 'Number'}, ${minimum} to ${maximum}.`;
}

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[A-Za-z][A-Za-z0-9-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

function comment(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + word.length > WIDTH) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
