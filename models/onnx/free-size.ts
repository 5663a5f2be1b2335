import protobuf from 'protobufjs';

/** Fields of `onnx.proto` on the way to a tensor's sizes. */
const field = {
  graph: 7,
  input: 11,
  output: 12,
  valueInfo: 13,
  name: 1,
  type: 2,
  tensorType: 1,
  shape: 2,
  dim: 1,
} as const;
const dimParam = 2;
const LENGTH_DELIMITED = 2;

/** What becomes of a field: other contents; nothing; or, `undefined`, it stays as it is. */
type Edit = (number: number, contents: Uint8Array) => Uint8Array | 'drop' | undefined;

/**
 * An ONNX file whose tensors of these names have symbols for two of their four sizes. Some networks can take pictures of any size, yet their
 * file names the one that they were exported with. Sizes of inner tensors are dropped, since they followed from that one; every other byte
 * stays as it is.
 *
 * @param names Inputs and outputs; those of other than four axes are left alone.
 * @param axes The axes of height and width.
 */
export function withFreeSize(model: Uint8Array, names: readonly string[], axes: readonly [number, number]): Uint8Array {
  return edited(model, (number, graph) => (number === field.graph ? freeGraph(graph, names, axes) : undefined));
}

function freeGraph(graph: Uint8Array, names: readonly string[], axes: readonly [number, number]): Uint8Array {
  return edited(graph, (number, value) => {
    if (number === field.valueInfo) return 'drop';
    if (number !== field.input && number !== field.output) return undefined;
    const symbols = number === field.input ? (['height', 'width'] as const) : (['heightOut', 'widthOut'] as const);
    return names.includes(nameOf(value)) ? freeValue(value, axes, symbols) : undefined;
  });
}

function freeValue(value: Uint8Array, axes: readonly [number, number], symbols: readonly [string, string]): Uint8Array {
  const inside = (wanted: number, then: (contents: Uint8Array) => Uint8Array): Edit => {
    return (number, contents) => (number === wanted ? then(contents) : undefined);
  };
  const freeShape = (shape: Uint8Array): Uint8Array => {
    let [rank, axis] = [0, -1];
    edited(shape, (number) => {
      if (number === field.dim) rank++;
      return undefined;
    });
    return edited(shape, (number) => {
      if (number !== field.dim || rank !== 4) return undefined;
      axis++;
      const symbol = symbols[axes.indexOf(axis)];
      return symbol === undefined ? undefined : new protobuf.Writer().uint32(tag(dimParam)).string(symbol).finish();
    });
  };
  const freeTensor = (tensor: Uint8Array): Uint8Array => edited(tensor, inside(field.shape, freeShape));
  return edited(
    value,
    inside(field.type, (type) => edited(type, inside(field.tensorType, freeTensor))),
  );
}

function nameOf(value: Uint8Array): string {
  let name = '';
  edited(value, (number, contents) => {
    if (number === field.name) name = new TextDecoder().decode(contents);
    return undefined;
  });
  return name;
}

/** A message in which some of the length-delimited fields are others; all else is copied byte for byte. */
function edited(message: Uint8Array, edit: Edit): Uint8Array {
  const reader = protobuf.Reader.create(message);
  const parts: Uint8Array[] = [];
  let kept = 0;
  const keepTo = (end: number): void => {
    if (end > kept) parts.push(message.subarray(kept, end));
  };
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const key = reader.uint32();
    if ((key & 7) !== LENGTH_DELIMITED) {
      reader.skipType(key & 7);
      continue;
    }
    const contents = reader.bytes();
    const change = edit(key >>> 3, contents);
    if (change === undefined) continue;
    keepTo(start);
    kept = reader.pos;
    if (change === 'drop') continue;
    parts.push(new protobuf.Writer().uint32(key).uint32(change.length).finish(), change);
  }
  keepTo(message.length);
  return Buffer.concat(parts);
}

function tag(number: number): number {
  return (number << 3) | LENGTH_DELIMITED;
}
