import type { AdapterPool } from '../../../models/adapters/adapter.js';
import { type FoleyNetworks, openFoleyNetworks } from '../../../models/adapters/foley/open-foley-networks.js';
import { expectModel, findModel, type ModelFinder } from '../../library-model.js';
import { ModelClock } from '../../model-clock.js';
import { checkVocabulary } from './impact-cue.js';

const OPERATOR = 'foley';

/** Looks, at once, whether the model can be on this machine. @throws VitascopeError `MODEL_NOT_FOUND`, `OPTION_INVALID` */
export function expectFoleyModel(model: string): void {
  expectModel(OPERATOR, model, 'foley');
}

/** The networks of one run of the operator: loaded with the first picture, given back by {@link close}. */
export class FoleyModel {
  /** Measures how long its networks ran. */
  readonly clock = new ModelClock();
  readonly #model: string;
  readonly #pool: AdapterPool;
  readonly #library: ModelFinder | undefined;
  #networks: Promise<FoleyNetworks> | undefined;

  constructor(model: string, pool: AdapterPool, library: ModelFinder | undefined) {
    this.#model = model;
    this.#pool = pool;
    this.#library = library;
  }

  /** @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`, `OPTION_INVALID`; what `InferencePool.load` throws. */
  networks(): Promise<FoleyNetworks> {
    this.#networks ??= this.#open();
    return this.#networks;
  }

  /** Runs that were asked for before still end. Never rejects: whoever asked has been told. */
  async close(): Promise<void> {
    const networks = await this.#networks?.catch(() => undefined);
    await Promise.allSettled([networks?.[Symbol.asyncDispose]()]);
  }

  async #open(): Promise<FoleyNetworks> {
    const files = await findModel(OPERATOR, this.#model, 'foley', this.#library);
    const networks = await openFoleyNetworks(files, this.clock.timed(this.#pool));
    try {
      checkVocabulary(files.id, networks.step.parameters);
      return networks;
    } catch (error) {
      await networks[Symbol.asyncDispose]();
      throw error;
    }
  }
}
