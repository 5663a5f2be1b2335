import type { InlineTensor } from '../tensor.js';
import { fromHalf } from './half.js';

/** How near a provider must come to the CPU's results. An element agrees when either of the first two bounds holds. */
export interface Tolerance {
  /** Difference, in the output's own unit. Default 1e-4 for floats, 1 for integers. */
  readonly absolute: number;
  /** Difference as a share of the largest magnitude that the CPU gave in that output. Default 0.01 for floats (GPUs multiply with 10 bits of fraction), 0 for integers. */
  readonly relative: number;
  /** Share of the elements of an output that may differ by more. Default 0 for floats, 0.001 for integers, where rounding may tip a value over. */
  readonly outliers: number;
}

/** The outcome of comparing all outputs. */
export interface Comparison {
  /** Largest difference as a share of the largest magnitude of its output; infinite for what is not a number. */
  readonly maxError: number;
  /** What is wrong, in words; nothing when all agree. */
  readonly problem: string | undefined;
}

type Outputs = Readonly<Record<string, InlineTensor>>;

/** Compares outputs with those of the CPU. Elements that the CPU itself gives as infinite or NaN are left out. */
export function compareOutputs(expected: Outputs, actual: Outputs, tolerance: Partial<Tolerance> = {}): Comparison {
  let maxError = 0;
  let problem: string | undefined;
  for (const [name, reference] of Object.entries(expected)) {
    const result = compareTensors(name, reference, actual[name], tolerance);
    maxError = Math.max(maxError, result.maxError);
    problem ??= result.problem;
  }
  return { maxError, problem };
}

/** Why outputs of the CPU are no yardstick, in words; nothing when they are one. */
export function uselessReference(outputs: Outputs): string | undefined {
  const tensors = Object.values(outputs);
  if (tensors.every(({ data }) => data.length === 0)) return 'every output is empty';
  const informative = tensors.some((tensor) => magnitude(tensor) > 0);
  return informative ? undefined : 'every output is zero';
}

function compareTensors(
  name: string,
  expected: InlineTensor,
  actual: InlineTensor | undefined,
  tolerance: Partial<Tolerance>,
): Comparison {
  const wrong = (text: string): Comparison => ({
    maxError: Number.POSITIVE_INFINITY,
    problem: `output "${name}" ${text}`,
  });
  if (actual === undefined) return wrong('is missing');
  const shapes = [expected, actual].map((t) => `${t.type} [${t.shape.join(',')}]`);
  if (shapes[0] !== shapes[1]) return wrong(`is ${shapes[1]}, the CPU gives ${shapes[0]}`);

  const limits = { ...defaultTolerance(expected), ...tolerance };
  const scale = magnitude(expected);
  const read = reader(expected);
  const readActual = reader(actual);
  const bound = Math.max(limits.absolute, limits.relative * scale);
  let worst = 0;
  let beyond = 0;
  let broken = 0;
  let nonZero = false;
  for (let i = 0; i < expected.data.length; i++) {
    const value = readActual(i);
    const reference = read(i);
    if (value !== 0) nonZero = true;
    if (!Number.isFinite(reference)) continue;
    if (!Number.isFinite(value)) {
      broken++;
      continue;
    }
    const difference = Math.abs(value - reference);
    if (difference > worst) worst = difference;
    if (difference > bound) beyond++;
  }
  if (broken > 0) return wrong(`has ${broken} values that are infinite or not a number (float16 overflow does that)`);
  if (!nonZero && scale > bound) return wrong('is all zeros');
  const maxError = scale > 0 ? worst / scale : worst;
  if (beyond <= limits.outliers * expected.data.length) return { maxError, problem: undefined };
  const size = `differs by up to ${worst.toPrecision(3)}, ${(bound).toPrecision(3)} is allowed`;
  return { maxError, problem: `output "${name}" ${size} (${beyond} of ${expected.data.length} values)` };
}

function defaultTolerance({ type }: InlineTensor): Tolerance {
  return type.startsWith('float')
    ? { absolute: 1e-4, relative: 0.01, outliers: 0 }
    : { absolute: 1, relative: 0, outliers: 0.001 };
}

/** Largest magnitude among finite values. */
function magnitude(tensor: InlineTensor): number {
  const read = reader(tensor);
  let largest = 0;
  for (let i = 0; i < tensor.data.length; i++) {
    const size = Math.abs(read(i));
    if (size > largest && Number.isFinite(size)) largest = size;
  }
  return largest;
}

function reader({ type, data }: InlineTensor): (i: number) => number {
  if (type === 'float16') return (i) => fromHalf(data[i] as number);
  return (i) => Number(data[i]);
}
