import { isScalar, parseDocument } from 'yaml';
import { VitascopeError } from '../pipeline/errors.js';
import type { GraphNode } from '../pipeline/graph/document.js';
import type { Graph } from '../pipeline/graph/graph.js';
import { isRecord } from '../pipeline/graph/is-record.js';
import { optionNames } from '../pipeline/graph/options.js';
import { suggestion } from '../pipeline/graph/suggest.js';

/**
 * Changes options of a graph as `--set` does: `node.option=value`, where the node is named by its name or by its operator's
 * (then every node with that operator changes), and the value is a YAML scalar (`0.8`, `true`, `always`, `"12"`).
 * Dots lead into nested options.
 *
 * @throws VitascopeError `OPTION_INVALID` when an assignment does not parse, names nothing known, or has a value that the operator refuses.
 * @example setOptions(graph, ['colorize.strength=0.8'])
 */
export function setOptions(graph: Graph, assignments: readonly string[]): Graph {
  const given = new Map<string, Readonly<Record<string, unknown>>>();
  for (const text of assignments) {
    const { target, path, value } = parseAssignment(text);
    for (const node of nodesFor(graph, target, text)) {
      checkName(node, path, text);
      given.set(node.name, assign(given.get(node.name) ?? node.given, path, value));
    }
  }
  return [...given].reduce((changed, [node, options]) => changed.withOptions(node, options), graph);
}

interface Assignment {
  readonly target: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

function parseAssignment(text: string): Assignment {
  const match = /^([^.=\s]+)\.([^=\s]+)=(.*)$/s.exec(text);
  if (match === null) throw invalid(text, 'must look like node.option=value');
  const [, target, path, value] = match as unknown as [string, string, string, string];
  return { target, path: path.split('.'), value: parseValue(value) };
}

/** A YAML scalar; text that YAML would read as a map or a list (a filter chain, for instance) stays text. */
function parseValue(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.contents === null) return null;
  return document.errors.length === 0 && isScalar(document.contents) ? document.contents.value : text;
}

function nodesFor(graph: Graph, target: string, text: string): readonly GraphNode[] {
  const named = graph.nodes.filter((n) => n.name === target);
  const nodes = named.length > 0 ? named : graph.nodes.filter((n) => n.operator.name === target);
  if (nodes.length > 0) return nodes;
  if (graph.nodes.length === 0) throw invalid(text, `graph ${graph.name} has no nodes`);
  const names = new Set(graph.nodes.flatMap((n) => [n.name, n.operator.name]));
  throw invalid(text, `graph ${graph.name} has no node "${target}"${suggestion(target, names)}`);
}

function checkName({ name, operator }: GraphNode, [option]: readonly string[], text: string): void {
  const known = optionNames(operator);
  if (option === undefined || known.length === 0 || known.includes(option)) return;
  throw invalid(text, `node ${name} has no option "${option}"${suggestion(option, known)}`);
}

function assign(
  options: Readonly<Record<string, unknown>>,
  [key, ...rest]: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> {
  if (key === undefined) return options;
  if (rest.length === 0) return { ...options, [key]: value };
  const inner = options[key];
  return { ...options, [key]: assign(isRecord(inner) ? inner : {}, rest, value) };
}

function invalid(text: string, why: string): VitascopeError {
  return new VitascopeError('OPTION_INVALID', `--set ${text}: ${why}`, { context: { assignment: text } });
}
