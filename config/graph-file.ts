import { basename } from 'node:path';
import { type Document, isAlias, isMap, isPair, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { type ErrorCode, VitascopeError } from '../pipeline/errors.js';
import type { DocumentPath, Locate, SourceLocation } from '../pipeline/graph/document.js';
import { type Graph, parseGraph } from '../pipeline/graph/graph.js';
import type { OperatorDefinition } from '../pipeline/operator.js';

export interface ParsedYaml {
  readonly value: unknown;
  readonly locate: Locate;
}

/**
 * Parses and checks a graph written in YAML; messages point at file, line and column.
 *
 * @param file as it shall appear in messages.
 * @throws VitascopeError as `createGraph`; a syntax error is `GRAPH_INVALID`.
 */
export function parseGraphYaml(text: string, file: string, operators: readonly OperatorDefinition[]): Graph {
  const { value, locate } = parseYaml(text, file);
  return parseGraph(value, { operators, locate, name: basename(file).replace(/\.ya?ml$/i, '') });
}

/**
 * The value of a YAML document, and where its parts stand.
 *
 * @throws VitascopeError with `code` on a syntax error. Default `GRAPH_INVALID`.
 */
export function parseYaml(text: string, file: string, code: ErrorCode = 'GRAPH_INVALID'): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  if (document.errors.length > 0) throw syntaxError(document, at, code);
  return { value: plainValue(document, file, code), locate: (path, part) => at(offsetOf(document, path, part)) };
}

/** Aliases are resolved here: one without an anchor, or a bomb of them, throws. */
function plainValue(document: Document.Parsed, file: string, code: ErrorCode): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new VitascopeError(code, `${file}: ${why}`, { context: { file }, cause });
  }
}

function syntaxError(
  document: Document.Parsed,
  at: (offset: number) => SourceLocation,
  code: ErrorCode,
): VitascopeError {
  const problems = document.errors.map((e) => {
    const { file, line, column } = at(e.pos[0]);
    return `${file}:${line}:${column}: ${e.message}`;
  });
  const where = at(document.errors[0]?.pos[0] ?? 0);
  return new VitascopeError(code, problems.join('\n'), { context: { ...where, problems } });
}

/** Where a path leads, or as far along it as the document goes (a missing key is reported at the map that lacks it). */
function offsetOf(document: Document.Parsed, path: DocumentPath, part: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [i, step] of path.entries()) {
    const pair = pairOf(resolve(node, document), step);
    if (pair === undefined) break;
    const wantsKey = part === 'key' && i === path.length - 1;
    offset = (wantsKey ? undefined : startOf(pair.value)) ?? startOf(pair.key) ?? offset;
    node = pair.value;
  }
  return offset;
}

function pairOf(node: unknown, step: string | number): Pick<Pair, 'key' | 'value'> | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const value = node.items[step];
    return value === undefined ? undefined : { key: value, value };
  }
  if (!isMap(node)) return undefined;
  return node.items.find(
    (item) => isPair(item) && String((item.key as { value?: unknown } | null)?.value) === String(step),
  );
}

function resolve(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
