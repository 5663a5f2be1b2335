import type { AdapterPool, ModelFiles } from '../adapter.js';
import { unknownFamily } from '../unknown-family.js';
import { LookNetwork } from './look-network.js';
import { StepNetwork } from './step-network.js';

const FAMILY = 'foley-step';

/** The networks of a model for `foley`. Disposing gives them back. */
export interface FoleyNetworks extends AsyncDisposable {
  readonly step: StepNetwork;
  /** Missing where the model has none: what a step says of the material must do. */
  readonly look: LookNetwork | undefined;
}

/**
 * Loads a model that sees what sounds.
 *
 * @throws VitascopeError `MODEL_INVALID` for another family, and for files that do not fit it; what `InferencePool.load` throws.
 */
export async function openFoleyNetworks(model: ModelFiles, pool: AdapterPool): Promise<FoleyNetworks> {
  const who = `openFoleyNetworks(${model.id})`;
  if (model.entry.family !== FAMILY) throw unknownFamily(who, model, [FAMILY]);
  const step = await StepNetwork.open(who, model, pool);
  try {
    const look = await LookNetwork.open(step.parameters, step.side, model, pool);
    const dispose = async (): Promise<void> => {
      await Promise.all([step[Symbol.asyncDispose](), look?.[Symbol.asyncDispose]()]);
    };
    return { step, look, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await step[Symbol.asyncDispose]();
    throw error;
  }
}
