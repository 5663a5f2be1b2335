import type { OperatorDefinition, PortType } from '../operator.js';
import { type DocumentPath, type PortReference, SOURCE } from './document.js';
import { isRecord } from './is-record.js';
import { checkOptions } from './options.js';
import type { ProblemList } from './problems.js';
import type { RawGraph, RawNode } from './read-document.js';
import { nearest, suggestion } from './suggest.js';

/** An input as far as it could be resolved; `from` is missing where the reference leads to nothing known. */
export interface DraftInput {
  readonly port: string;
  readonly type: PortType;
  readonly from: PortReference | undefined;
  readonly path: DocumentPath;
}

/** A node on its way to being checked; `operator` is missing when its name is unknown. */
export interface DraftNode {
  readonly raw: RawNode;
  readonly operator: OperatorDefinition | undefined;
  readonly given: Readonly<Record<string, unknown>>;
  readonly options: unknown;
  readonly inputs: readonly DraftInput[];
}

export interface DraftGraph {
  readonly raw: RawGraph;
  readonly nodes: ReadonlyMap<string, DraftNode>;
  readonly output: PortReference | undefined;
  /** Names that some reference leads to. */
  readonly used: ReadonlySet<string>;
}

/** Looks up operators, completes options and resolves references. What is unknown goes to `problems`. */
export function linkGraph(raw: RawGraph, operators: readonly OperatorDefinition[], problems: ProblemList): DraftGraph {
  const registry = new Map(operators.map((o) => [o.name, o]));
  const found = new Map(raw.nodes.map((node) => [node.name, findOperator(node, registry, problems)]));
  const references = new References(found, problems);
  const nodes = new Map<string, DraftNode>();
  for (const [i, node] of raw.nodes.entries()) {
    if (nodes.has(node.name)) {
      problems.add('GRAPH_INVALID', node.paths.node, `node ${node.name}: the name is taken by another node`, 'key');
      continue;
    }
    nodes.set(
      node.name,
      draftNode(node, found.get(node.name), raw.nodes[i - 1]?.name ?? SOURCE.node, references, problems),
    );
  }
  const output = references.resolve(raw.output ?? raw.nodes.at(-1)?.name ?? SOURCE.node, ['output'], 'output');
  return { raw, nodes, output, used: references.used };
}

function findOperator(
  node: RawNode,
  registry: ReadonlyMap<string, OperatorDefinition>,
  problems: ProblemList,
): OperatorDefinition | undefined {
  if (typeof node.use !== 'string') return node.use;
  const operator = registry.get(node.use);
  if (operator === undefined) {
    const hint = suggestion(node.use, registry.keys());
    // In a chain the operator's name is itself the key of its options.
    const part = node.paths.use === node.paths.node ? 'key' : 'value';
    problems.add(
      'GRAPH_UNKNOWN_OPERATOR',
      node.paths.use,
      `node ${node.name}: unknown operator "${node.use}"${hint}`,
      part,
    );
  }
  return operator;
}

function draftNode(
  raw: RawNode,
  operator: OperatorDefinition | undefined,
  previous: string,
  references: References,
  problems: ProblemList,
): DraftNode {
  const given = isRecord(raw.with) ? raw.with : {};
  if (operator === undefined) {
    for (const reference of Object.values(raw.from ?? [previous])) references.touch(reference);
    return { raw, operator, given, options: undefined, inputs: [] };
  }
  const checked = checkOptions(operator, raw.with);
  for (const problem of checked.problems ?? []) {
    const part = problem.unknownKey ? 'key' : 'value';
    problems.add(
      'OPTION_INVALID',
      [...raw.paths.with, ...problem.path],
      `${title(raw, operator)}: ${problem.message}`,
      part,
    );
  }
  const options = checked.problems === undefined ? checked.options : undefined;
  return { raw, operator, given, options, inputs: draftInputs(raw, operator, previous, references, problems) };
}

function draftInputs(
  raw: RawNode,
  operator: OperatorDefinition,
  previous: string,
  references: References,
  problems: ProblemList,
): readonly DraftInput[] {
  const ports = Object.keys(operator.inputs);
  const wiring = raw.from ?? (ports.length === 1 ? [previous] : []);
  const byPort = Array.isArray(wiring) ? pairUp(wiring, ports) : wiring;
  const who = title(raw, operator);
  for (const [port, reference] of Object.entries(byPort)) {
    if (port in operator.inputs) continue;
    references.touch(reference);
    const path = Array.isArray(wiring) ? raw.paths.from : [...raw.paths.from, port];
    problems.add('GRAPH_INVALID', path, `${who}: no input "${port}"${suggestion(port, ports)}`, 'key');
  }
  return Object.entries(operator.inputs).map(([port, type], i) => {
    const reference = (byPort as Readonly<Record<string, string>>)[port];
    if (reference === undefined) {
      problems.add(
        'GRAPH_INVALID',
        raw.paths.from,
        `${who}: input "${port}" is not connected; it has the inputs ${ports.join(', ')}`,
      );
      return { port, type, from: undefined, path: raw.paths.from };
    }
    const path = raw.from === undefined ? raw.paths.node : [...raw.paths.from, Array.isArray(wiring) ? i : port];
    return { port, type, from: references.resolve(reference, path, who), path };
  });
}

function pairUp(references: readonly string[], ports: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(references.map((reference, i) => [ports[i] ?? `#${i + 1}`, reference]));
}

/** `node colour (colorize)`, or `node colorize` where the two names are the same. */
export function title(node: { readonly name: string }, operator: OperatorDefinition): string {
  return node.name === operator.name ? `node ${node.name}` : `node ${node.name} (${operator.name})`;
}

/** Resolves references to ports, and remembers which nodes were referred to. */
class References {
  readonly used = new Set<string>();
  readonly #operators: ReadonlyMap<string, OperatorDefinition | undefined>;
  readonly #problems: ProblemList;

  constructor(operators: ReadonlyMap<string, OperatorDefinition | undefined>, problems: ProblemList) {
    this.#operators = operators;
    this.#problems = problems;
  }

  touch(reference: string): void {
    this.used.add(reference.split('.')[0] as string);
  }

  resolve(reference: string, path: DocumentPath, who: string): PortReference | undefined {
    this.touch(reference);
    const [node, port] = reference.split('.') as [string, string | undefined];
    if (node !== SOURCE.node && !this.#operators.has(node)) {
      const known = [SOURCE.node, ...this.#operators.keys()];
      this.#problems.add('GRAPH_INVALID', path, `${who}: no node "${node}"${suggestion(node, known)}`);
      // What was probably meant is not loose for being mistyped.
      this.used.add(nearest(node, known) ?? node);
      return undefined;
    }
    const operator = this.#operators.get(node);
    if (node !== SOURCE.node && operator === undefined) return undefined;
    return this.#port(node, port, Object.keys(operator?.outputs ?? { [SOURCE.port]: 'video' }), path, who);
  }

  #port(
    node: string,
    port: string | undefined,
    ports: readonly string[],
    path: DocumentPath,
    who: string,
  ): PortReference | undefined {
    const chosen = port ?? (ports.length === 1 ? ports[0] : undefined);
    if (chosen !== undefined && ports.includes(chosen)) return { node, port: chosen };
    const message =
      chosen === undefined
        ? `${who}: say which output of ${node}: ${ports.map((p) => `${node}.${p}`).join(', ')}`
        : `${who}: node ${node} has no output "${chosen}"${suggestion(chosen, ports)}`;
    this.#problems.add('GRAPH_INVALID', path, message);
    return undefined;
  }
}
