import { isScalar, parseDocument } from 'yaml';
import { reachOf } from '../operators/option-reach.js';
import { VitascopeError } from '../pipeline/errors.js';
import type { GraphNode } from '../pipeline/graph/document.js';
import type { Graph } from '../pipeline/graph/graph.js';
import { isRecord } from '../pipeline/graph/is-record.js';
import { optionNames, optionSchemas } from '../pipeline/graph/options.js';
import { suggestion } from '../pipeline/graph/suggest.js';

/** Who sets options. */
export interface SetOptionsBy {
  /** Stands before assignments in errors, such as `--set `. Default nothing. */
  readonly label?: string;
  /** They come from a stranger: what may name files of this machine, such as filter chains and paths of models, is refused. Default false. */
  readonly confined?: boolean;
}

/**
 * Changes options of a graph as `--set` does: `node.option=value`, where the node is named by its name or by its operator's
 * (then every node with that operator changes), and the value is a YAML scalar (`0.8`, `true`, `always`, `"12"`).
 * Dots lead into nested options.
 *
 * @throws VitascopeError `OPTION_INVALID` when an assignment does not parse, names nothing known, or has a value that the operator refuses,
 * or one that somebody who is confined may not give.
 * @example setOptions(graph, ['colorize.strength=0.8'])
 */
export function setOptions(
  graph: Graph,
  assignments: readonly string[],
  { label = '', confined = false }: SetOptionsBy = {},
): Graph {
  const given = new Map<string, Readonly<Record<string, unknown>>>();
  for (const assignment of assignments) {
    const text = label + assignment;
    const { target, path, value } = parseAssignment(assignment, text);
    for (const node of nodesFor(graph, target, text)) {
      checkName(node, path, text);
      if (confined) checkReach(node, path, value, text);
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

/** @param text As errors name it. */
function parseAssignment(assignment: string, text: string): Assignment {
  const match = /^([^.=\s]+)\.([^=\s]+)=(.*)$/s.exec(assignment);
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

function checkReach({ name, operator }: GraphNode, path: readonly string[], value: unknown, text: string): void {
  const [option = ''] = path;
  const reach = reachOf(optionSchemas(operator)[option], value);
  const lift = 'over the API; http.allowFileOptions of the configuration allows it';
  if (reach === 'files')
    throw invalid(text, `option "${option}" of node ${name} may read files and is not set ${lift}`);
  if (reach === 'path')
    throw invalid(text, `option "${option}" of node ${name} takes ids of models only, no paths, ${lift}`);
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
  return new VitascopeError('OPTION_INVALID', `${text}: ${why}`, { context: { assignment: text } });
}
