import type { OperatorDefinition } from '../operator.js';
import type { DocumentPath, VideoHandling } from './document.js';
import { isRecord } from './is-record.js';
import type { ProblemList } from './problems.js';
import { suggestion } from './suggest.js';

/** A node as written, before its operator is looked up. */
export interface RawNode {
  readonly name: string;
  readonly use: string | OperatorDefinition;
  /** References in port order, by port, or nothing for the default. */
  readonly from: readonly string[] | Readonly<Record<string, string>> | undefined;
  readonly with: unknown;
  /** Where its parts stand, for messages. */
  readonly paths: {
    readonly node: DocumentPath;
    readonly use: DocumentPath;
    readonly from: DocumentPath;
    readonly with: DocumentPath;
  };
}

/** A document whose shape is right; names in it may still be unknown. */
export interface RawGraph {
  readonly name: string;
  readonly description: string;
  readonly video: VideoHandling;
  readonly nodes: readonly RawNode[];
  readonly output: string | undefined;
}

const GRAPH_KEYS = ['name', 'description', 'video', 'nodes', 'chain', 'output'];
const NODE_KEYS = ['use', 'from', 'with'];
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Reads the shape of a document. What is wrong goes to `problems`; what can be used is used, so that later checks run too. */
export function readDocument(document: unknown, defaultName: string, problems: ProblemList): RawGraph {
  if (!isRecord(document)) {
    problems.add('GRAPH_INVALID', [], `a graph must be a map with ${GRAPH_KEYS.join(', ')}; got ${describe(document)}`);
    return { name: defaultName, description: '', video: 'process', nodes: [], output: undefined };
  }
  rejectUnknownKeys(document, GRAPH_KEYS, [], 'graph', problems);
  if (present(document.nodes) && present(document.chain)) {
    problems.add('GRAPH_INVALID', ['chain'], 'graph: give either nodes or chain, not both', 'key');
  }
  return {
    name: readString(document.name, ['name'], problems) ?? defaultName,
    description: readString(document.description, ['description'], problems) ?? '',
    video: readVideo(document.video, problems),
    nodes: present(document.nodes) ? readNodes(document.nodes, problems) : readChain(document.chain, problems),
    output: readString(document.output, ['output'], problems),
  };
}

function readVideo(value: unknown, problems: ProblemList): VideoHandling {
  if (value === 'copy' || value === 'process') return value;
  if (present(value))
    problems.add('GRAPH_INVALID', ['video'], `video: must be process or copy, got ${describe(value)}`);
  return 'process';
}

function readNodes(value: unknown, problems: ProblemList): readonly RawNode[] {
  if (!isRecord(value)) {
    problems.add('GRAPH_INVALID', ['nodes'], `nodes: must be a map of name to node, got ${describe(value)}`);
    return [];
  }
  return Object.entries(value).flatMap(([name, node]) => readNode(name, node, problems) ?? []);
}

function readNode(name: string, value: unknown, problems: ProblemList): RawNode | undefined {
  const path = ['nodes', name];
  if (!checkName(name, path, problems)) return undefined;
  if (!isRecord(value)) {
    problems.add(
      'GRAPH_INVALID',
      path,
      `node ${name}: must be a map with ${NODE_KEYS.join(', ')}; got ${describe(value)}`,
    );
    return undefined;
  }
  rejectUnknownKeys(value, NODE_KEYS, path, `node ${name}`, problems);
  const use = value.use;
  if (typeof use !== 'string' && !isDefinition(use)) {
    problems.add('GRAPH_INVALID', [...path, 'use'], `node ${name}: use must name an operator, got ${describe(use)}`);
    return undefined;
  }
  const paths = { node: path, use: [...path, 'use'], from: [...path, 'from'], with: [...path, 'with'] };
  return { name, use, from: readFrom(name, value.from, paths.from, problems), with: value.with, paths };
}

function readFrom(name: string, value: unknown, path: DocumentPath, problems: ProblemList): RawNode['from'] {
  if (!present(value)) return undefined;
  if (typeof value === 'string') return [value];
  const isList = Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === 'string');
  if (isList || (isRecord(value) && Object.values(value).every((v) => typeof v === 'string'))) {
    return value as readonly string[] | Readonly<Record<string, string>>;
  }
  problems.add(
    'GRAPH_INVALID',
    path,
    `node ${name}: from must be a reference, a list of references, or a map of port to reference; got ${describe(value)}`,
  );
  return undefined;
}

function readChain(value: unknown, problems: ProblemList): readonly RawNode[] {
  if (!present(value)) return [];
  if (!Array.isArray(value)) {
    problems.add('GRAPH_INVALID', ['chain'], `chain: must be a list of operators, got ${describe(value)}`);
    return [];
  }
  const used = new Map<string, number>();
  return value.flatMap((link: unknown, i) => readLink(link, ['chain', i], used, problems) ?? []);
}

function readLink(
  link: unknown,
  path: DocumentPath,
  used: Map<string, number>,
  problems: ProblemList,
): RawNode | undefined {
  const [use, ...others] = typeof link === 'string' ? [link] : isRecord(link) ? Object.keys(link) : [];
  if (use === undefined || others.length > 0) {
    problems.add(
      'GRAPH_INVALID',
      path,
      `chain: each link must be an operator or { operator: options }, got ${describe(link)}`,
    );
    return undefined;
  }
  const times = (used.get(use) ?? 0) + 1;
  used.set(use, times);
  const at = isRecord(link) ? [...path, use] : path;
  return {
    name: times === 1 ? use : `${use}-${times}`,
    use,
    from: undefined,
    with: isRecord(link) ? link[use] : undefined,
    paths: { node: at, use: at, from: at, with: at },
  };
}

/** False when no reference can mean the node, so that going on with it would only find follow-up problems. */
function checkName(name: string, path: DocumentPath, problems: ProblemList): boolean {
  if (name === 'source' || name === 'output') {
    problems.add('GRAPH_INVALID', path, `node ${name}: the name is reserved for the ends of the graph`, 'key');
    return false;
  }
  if (!NAME.test(name)) {
    problems.add('GRAPH_INVALID', path, `node "${name}": a name must be lower-case words joined by hyphens`, 'key');
  }
  return !name.includes('.');
}

function rejectUnknownKeys(
  record: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: DocumentPath,
  who: string,
  problems: ProblemList,
): void {
  for (const key of Object.keys(record)) {
    if (known.includes(key)) continue;
    problems.add('GRAPH_INVALID', [...path, key], `${who}: unknown key "${key}"${suggestion(key, known)}`, 'key');
  }
}

function readString(value: unknown, path: DocumentPath, problems: ProblemList): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (present(value)) problems.add('GRAPH_INVALID', path, `${path.join('.')}: must be text, got ${describe(value)}`);
  return undefined;
}

function isDefinition(value: unknown): value is OperatorDefinition {
  return isRecord(value) && typeof value.create === 'function' && typeof value.name === 'string';
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : JSON.stringify(value);
}
