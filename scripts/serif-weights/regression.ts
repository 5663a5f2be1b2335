import { SymmetricSystem } from '../../operators/text/read/symmetric-system.js';

/** What is known of something that is, or is not, of a class. */
export interface Example {
  readonly values: readonly number[];
  readonly isOfClass: boolean;
}

/** Says that something is of the class where weights · values + bias is above 0. */
export interface LinearRule {
  readonly weights: readonly number[];
  readonly bias: number;
}

/** Penalty on squared weights of values that are scaled to a standard deviation of 1. */
const RIDGE = 1e-3;
/** Steps of Newton's method at most, and how far the last one moves any weight. */
const MOST_STEPS = 30;
const LAST_STEP = 1e-9;

/** How far a rule places values on the side of the class: the logarithm of the odds. */
export function score({ weights, bias }: LinearRule, values: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * (values[i] as number), bias);
}

/**
 * Logistic regression with a ridge, by Newton's method. Both classes count the same, however many examples each has.
 *
 * @param examples All of as many values.
 * @throws Error where one of the classes has no example.
 * @see Hastie, Tibshirani, Friedman: The Elements of Statistical Learning, section 4.4.1
 */
export function fitLogistic(examples: readonly Example[]): LinearRule {
  const inClass = examples.filter(({ isOfClass }) => isOfClass).length;
  if (inClass === 0 || inClass === examples.length)
    throw new Error('fitLogistic: there must be examples of both classes');
  const scales = scalesOf(examples);
  const scaled = examples.map(({ values, isOfClass }) => ({
    values: [...values.map((value, i) => (value - (scales[i] as Scale).mean) / (scales[i] as Scale).deviation), 1],
    isOfClass,
    share: 0.5 / (isOfClass ? inClass : examples.length - inClass),
  }));
  const found = new Float64Array(scales.length + 1);
  for (let count = 0; count < MOST_STEPS; count++) {
    const step = newtonStep(scaled, found);
    for (const [i, change] of step.entries()) found[i] = (found[i] as number) - change;
    if (step.every((change) => Math.abs(change) < LAST_STEP)) break;
  }
  const weights = scales.map(({ deviation }, i) => (found[i] as number) / deviation);
  const atMeans = weights.reduce((sum, weight, i) => sum + weight * (scales[i] as Scale).mean, 0);
  return { weights, bias: (found[scales.length] as number) - atMeans };
}

/** Scores of examples, each by what all but those of its own group taught. @throws Error where one of the classes is a single group's. */
export function heldOutScores(examples: readonly (Example & { readonly group: string })[]): number[] {
  const rules = new Map<string, LinearRule>();
  for (const { group } of examples) {
    if (!rules.has(group)) rules.set(group, fitLogistic(examples.filter((other) => other.group !== group)));
  }
  return examples.map(({ group, values }) => score(rules.get(group) as LinearRule, values));
}

interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

function scalesOf(examples: readonly Example[]): Scale[] {
  return (examples[0] as Example).values.map((_, i) => {
    const values = examples.map((example) => example.values[i] as number);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, deviation: Math.sqrt(variance) || 1 };
  });
}

/** What is to be taken from the weights: the inverse of the Hessian, times the gradient. */
function newtonStep(examples: readonly (Example & { readonly share: number })[], weights: Float64Array): Float64Array {
  const size = weights.length;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  for (let i = 0; i < size - 1; i++) {
    gradient[i] = RIDGE * (weights[i] as number);
    hessian[i * size + i] = RIDGE;
  }
  for (const { values, isOfClass, share } of examples) {
    const likely = 1 / (1 + Math.exp(-score({ weights: Array.from(weights), bias: 0 }, values)));
    const [slope, bend] = [share * (likely - (isOfClass ? 1 : 0)), share * likely * (1 - likely)];
    for (let row = 0; row < size; row++) {
      const value = values[row] as number;
      gradient[row] = (gradient[row] as number) + slope * value;
      for (let column = 0; column <= row; column++) {
        const at = row * size + column;
        hessian[at] = (hessian[at] as number) + bend * value * (values[column] as number);
      }
    }
  }
  const system = SymmetricSystem.of(size, hessian);
  if (system === undefined) throw new Error('fitLogistic: values say nothing, or are not numbers');
  return system.solve(gradient);
}
