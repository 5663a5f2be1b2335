import type { BatchAxis } from './batch-axis.js';
import { bytesPerElement, elementCount, isShared, type Tensor } from './tensor.js';
import type { OutputTargets } from './tensor-check.js';

/** How a request may be joined with others that wait. */
export interface BatchTerms {
  /** Rows along the batch axis that may go into one run. */
  readonly max: number;
  /** How long the request waits for company at most, milliseconds since the call. */
  readonly waitMs: number;
  readonly axis: BatchAxis;
  /** Size of its batch axis. */
  readonly rows: number;
}

/** What of a request decides whether it can be joined with another of the same model. */
export interface Joinable {
  readonly batch: BatchTerms | undefined;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly targets: OutputTargets;
}

/** Inputs without the batch axis must be the same in every request; larger ones are not compared, and not joined. */
const MAX_COMPARED_BYTES = 65_536;

/** The terms for a request; undefined when it cannot be joined with any other. */
export function batchTerms(
  limits: { readonly max: number; readonly waitMs?: number | undefined },
  axis: BatchAxis | undefined,
  feeds: Readonly<Record<string, Tensor>>,
  targets: OutputTargets,
): BatchTerms | undefined {
  if (axis === undefined || limits.max < 2) return undefined;
  const [first = ''] = axis.inputs;
  const rows = feeds[first]?.shape[0] ?? 0;
  const sameRows = [...axis.inputs].every((name) => feeds[name]?.shape[0] === rows);
  const splits = Object.keys(targets).every((name) => axis.outputs.has(name));
  if (rows < 1 || rows >= limits.max || !sameRows || !splits) return undefined;
  return { max: limits.max, waitMs: limits.waitMs ?? 0, axis, rows };
}

/** True when two requests of one model differ in nothing but what lies along the batch axis. */
export function canJoin(a: Joinable, b: Joinable): boolean {
  if (a.batch === undefined || b.batch === undefined) return false;
  const [names, others] = [Object.keys(a.targets), Object.keys(b.targets)];
  if (names.length !== others.length || !names.every((name) => name in b.targets)) return false;
  const { axis } = a.batch;
  return Object.entries(a.feeds).every(([name, tensor]) => {
    const other = b.feeds[name];
    if (other === undefined) return false;
    return axis.inputs.has(name)
      ? sameSizes(tensor, other, 1)
      : sameSizes(tensor, other, 0) && sameBytes(tensor, other);
  });
}

function sameSizes({ shape }: Tensor, other: Tensor, fromAxis: number): boolean {
  return (
    shape.length === other.shape.length && shape.every((size, axis) => axis < fromAxis || size === other.shape[axis])
  );
}

function sameBytes(a: Tensor, b: Tensor): boolean {
  const [left, right] = [bytesOf(a), bytesOf(b)];
  if (left.byteLength > MAX_COMPARED_BYTES || left.byteLength !== right.byteLength) return false;
  return Buffer.compare(left, right) === 0;
}

function bytesOf(tensor: Tensor): Uint8Array {
  const byteLength = elementCount(tensor.shape) * bytesPerElement(tensor.type);
  return isShared(tensor)
    ? new Uint8Array(tensor.buffer, tensor.byteOffset, byteLength)
    : new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, byteLength);
}
