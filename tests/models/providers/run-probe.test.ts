import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ProbeOrder, ProbeOutcome } from '../../../models/providers/probe-protocol.js';
import { runProbe } from '../../../models/providers/run-probe.js';
import { fixture } from '../helpers.js';

const order: ProbeOrder = {
  provider: 'webgpu',
  model: fixture('double'),
  settings: { executionProviders: ['cpu'] },
  selfTest: { sizes: { h: 4, w: 8 } },
  cpuThreads: 1,
};

/** Runs one of the programs that stand in for the real probe. */
function pretend(name: string, timeoutMs = 60_000): Promise<ProbeOutcome> {
  const entry = fileURLToPath(new URL(`../../fixtures/probes/${name}.mjs`, import.meta.url));
  return runProbe(order, { timeoutMs, entry });
}

describe('a probe in a child process', () => {
  it('takes over what the child measured', async () => {
    expect(await pretend('works')).toEqual({
      works: true,
      proof: { maxError: 0.002, ms: 1, atLeast: false, cpuMs: 2, firstMs: 40, sessionMs: 3 },
    });
  });

  it('outlives a crash, and says when it came and what was printed', async () => {
    const outcome = await pretend('crash');
    expect(outcome).toMatchObject({ works: false, kind: 'crash' });
    expect(outcome).toHaveProperty(
      'reason',
      expect.stringMatching(/while a session was made \(SIGSEGV\).*internal error 7/),
    );
  });

  it('does not trust a provider whose process dies at its end', async () => {
    expect(await pretend('crash-at-end')).toMatchObject({
      works: false,
      kind: 'crash',
      reason: expect.stringContaining('at its end, after giving the right results (SIGABRT)'),
    });
  });

  it('ends a child that hangs', async () => {
    expect(await pretend('hang', 3000)).toMatchObject({
      works: false,
      kind: 'hang',
      reason: expect.stringMatching(/given up after 3 s, while a session was made; the CPU needs 2.0 ms/),
    });
  });

  it('takes the wait for a second run as the time of a run', async () => {
    const outcome = await pretend('slow', 3000);
    expect(outcome).toMatchObject({ works: true, proof: { atLeast: true, firstMs: 40, maxError: 0.001 } });
    expect(outcome.works && outcome.proof.ms).toBeGreaterThan(2);
  });

  it('names the library that a failure is about', async () => {
    expect(await pretend('throw')).toEqual({
      works: false,
      kind: 'error',
      reason: 'Failed to load shared library: the library libcudnn.so.9 cannot be found',
    });
  });

  it('tells of a child that ends without a word', async () => {
    expect(await pretend('quits')).toMatchObject({
      works: false,
      kind: 'crash',
      reason: expect.stringContaining('exit code 3'),
    });
  });

  it('tells of a child that cannot be started', async () => {
    expect(await pretend('no-such-program')).toMatchObject({ works: false, kind: 'crash' });
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const entry = fileURLToPath(new URL('../../fixtures/probes/hang.mjs', import.meta.url));
    const probing = runProbe(order, { timeoutMs: 60_000, entry, signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(probing).rejects.toThrow('enough');
  });
});

describe('the real probe', () => {
  it('proves a provider that gives the results of the CPU', async () => {
    const outcome = await runProbe(order, { timeoutMs: 60_000 });
    expect(outcome).toMatchObject({ works: true, proof: { maxError: 0, atLeast: false } });
  });

  it('refuses a provider that the runtime does not have', async () => {
    const outcome = await runProbe({ ...order, settings: { executionProviders: ['nonsense'] } }, { timeoutMs: 60_000 });
    expect(outcome).toMatchObject({
      works: false,
      kind: 'error',
      reason: expect.stringContaining('backend not found'),
    });
  });

  it('says when the self-test proves nothing', async () => {
    const blank = { ...order, selfTest: { sizes: { h: 4, w: 8 }, inputs: { x: { range: [0, 0] as const } } } };
    expect(await runProbe(blank, { timeoutMs: 60_000 })).toMatchObject({
      works: false,
      kind: 'unproven',
      reason: expect.stringContaining('every output is zero'),
    });
  });
});
