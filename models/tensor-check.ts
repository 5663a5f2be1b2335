import { VitascopeError } from '../pipeline/errors.js';
import {
  bytesPerElement,
  describeTensor,
  elementCount,
  formatShape,
  holdsType,
  isShared,
  isTensorType,
  type SharedTensor,
  type Tensor,
  type TensorSpec,
} from './tensor.js';

/** Where each output goes: into shared memory, or back with the result. */
export type OutputTargets = Readonly<Record<string, SharedTensor | 'inline'>>;

type Side = 'input' | 'output';

/**
 * Checks names, types, shapes and storage of everything that is fed, before the native runtime sees any of it.
 *
 * @throws VitascopeError `INFERENCE_INPUT`
 */
export function checkFeeds(who: string, specs: readonly TensorSpec[], feeds: Readonly<Record<string, Tensor>>): void {
  checkNames(who, 'input', specs, Object.keys(feeds));
  const sizes = new Map<string, { size: number; input: string }>();
  for (const spec of specs) {
    const tensor = feeds[spec.name];
    if (tensor === undefined) throw mismatch(who, 'input', spec, 'nothing');
    checkTensor(who, 'input', spec, tensor);
    bindSymbols(who, spec, tensor, sizes);
  }
}

/**
 * Checks the outputs that are asked for. Sizes that the model computes are compared after the run.
 *
 * @throws VitascopeError `INFERENCE_INPUT`
 */
export function checkTargets(who: string, specs: readonly TensorSpec[], targets: OutputTargets): void {
  checkNames(who, 'output', specs, Object.keys(targets));
  if (Object.keys(targets).length === 0) {
    throw new VitascopeError('INFERENCE_INPUT', `${who}: outputs must name at least one output, got none`);
  }
  for (const spec of specs) {
    const target = targets[spec.name];
    if (target !== undefined && target !== 'inline') checkTensor(who, 'output', spec, target);
  }
}

function checkNames(who: string, side: Side, specs: readonly TensorSpec[], names: readonly string[]): void {
  for (const name of names) {
    if (specs.some((spec) => spec.name === name)) continue;
    const known = specs.map((spec) => `"${spec.name}"`).join(', ');
    throw new VitascopeError('INFERENCE_INPUT', `${who}: ${side} names are ${known}, got "${name}"`, {
      context: { name, known: specs.map((spec) => spec.name) },
    });
  }
}

function checkTensor(who: string, side: Side, spec: TensorSpec, tensor: Tensor): void {
  if (!isTensorType(tensor.type) || tensor.type !== spec.type || !fits(spec.shape, tensor.shape)) {
    throw mismatch(who, side, spec, describeTensor(tensor));
  }
  const problem = storageProblem(tensor);
  if (problem !== undefined) throw mismatch(who, side, spec, `${describeTensor(tensor)} ${problem}`);
}

function fits(expected: readonly (number | string)[], shape: readonly number[]): boolean {
  if (shape.some((size) => !Number.isSafeInteger(size) || size < 0)) return false;
  if (expected.length === 0) return true;
  return (
    shape.length === expected.length && expected.every((size, axis) => typeof size === 'string' || size === shape[axis])
  );
}

function storageProblem(tensor: Tensor): string | undefined {
  const count = elementCount(tensor.shape);
  if (isShared(tensor)) {
    if (!(tensor.buffer instanceof SharedArrayBuffer)) return 'in a buffer that is not shared';
    const end = tensor.byteOffset + count * bytesPerElement(tensor.type);
    return Number.isInteger(tensor.byteOffset) && tensor.byteOffset >= 0 && end <= tensor.buffer.byteLength
      ? undefined
      : `in bytes ${tensor.byteOffset} to ${end} of a buffer of ${tensor.buffer.byteLength}`;
  }
  if (!holdsType(tensor.type, tensor.data)) return `in a ${nameOf(tensor.data)}`;
  return tensor.data.length === count ? undefined : `with ${tensor.data.length} elements`;
}

function bindSymbols(
  who: string,
  spec: TensorSpec,
  tensor: Tensor,
  sizes: Map<string, { size: number; input: string }>,
): void {
  spec.shape.forEach((symbol, axis) => {
    const size = tensor.shape[axis];
    if (typeof symbol === 'number' || symbol === '?' || size === undefined) return;
    const bound = sizes.get(symbol);
    if (bound === undefined) sizes.set(symbol, { size, input: spec.name });
    else if (bound.size !== size) {
      const got = `${describeTensor(tensor)} while "${bound.input}" has ${symbol} = ${bound.size}`;
      throw mismatch(who, 'input', spec, got);
    }
  });
}

function mismatch(who: string, side: Side, spec: TensorSpec, got: string): VitascopeError {
  return new VitascopeError(
    'INFERENCE_INPUT',
    `${who}: ${side} "${spec.name}" expects ${describeTensor(spec)}, got ${got}`,
    { context: { [side]: spec.name, expectedType: spec.type, expectedShape: formatShape(spec.shape), got } },
  );
}

function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
}
