import { VitascopeError } from '../pipeline/errors.js';
import {
  arrayOver,
  describeTensor,
  formatShape,
  type InlineTensor,
  type SharedTensor,
  type TensorArray,
  type TensorType,
} from './tensor.js';
import type { OutputTargets } from './tensor-check.js';

/** An output of a run, or a request's part of it. */
export interface Outcome {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: TensorArray;
}

/**
 * Writes outputs into their shared targets and gives the others back, over the memory that they lie in. Only once
 * every output fits is any target written, so that a failed run leaves the frames as they were.
 *
 * @throws VitascopeError `INFERENCE_INPUT` when an output does not fit its target.
 */
export function deliverOutputs(
  label: string,
  outcome: (name: string) => Outcome,
  targets: OutputTargets,
): Record<string, InlineTensor> {
  const inline: Record<string, InlineTensor> = {};
  const shared: [Outcome, SharedTensor][] = [];
  for (const [name, target] of Object.entries(targets)) {
    const result = outcome(name);
    if (target === 'inline') inline[name] = toInline(result);
    else shared.push([fitting(label, result, target, name), target]);
  }
  for (const [result, target] of shared) writeShared(result, target);
  return inline;
}

function fitting(label: string, result: Outcome, target: SharedTensor, name: string): Outcome {
  const same = result.dims.length === target.shape.length && result.dims.every((d, i) => d === target.shape[i]);
  if (same) return result;
  throw new VitascopeError(
    'INFERENCE_INPUT',
    `InferencePool.run(${label}): output "${name}" came out as ${describeTensor({ type: result.type, shape: result.dims })}, its target expects ${describeTensor(target)}`,
    { context: { output: name, target: formatShape(target.shape), got: formatShape(result.dims) } },
  );
}

function toInline({ type, dims, data }: Outcome): InlineTensor {
  // A view of our own, since newer Node versions have a Float16Array and the runtime then uses it.
  const own = arrayOver(type, data.buffer, data.byteOffset, data.length);
  return { type, shape: [...dims], data: own } as InlineTensor;
}

function writeShared({ data }: Outcome, target: SharedTensor): void {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  new Uint8Array(target.buffer, target.byteOffset, bytes.byteLength).set(bytes);
}
