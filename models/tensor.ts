import { VitascopeError } from '../pipeline/errors.js';
import type { VideoFrame } from '../pipeline/video-frame.js';

/** The array that holds the elements of each tensor type. `bool` is one byte, `float16` its raw 16 bits. */
export interface TensorArrays {
  float32: Float32Array;
  float64: Float64Array;
  float16: Uint16Array;
  uint8: Uint8Array;
  int8: Int8Array;
  uint16: Uint16Array;
  int16: Int16Array;
  uint32: Uint32Array;
  int32: Int32Array;
  uint64: BigUint64Array;
  int64: BigInt64Array;
  bool: Uint8Array;
}

/** Element types that a model may take and give; names as in ONNX Runtime. Strings are not among them. */
export type TensorType = keyof TensorArrays;
/** Any array that holds the elements of a tensor. */
export type TensorArray = TensorArrays[TensorType];

const arrayConstructors = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

/**
 * What a model says of one input or output. A string in `shape` is a symbol: any size, but the same size wherever the
 * symbol appears among the inputs; `?` is any size. An empty shape is a scalar, or a shape that the file does not tell.
 */
export interface TensorSpec {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly (number | string)[];
}

/** A tensor whose elements lie in an array of its own, row by row. It crosses to the worker as a message. */
export type InlineTensor = {
  readonly [T in TensorType]: {
    readonly type: T;
    readonly shape: readonly number[];
    readonly data: TensorArrays[T];
  };
}[TensorType];

/**
 * A tensor that lies in shared memory, such as a plane of a frame: the worker reads or writes it there, and no elements
 * cross as a message. Whoever owns the memory must keep it, and leave it alone, until the run has settled.
 */
export interface SharedTensor {
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly buffer: SharedArrayBuffer;
  /** Where the first element lies in {@link buffer}, bytes. */
  readonly byteOffset: number;
}

/** Either way to give a tensor to a model. */
export type Tensor = InlineTensor | SharedTensor;

/** True for the name of a type that tensors here can have. */
export function isTensorType(name: string): name is TensorType {
  return Object.hasOwn(arrayConstructors, name);
}

/** True for a tensor that lies in shared memory. */
export function isShared(tensor: Tensor): tensor is SharedTensor {
  return 'buffer' in tensor;
}

/** Bytes that one element of a tensor takes. */
export function bytesPerElement(type: TensorType): number {
  return arrayConstructors[type].BYTES_PER_ELEMENT;
}

/** Elements of a tensor of this shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** True when `data` is the kind of array that holds `type`. */
export function holdsType(type: TensorType, data: unknown): boolean {
  return data instanceof arrayConstructors[type];
}

/** An array over part of `buffer`; no elements are copied. */
export function arrayOver(type: TensorType, buffer: ArrayBufferLike, byteOffset: number, length: number): TensorArray {
  return new arrayConstructors[type](buffer as ArrayBuffer, byteOffset, length);
}

/** An inline tensor from its parts, without a check: `run()` checks. */
export function inlineTensor<T extends TensorType>(
  type: T,
  shape: readonly number[],
  data: TensorArrays[T],
): Extract<InlineTensor, { type: T }> {
  return { type, shape, data } as Extract<InlineTensor, { type: T }>;
}

/**
 * A plane of `frame` as a tensor: `uint8` for 8-bit formats, `uint16` for 10-bit ones (the value in the low bits),
 * `[1, 1, height, width]` unless `shape` says otherwise. It is for an input, or for an output if the frame is `writable`.
 *
 * The frame stays the caller's, who must keep it open until the run has settled.
 *
 * @throws VitascopeError `INFERENCE_INPUT` when `shape` has another number of elements than the plane; `FRAME_CLOSED`.
 */
export function planeTensor(frame: VideoFrame, planeIndex: 0 | 1 | 2, shape?: readonly number[]): SharedTensor {
  const plane = frame.planes[planeIndex];
  const ownShape = [1, 1, plane.height, plane.width];
  if (shape !== undefined && elementCount(shape) !== elementCount(ownShape)) {
    throw new VitascopeError(
      'INFERENCE_INPUT',
      `planeTensor: a shape for plane ${planeIndex} needs ${elementCount(ownShape)} elements (${plane.width}×${plane.height}), got ${formatShape(shape)}`,
      { context: { planeIndex, width: plane.width, height: plane.height, shape } },
    );
  }
  return {
    type: plane.bytesPerSample === 1 ? 'uint8' : 'uint16',
    shape: shape ?? ownShape,
    buffer: frame.buffer,
    byteOffset: plane.byteOffset,
  };
}

/** `[1,1,h,w]` */
export function formatShape(shape: readonly (number | string)[]): string {
  return `[${shape.join(',')}]`;
}

/** `float32 [1,1,h,w]` */
export function describeTensor(tensor: {
  readonly type: string;
  readonly shape: readonly (number | string)[];
}): string {
  return `${tensor.type} ${formatShape(tensor.shape)}`;
}
