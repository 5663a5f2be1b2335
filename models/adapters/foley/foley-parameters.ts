import { z } from 'zod';
import { VitascopeError } from '../../../pipeline/errors.js';
import type { ModelFiles } from '../adapter.js';

const names = z.array(z.string().min(1)).min(1);

const foleyParameters = z.looseObject({
  /** Pictures a second that the network is shown. */
  stepsPerSecond: z.number().min(1).max(200),
  /** The outputs of a step tell of so many steps before it. */
  lookAheadSteps: z.int().min(0).max(100),
  /** Probability from which an onset counts. */
  onsetThreshold: z.number().gt(0).lt(1).default(0.3),
  /** What the numbers of the outputs `action`, `material` and `beds` are for, in their order. */
  actions: names,
  materials: names,
  beds: names,
  /** Of `look.onnx`: steps from an impact to the pictures that it is shown. */
  lookMoments: z.array(z.int().min(-100).max(100)).min(1).default([-4, -1, 0, 1, 3]),
});

/** Parameters of the family `foley-step`, as `model.json` has them under `adapter`. */
export type FoleyParameters = z.output<typeof foleyParameters>;

/** Reads the parameters of a model. @throws VitascopeError `MODEL_INVALID` that names the first that is wrong. */
export function foleyParametersOf(who: string, { id, entry }: ModelFiles): FoleyParameters {
  const result = foleyParameters.safeParse(entry.adapter);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new VitascopeError('MODEL_INVALID', `${who}: the parameters of model ${id} are wrong: ${problems.join('; ')}`, {
    context: { model: id, problems },
  });
}
