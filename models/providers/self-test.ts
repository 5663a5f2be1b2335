import { VitascopeError } from '../../pipeline/errors.js';
import type { TensorSpec } from '../tensor.js';
import {
  arrayOver,
  bytesPerElement,
  elementCount,
  type InlineTensor,
  inlineTensor,
  type TensorType,
} from '../tensor.js';
import type { Tolerance } from './compare-outputs.js';
import { toHalf } from './half.js';

/** What one input gets in a self-test. */
export interface SelfTestInput {
  /** Needed only where the file does not tell the shape, or tells less. */
  readonly shape?: readonly number[] | undefined;
  /** Values are drawn evenly from here, both ends included for integers. Default: 0–1 for floats, 0–255 for uint8, 0–1 for other integers. */
  readonly range?: readonly [number, number] | undefined;
  /** All elements in full, instead of drawn ones; needs `shape` unless the file fixes it. */
  readonly values?: readonly number[] | undefined;
}

/** How a model proves an execution provider: an input that suits it, and how near to the CPU's results others must come. Plain data. */
export interface SelfTest {
  /** Sizes for symbols in the shapes of inputs, such as `{ h: 96, w: 128 }`. Others are guessed: 1 for batches, 256 for sides of pictures, else 64. */
  readonly sizes?: Readonly<Record<string, number>> | undefined;
  /** By name of the input. */
  readonly inputs?: Readonly<Record<string, SelfTestInput>> | undefined;
  /** Outputs to compare. Default: all. */
  readonly outputs?: readonly string[] | undefined;
  readonly tolerance?: Partial<Tolerance> | undefined;
}

const PICTURE_SIDE = 256;
const OTHER_SIDE = 64;
const CHANNELS = [1, 3, 4];

/**
 * Made-up tensors for every input of a model: the same ones each time, on every machine.
 *
 * @throws VitascopeError `OPTION_INVALID` when `test` contradicts the model.
 */
export function selfTestFeeds(inputs: readonly TensorSpec[], test: SelfTest = {}): Record<string, InlineTensor> {
  const sizes = new Map(Object.entries(test.sizes ?? {}));
  return Object.fromEntries(
    inputs.map((spec) => {
      const wanted = test.inputs?.[spec.name] ?? {};
      const shape = wanted.shape ?? shapeOf(spec, sizes);
      return [spec.name, tensorFor(spec, shape, wanted)];
    }),
  );
}

function shapeOf(spec: TensorSpec, sizes: Map<string, number>): number[] {
  return spec.shape.map((size, axis) => {
    if (typeof size === 'number') return size;
    const known = sizes.get(size);
    if (known !== undefined) return known;
    const guessed = derived(size, sizes) ?? guess(spec.shape, size, axis);
    if (size !== '?') sizes.set(size, guessed);
    return guessed;
  });
}

/** `h/2` and `2*h` from `h`; exporters name sizes so. */
function derived(symbol: string, sizes: ReadonlyMap<string, number>): number | undefined {
  const [, name = '', operator, factor] = /^\s*(\w+)\s*([*/]{1,2})\s*(\d+)\s*$/.exec(swapped(symbol)) ?? [];
  const base = sizes.get(name);
  if (base === undefined) return undefined;
  return operator === '*' ? base * Number(factor) : Math.floor(base / Number(factor));
}

function swapped(symbol: string): string {
  return symbol.replace(/^\s*(\d+)\s*\*\s*(\w+)\s*$/, '$2*$1');
}

function guess(shape: readonly (number | string)[], symbol: string, axis: number): number {
  if (/batch|^(n|b)$/i.test(symbol) || axis === 0) return 1;
  if (shape.length !== 4) return OTHER_SIDE;
  const channelsLast = isChannels(shape[3]) && !isChannels(shape[1]);
  const channelAxis = channelsLast ? 3 : 1;
  return axis === channelAxis ? 3 : PICTURE_SIDE;
}

function isChannels(size: number | string | undefined): boolean {
  return typeof size === 'number' && CHANNELS.includes(size);
}

function tensorFor(spec: TensorSpec, shape: readonly number[], wanted: SelfTestInput): InlineTensor {
  const length = elementCount(shape);
  const { values } = wanted;
  if (values !== undefined && values.length !== length) {
    throw new VitascopeError(
      'OPTION_INVALID',
      `self-test: input "${spec.name}" of shape [${shape.join(',')}] takes ${length} values, got ${values.length}`,
      { context: { input: spec.name, expected: length, got: values.length } },
    );
  }
  const data = arrayOver(spec.type, new ArrayBuffer(length * bytesPerElement(spec.type)), 0, length);
  const [low, high] = wanted.range ?? defaultRange(spec.type);
  const random = randomSequence(spec.name);
  const isFloat = spec.type.startsWith('float');
  for (let i = 0; i < length; i++) {
    const drawn = isFloat ? low + (high - low) * random() : Math.floor(low + (high - low + 1) * random());
    const value = values?.[i] ?? drawn;
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[i] = BigInt(Math.trunc(value));
    else data[i] = spec.type === 'float16' ? toHalf(value) : value;
  }
  return inlineTensor(spec.type, shape, data as never);
}

function defaultRange(type: TensorType): readonly [number, number] {
  return type === 'uint8' ? [0, 255] : [0, 1];
}

/** Mulberry32 seeded with an FNV-1a hash of `seed`: numbers in [0, 1). */
function randomSequence(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
