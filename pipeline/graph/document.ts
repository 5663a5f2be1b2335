import type { OperatorDefinition, PortType } from '../operator.js';

/**
 * A graph as a person writes it, in code or (through `config/`) in YAML. {@link createGraph} checks it.
 *
 * A reference names an output port: `source` (the film's video), `node` where the node has one output, else `node.port`.
 */
export interface GraphDocument {
  /** What the graph is called in listings and messages. */
  readonly name?: string;
  /** One or two sentences for listings. */
  readonly description?: string;
  /** `process` decodes, runs the nodes and re-encodes; `copy` passes packets on and decodes nothing. Default `process`. */
  readonly video?: VideoHandling;
  /** Nodes by name; a name is lower-case words joined by hyphens. */
  readonly nodes?: Readonly<Record<string, NodeDocument>>;
  /** Shorthand for nodes that follow each other: operator names, or `{ operator: options }`. Excludes `nodes`. */
  readonly chain?: readonly (string | Readonly<Record<string, unknown>>)[];
  /** Reference to what leaves the graph. Default: the last node, or `source` when there is none. */
  readonly output?: string;
}

/** One operator of a graph: which, fed by what, with which options. */
export interface NodeDocument {
  /** Name of a registered operator, or (in code) its definition. */
  readonly use: string | OperatorDefinition;
  /** References in the order of the input ports, or by port. Default: the node before, or `source` for the first. */
  readonly from?: string | readonly string[] | Readonly<Record<string, string>>;
  /** The operator's options. */
  readonly with?: unknown;
}

/** Whether a graph decodes and encodes the video, or has its packets copied. */
export type VideoHandling = 'process' | 'copy';

/** Keys and indexes that lead to a place in a document. */
export type DocumentPath = readonly (string | number)[];

/** A place in a file, lines and columns counted from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Finds a place of the document in the file it came from: the key itself, or what stands after it. */
export type Locate = (path: DocumentPath, part: 'key' | 'value') => SourceLocation | undefined;

/** An output port: of a node, or of the source when `node` is `source`. */
export interface PortReference {
  readonly node: string;
  readonly port: string;
}

/** The film's video, where every graph begins. */
export const SOURCE: PortReference = { node: 'source', port: 'video' };

/** One input of a node, and what feeds it. */
export interface GraphInput {
  readonly port: string;
  readonly type: PortType;
  readonly from: PortReference;
}

/** A node that has been checked: its operator is known and its options are complete. */
export interface GraphNode {
  readonly name: string;
  readonly operator: OperatorDefinition;
  /** Options as given. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Options with defaults filled in. */
  readonly options: unknown;
  /** In the order of the operator's input ports. */
  readonly inputs: readonly GraphInput[];
}

/** `node` where the operator has one output, else `node.port`. */
export function formatReference({ node, port }: PortReference, outputs: number): string {
  return node === SOURCE.node || outputs === 1 ? node : `${node}.${port}`;
}
