import type { AttributeProto, GraphProto, ModelProto, NodeProto, StringEntry, TensorProto } from './model-proto.js';

/** What the graphs of a model hold, the inner ones of `If`, `Loop` and `Scan`, and its functions, included. */
export interface GraphContents {
  readonly nodes: number;
  /** Domain → one of the operators wanted from it. */
  readonly operators: ReadonlyMap<string, string>;
  /** Where tensors lie whose data are not in the file. */
  readonly external: readonly ExternalTensor[];
}

export interface ExternalTensor {
  readonly name: string;
  /** As written in the file: relative, hopefully. */
  readonly location: string;
  readonly offset: number;
  /** Bytes; nothing when the file does not tell. */
  readonly length: number | undefined;
}

const EXTERNAL = 1;

/** Walks through all graphs of a model. */
export function visitGraphs(model: ModelProto): GraphContents {
  const visitor = new Visitor();
  if (model.graph !== undefined) visitor.graph(model.graph);
  for (const { node } of model.functions ?? []) visitor.allNodes(node);
  return visitor;
}

class Visitor implements GraphContents {
  nodes = 0;
  readonly operators = new Map<string, string>();
  readonly external: ExternalTensor[] = [];

  graph(graph: GraphProto): void {
    for (const tensor of graph.initializer ?? []) this.#tensor(tensor);
    for (const { values, indices } of graph.sparseInitializer ?? []) this.#tensors(values, indices);
    this.allNodes(graph.node);
  }

  allNodes(nodes: readonly NodeProto[] | undefined): void {
    for (const { domain, opType, attribute } of nodes ?? []) {
      this.nodes++;
      this.operators.set(domain ?? '', opType ?? '');
      for (const entry of attribute ?? []) this.#attribute(entry);
    }
  }

  #attribute({ t, g, tensors, graphs, sparseTensor, sparseTensors }: AttributeProto): void {
    this.#tensors(t, ...(tensors ?? []));
    for (const sparse of [sparseTensor, ...(sparseTensors ?? [])]) this.#tensors(sparse?.values, sparse?.indices);
    if (g !== undefined) this.graph(g);
    for (const graph of graphs ?? []) this.graph(graph);
  }

  #tensors(...tensors: readonly (TensorProto | undefined)[]): void {
    for (const tensor of tensors) if (tensor !== undefined) this.#tensor(tensor);
  }

  #tensor({ name, dataLocation, externalData }: TensorProto): void {
    if (dataLocation !== EXTERNAL && (externalData ?? []).length === 0) return;
    const entry = (key: string): string | undefined => entryValue(externalData ?? [], key);
    this.external.push({
      name: name ?? '',
      location: entry('location') ?? '',
      offset: Number(entry('offset') ?? 0),
      length: entry('length') === undefined ? undefined : Number(entry('length')),
    });
  }
}

function entryValue(entries: readonly StringEntry[], key: string): string | undefined {
  return entries.find((entry) => entry.key === key)?.value;
}
