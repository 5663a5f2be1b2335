import { AsyncLocalStorage } from 'node:async_hooks';
import type { AdapterPool } from '../models/adapters/adapter.js';
import type { LoadedModel } from '../models/loaded-model.js';

/** Measures how long models ran for somebody, though adapters that run them do not say, and others run theirs at the same time. */
export class ModelClock {
  readonly #spent = new AsyncLocalStorage<{ ms: number }>();

  /** The pool, with the runs of its models counted. */
  timed(pool: AdapterPool): AdapterPool {
    return {
      load: async (source, options) => {
        const model = await pool.load(source, options);
        const run: LoadedModel['run'] = async (feeds, options) => {
          const result = await model.run(feeds, options);
          const spent = this.#spent.getStore();
          if (spent !== undefined) spent.ms += result.modelMs;
          return result;
        };
        return { ...model, run };
      },
    };
  }

  /** What the work gives, and the milliseconds that models of {@link timed} pools ran for it. */
  async measure<Result>(work: () => Promise<Result>): Promise<{ readonly result: Result; readonly modelMs: number }> {
    const spent = { ms: 0 };
    const result = await this.#spent.run(spent, work);
    return { result, modelMs: spent.ms };
  }
}
