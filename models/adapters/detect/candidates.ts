import type { AdapterParameters } from '../../catalog/adapter-parameters.js';
import type { ModelContract } from '../../model-contract.js';
import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import type { Size } from '../picture/letterbox.js';

/** What a decoder makes of the tensors of its family, before any box is dropped. */
export interface Candidates {
  /** float32 `[A, 4]`, x1, y1, x2, y2. */
  readonly boxes: Value;
  /** float32 `[A, classes]`, 0–1. */
  readonly scores: Value;
}

/** What a decoder may need to know. */
export interface DecoderContext {
  /** For messages. */
  readonly who: string;
  readonly tensors: ModelContract;
  readonly adapter: AdapterParameters;
  /** Size of the network's input. */
  readonly canvas: Size;
}

/** How the detections of one family of models are read. */
export interface DetectorFamily {
  /** Coordinates of its boxes: pixels of the canvas, or 0–1 over it. */
  readonly units: 'pixels' | 'relative';
  /**
   * How results are chosen: `nms` drops boxes that overlap a better one of their class, each box counting for its best class only;
   * `top` takes the best pairs of box and class.
   */
  readonly choice: 'nms' | 'top';
  /** Number of classes that the model tells apart, as far as its file says. */
  readonly classes: (context: DecoderContext) => number;
  /** Declares the network's outputs as inputs of the graph, and decodes them. */
  readonly decode: (graph: GraphBuilder, context: DecoderContext) => Candidates;
}

/** Corners of boxes that are given by their centres and sizes: float32 `[A, 2]` each → `[A, 4]`. */
export function corners(graph: GraphBuilder, centres: Value, sizes: Value): Value {
  const half = graph.node('Mul', [sizes, graph.scalar(0.5)]);
  return graph.node('Concat', [graph.node('Sub', [centres, half]), graph.node('Add', [centres, half])], { axis: 1 });
}

/** The network's output as float32, without its first axis. */
export function networkOutput(graph: GraphBuilder, { name, type, shape }: ModelContract['outputs'][number]): Value {
  const symbols = shape.map((size, axis) => (typeof size === 'string' ? `${name}.${axis}` : size));
  const value = graph.input(name, type, symbols);
  const floats = type === 'float32' ? value : graph.cast(value, 'float32');
  return graph.node('Squeeze', [floats, graph.ints([1], [0])]);
}

/** Scores with the activation that the export left out. */
export function activated(graph: GraphBuilder, scores: Value, { activation }: AdapterParameters): Value {
  if (activation === 'sigmoid') return graph.node('Sigmoid', [scores]);
  if (activation === 'softmax') return graph.node('Softmax', [scores], { axis: -1 });
  return scores;
}
