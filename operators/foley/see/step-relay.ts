import type { StepNetwork, StepOutputs, StepStates } from '../../../models/adapters/foley/step-network.js';
import type { StepPicture } from '../../../models/adapters/foley/step-picture.js';

/** Steps after which a memory is given up for a younger one. It has been trained on clips of about 64. */
export const SPAN = 100;
/** Steps that the younger one watches before it takes over. */
export const OVERLAP = 25;
/** Steps for which the first picture counts as having stood: what the network says before is not meant. */
const STANDING = 8;

interface Memory {
  readonly states: StepStates;
  steps: number;
}

/**
 * Runs the network step by step, and hands over from memory to memory: each begins empty at a fixed time, watches for a while beside the one before, and takes its
 * place. So what the network says depends on the last {@link SPAN} + {@link OVERLAP} steps only: a run that was resumed says the very same, and nothing that
 * was remembered wrongly lasts. It costs a quarter more.
 */
export class StepRelay {
  readonly #network: Pick<StepNetwork, 'begin' | 'step'>;
  #present: Memory | undefined;
  #next: Memory | undefined;

  constructor(network: Pick<StepNetwork, 'begin' | 'step'>) {
    this.#network = network;
  }

  /** What the network says at a step. Steps follow one another; the picture of the first one counts as having stood before. */
  async step(step: number, picture: StepPicture, signal: AbortSignal): Promise<StepOutputs> {
    this.#present ??= await this.#standing(picture, signal);
    const phase = ((step % SPAN) + SPAN) % SPAN;
    if (phase === 0) this.#handOver();
    if (phase === SPAN - OVERLAP) this.#next = { states: this.#network.begin(), steps: 0 };
    const runs = [this.#present, this.#next].flatMap((memory) => memory ?? []);
    // Not before all have settled: states belong to their run until then.
    const settled = await Promise.allSettled(runs.map(({ states }) => this.#network.step(picture, states, signal)));
    for (const run of settled) if (run.status === 'rejected') throw run.reason;
    for (const memory of runs) memory.steps++;
    return (settled[0] as PromiseFulfilledResult<StepOutputs>).value;
  }

  #handOver(): void {
    if (this.#next?.steps === OVERLAP) this.#present = this.#next;
    this.#next = undefined;
  }

  async #standing(picture: StepPicture, signal: AbortSignal): Promise<Memory> {
    const states = this.#network.begin();
    for (let step = 0; step < STANDING; step++) await this.#network.step(picture, states, signal);
    return { states, steps: 0 };
  }
}
