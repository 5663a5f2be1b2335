import type { TensorArrays, TensorType } from '../tensor.js';
import {
  type AttributeProto,
  attributeTypes,
  elementTypes,
  encodeModel,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './model-proto.js';

/** A tensor inside a graph that is being built: its name. */
export type Value = string & { readonly value: unique symbol };

/** A number that is written as a float attribute; plain numbers are integers. */
export interface FloatAttribute {
  readonly float: number;
}

/** Attributes of a node: integers and lists of them as numbers, floats through {@link float}, text as strings. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string | FloatAttribute>>;

/** Marks an attribute as a float. */
export function float(value: number): FloatAttribute {
  return { float: value };
}

/** Version of the standard operators that built graphs use. */
export const OPSET = 18;
/** File format of opset 18. */
const IR_VERSION = 8;

/**
 * Builds a small ONNX graph, node after node, in the order in which they run.
 *
 * @example
 * const graph = new GraphBuilder('half');
 * const image = graph.input('image', 'uint8', [1, 3, 'h', 'w']);
 * graph.output('half', graph.node('Mul', [graph.cast(image, 'float32'), graph.floats([], [0.5])]), 'float32', [1, 3, 'h', 'w']);
 * const bytes = graph.build();
 *
 * @see https://onnx.ai/onnx/operators/
 */
export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: NodeProto[] = [];
  readonly #constants: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  #count = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** @param shape Sizes; a string is a symbol, as in `TensorSpec`. */
  input(name: string, type: TensorType, shape: readonly (number | string)[]): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return name as Value;
  }

  /** Makes `value` leave the graph under `name`. */
  output(name: string, value: Value, type: TensorType, shape: readonly (number | string)[]): void {
    this.#nodes.push({ opType: 'Identity', input: [value], output: [name] });
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** A node with one output. An input that is left out is `undefined`. */
  node(opType: string, inputs: readonly (Value | undefined)[], attributes: Attributes = {}): Value {
    return this.nodes(opType, inputs, 1, attributes)[0] as Value;
  }

  /** A node with `count` outputs. */
  nodes(
    opType: string,
    inputs: readonly (Value | undefined)[],
    count: number,
    attributes: Attributes = {},
  ): readonly Value[] {
    const output = Array.from({ length: count }, () => this.#fresh(opType));
    const attribute = Object.entries(attributes).map(([name, value]) => toAttribute(name, value));
    this.#nodes.push({ opType, input: inputs.map((input) => input ?? ''), output, attribute });
    return output;
  }

  /** `value` with elements of another type. Floats lose their fraction. */
  cast(value: Value, type: TensorType): Value {
    return this.node('Cast', [value], { to: elementTypes[type] });
  }

  /** A constant; a scalar has the shape `[]`. */
  constant<T extends TensorType>(type: T, shape: readonly number[], data: TensorArrays[T]): Value {
    const name = this.#fresh('constant');
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#constants.push({ name, dims: [...shape], dataType: elementTypes[type], rawData: bytes });
    return name;
  }

  floats(shape: readonly number[], values: readonly number[]): Value {
    return this.constant('float32', shape, Float32Array.from(values));
  }

  /** int64, the type of shapes, indices and axes. */
  ints(shape: readonly number[], values: readonly number[]): Value {
    return this.constant('int64', shape, BigInt64Array.from(values, BigInt));
  }

  scalar(value: number): Value {
    return this.floats([], [value]);
  }

  /** `value[..., from:to, ...]` along one axis. */
  slice(value: Value, axis: number, from: number, to: number): Value {
    return this.node('Slice', [value, this.ints([1], [from]), this.ints([1], [to]), this.ints([1], [axis])]);
  }

  /** A new shape; −1 is inferred, 0 copied. */
  reshape(value: Value, shape: readonly number[]): Value {
    return this.node('Reshape', [value, this.ints([shape.length], shape)]);
  }

  /** The file of the graph: ONNX, opset {@link OPSET}. */
  build(): Uint8Array {
    return encodeModel({
      irVersion: IR_VERSION,
      producerName: 'vitascope',
      opsetImport: [{ domain: '', version: OPSET }],
      graph: {
        name: this.#name,
        node: this.#nodes,
        initializer: this.#constants,
        input: this.#inputs,
        output: this.#outputs,
      },
    });
  }

  #fresh(kind: string): Value {
    return `${this.#name}/${kind}.${this.#count++}` as Value;
  }
}

function valueInfo(name: string, type: TensorType, shape: readonly (number | string)[]): ValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}

function toAttribute(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === 'number') return { name, type: attributeTypes.int, i: value };
  if (typeof value === 'string') return { name, type: attributeTypes.string, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: attributeTypes.float, f: value.float };
  return { name, type: attributeTypes.ints, ints: [...value] };
}
