import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WorkerCalls } from '../../operators/worker-calls.js';

vi.setConfig({ testTimeout: 60_000 });

const started: WorkerCalls<unknown, unknown>[] = [];

function echo(): WorkerCalls<unknown, unknown> {
  const worker = new Worker(new URL('./echo-worker.mjs', import.meta.url), { execArgv: [] });
  const calls = new WorkerCalls<unknown, unknown>(worker, 'echo');
  started.push(calls);
  return calls;
}

afterEach(() => Promise.all(started.splice(0).map((calls) => calls.close())));

describe('WorkerCalls', () => {
  it('gives each question its answer, though one is answered later than the next', async () => {
    const calls = echo();
    const answered: unknown[] = [];
    await Promise.all(['slow', 1, { two: 2 }].map(async (question) => answered.push(await calls.ask(question))));
    expect(answered).toEqual([1, { two: 2 }, 'slow']);
  });

  it('fails with what the thread failed with, and goes on', async () => {
    const calls = echo();
    await expect(calls.ask('ours')).rejects.toMatchObject({
      ...{ name: 'VitascopeError', code: 'OPTION_INVALID', message: 'echo: not that', context: { question: 'ours' } },
    });
    await expect(calls.ask('other')).rejects.toMatchObject({
      ...{ code: 'OPERATOR_FAILED', message: 'echo: too far', cause: { name: 'RangeError' } },
    });
    expect(await calls.ask('on')).toBe('on');
  });

  it('fails for a question that cannot be sent, and goes on', async () => {
    const calls = echo();
    await expect(calls.ask(() => 1)).rejects.toThrow('could not be cloned');
    expect(await calls.ask('on')).toBe('on');
  });

  it.each(['exit', 'crash'])('tells who waits, and who asks later, that the thread has ended: %s', async (question) => {
    const calls = echo();
    const waiting = [calls.ask(question), calls.ask('slow')];
    for (const ask of waiting) await expect(ask).rejects.toMatchObject({ code: 'WORKER_LOST' });
    expect(calls.hasEnded).toBe(true);
    await expect(calls.ask(1)).rejects.toMatchObject({ code: 'WORKER_LOST' });
  });
});
