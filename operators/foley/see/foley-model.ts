import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AdapterPool, ModelFiles } from '../../../models/adapters/adapter.js';
import { type FoleyNetworks, openFoleyNetworks } from '../../../models/adapters/foley/open-foley-networks.js';
import { modelInFolder } from '../../../models/library/embedded-models.js';
import { VitascopeError } from '../../../pipeline/index.js';
import { expectModel, findModel, type ModelFinder } from '../../library-model.js';
import { ModelClock } from '../../model-clock.js';
import { checkVocabulary } from './impact-cue.js';

const OPERATOR = 'foley';

/** Looks, at once, whether the model can be on this machine. @throws VitascopeError `MODEL_NOT_FOUND` */
export function expectFoleyModel(model: string): void {
  if (!isPath(model)) expectModel(model);
  else if (!existsSync(join(model, 'model.json'))) {
    throw new VitascopeError('MODEL_NOT_FOUND', `${OPERATOR}: there is no model at ${model}`, {
      context: { path: model },
    });
  }
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
    const files = await this.#files();
    const networks = await openFoleyNetworks(files, this.clock.timed(this.#pool));
    try {
      checkVocabulary(files.id, networks.step.parameters);
      return networks;
    } catch (error) {
      await networks[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #files(): Promise<ModelFiles> {
    if (!isPath(this.#model)) return findModel(OPERATOR, this.#model, 'foley', this.#library);
    const files = await modelInFolder(this.#model);
    if (files?.entry.task === 'foley') return files;
    throw new VitascopeError(
      'MODEL_INVALID',
      `${OPERATOR}: ${join(this.#model, 'model.json')} does not describe a foley model`,
      { context: { path: this.#model, task: files?.entry.task } },
    );
  }
}

function isPath(model: string): boolean {
  return /[/\\]/.test(model);
}
