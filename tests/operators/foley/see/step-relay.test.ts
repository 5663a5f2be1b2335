import { describe, expect, it } from 'vitest';
import type { StepOutputs, StepStates } from '../../../../models/adapters/foley/step-network.js';
import type { StepPicture } from '../../../../models/adapters/foley/step-picture.js';
import { inlineTensor } from '../../../../models/tensor.js';
import { OVERLAP, SPAN, StepRelay } from '../../../../operators/foley/see/step-relay.js';

const { signal } = new AbortController();
const picture = (value: number): StepPicture => inlineTensor('uint8', [1, 3, 1, 1], Uint8Array.of(value, 0, 0));

/** Says how many pictures its memory has seen, and adds up their first values. */
class Counter {
  begun = 0;
  readonly #seen = new Map<StepStates, { steps: number; sum: number }>();

  begin(): StepStates {
    const states = { of: {} } as unknown as StepStates;
    this.#seen.set(states, { steps: 0, sum: 0 });
    this.begun++;
    return states;
  }

  async step({ data }: StepPicture, states: StepStates): Promise<StepOutputs> {
    const memory = this.#seen.get(states) ?? { steps: 0, sum: 0 };
    memory.steps++;
    memory.sum += data[0] ?? 0;
    return { onset: memory.steps, energy: memory.sum } as StepOutputs;
  }
}

async function said(first: number, last: number): Promise<StepOutputs[]> {
  const relay = new StepRelay(new Counter());
  const outputs: StepOutputs[] = [];
  for (let step = first; step <= last; step++)
    outputs.push(await relay.step(step, picture(((step % 7) + 7) % 7), signal));
  return outputs;
}

describe('the relay of memories', () => {
  it('lets the first picture stand for a while', async () => {
    expect((await said(3, 4)).map(({ onset }) => onset)).toEqual([9, 10]);
  });

  it('hands over at fixed steps to a memory that has watched', async () => {
    const seen = (await said(0, 2 * SPAN)).map(({ onset }) => onset);
    expect(seen[SPAN - 1]).toBe(SPAN + 8);
    expect(seen[SPAN]).toBe(OVERLAP + 1);
    expect(Math.max(...seen.slice(SPAN))).toBe(SPAN + OVERLAP);
  });

  it('keeps its memory where the younger one came too late', async () => {
    const first = SPAN - OVERLAP + 1;
    const seen = (await said(first, SPAN + 1)).map(({ onset }) => onset);
    expect(seen.at(-1)).toBe(SPAN + 2 - first + 8);
  });

  it.each([-37, 0, 40, 99, 100])('says the same wherever it began, from step %i', async (first) => {
    const whole = await said(-250, 350);
    const later = await said(first, 350);
    const known = SPAN + OVERLAP;
    expect(later.slice(known)).toEqual(whole.slice(first + 250 + known));
  });
});
