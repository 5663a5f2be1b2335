import { describe, expect, it } from 'vitest';
import {
  assertProviderPresent,
  type ChooseOptions,
  chooseProvider,
  refuseSlower,
} from '../../../models/providers/choose-provider.js';
import type { ProbeOrder, ProbeOutcome, Proof } from '../../../models/providers/probe-protocol.js';
import { workspace } from '../../helpers/workspace.js';
import { fixture } from '../helpers.js';
import { hostWith, nvidiaHost } from './host-stub.js';

const proof = (ms: number, cpuMs = 10): Proof => ({
  maxError: 0.001,
  ms,
  atLeast: false,
  cpuMs,
  firstMs: 50,
  sessionMs: 5,
});
const works = (ms: number): ProbeOutcome => ({ works: true, proof: proof(ms) });
const fails = (kind: 'crash' | 'wrong' | 'error' | 'hang', reason: string): ProbeOutcome => ({
  works: false,
  kind,
  reason,
});

describe('choosing a provider', () => {
  const path = workspace();
  const model = fixture('double');

  /** Options with made-up probes, and what was probed. */
  function withProbes(outcomes: Readonly<Record<string, ProbeOutcome>>, options: ChooseOptions = {}) {
    const probed: ProbeOrder[] = [];
    const probe = async (order: ProbeOrder): Promise<ProbeOutcome> => {
      probed.push(order);
      return outcomes[order.provider] ?? fails('error', 'not in this test');
    };
    return { probed, options: { host: nvidiaHost, cacheFolder: path('cache'), probe, ...options } };
  }

  it('takes the first that is proved', async () => {
    const { probed, options } = withProbes({ tensorrt: works(2), cuda: works(1) });
    const choice = await chooseProvider(model, 'auto', options);
    expect(choice).toEqual({
      provider: 'tensorrt',
      sessionSettings: { executionProviders: ['tensorrt', 'cuda'] },
      refused: [],
      selfTest: proof(2),
    });
    expect(probed.map(({ provider }) => provider)).toEqual(['tensorrt']);
  });

  it('goes on past crashes, wrong results and slowness, and tells why', async () => {
    const { options } = withProbes({
      tensorrt: fails('crash', 'died'),
      cuda: fails('wrong', 'is all zeros'),
      webgpu: works(4120),
    });
    const choice = await chooseProvider(model, 'auto', options);
    expect(choice.provider).toBe('cpu');
    expect(choice.sessionSettings).toEqual({ executionProviders: ['cpu'] });
    expect(choice.refused.map(({ provider, kind }) => [provider, kind])).toEqual([
      ['tensorrt', 'crash'],
      ['cuda', 'wrong'],
      ['coreml', 'absent'],
      ['dml', 'absent'],
      ['webgpu', 'slower'],
    ]);
    expect(choice.refused.at(-1)?.reason).toBe(
      'it gives the right results, but takes 4120 ms where the CPU takes 10.0 ms',
    );
  });

  it('starts nothing on a machine without a GPU', async () => {
    const { probed, options } = withProbes({}, { host: hostWith({ libraries: ['libvulkan.so.1'] }) });
    expect((await chooseProvider(model, 'auto', options)).provider).toBe('cpu');
    expect(probed).toEqual([]);
  });

  it('starts nothing when the CPU is wanted', async () => {
    const { probed, options } = withProbes({});
    expect(await chooseProvider(model, 'cpu', options)).toMatchObject({ provider: 'cpu', refused: [] });
    expect(probed).toEqual([]);
  });

  it('takes a provider that was named although it is slower', async () => {
    const { options } = withProbes({ webgpu: works(4120) });
    expect(await chooseProvider(model, 'webgpu', options)).toMatchObject({
      provider: 'webgpu',
      selfTest: { ms: 4120 },
    });
  });

  it('does not fall back from a provider that was named', async () => {
    const { options } = withProbes({ cuda: fails('wrong', 'output "y" is all zeros') });
    await expect(chooseProvider(model, 'cuda', options)).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      message: expect.stringMatching(/provider cuda \(CUDA\) cannot be used for model double: output "y" is all zeros/),
      context: { provider: 'cuda', kind: 'wrong', model: 'double' },
    });
  });

  it('says what to install for a provider that was named and is not there', async () => {
    const { probed, options } = withProbes({}, { host: hostWith() });
    await expect(chooseProvider(model, 'cuda', options)).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      message: expect.stringMatching(/not installed.*CUDA 12 and cuDNN 9.*ONNXRUNTIME_NODE_INSTALL=true npm rebuild/),
    });
    expect(probed).toEqual([]);
    expect(() => assertProviderPresent('cuda', hostWith())).toThrow(/npm rebuild onnxruntime-node/);
    expect(() => assertProviderPresent('auto', hostWith())).not.toThrow();
    expect(() => assertProviderPresent('cuda', nvidiaHost)).not.toThrow();
  });

  it('refuses names that it does not know', async () => {
    await expect(chooseProvider(model, 'rocm' as never)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('remembers probes, refusals among them', async () => {
    const outcomes = { tensorrt: fails('crash', 'died'), cuda: works(1) };
    const before = withProbes(outcomes);
    const after = withProbes(outcomes);
    const choice = await chooseProvider(model, 'auto', before.options);
    expect(await chooseProvider(model, 'auto', after.options)).toEqual(choice);
    expect([before.probed.length, after.probed.length]).toEqual([2, 0]);
  });

  it('probes again when asked to, for another model, another self-test, or after a change of drivers', async () => {
    const outcomes = { tensorrt: works(1) };
    await chooseProvider(model, 'auto', withProbes(outcomes).options);
    const again = async (changed: object, options: ChooseOptions = {}) => {
      const probes = withProbes(outcomes, options);
      await chooseProvider({ ...model, ...changed }, 'auto', probes.options);
      return probes.probed.length;
    };
    expect(await again({})).toBe(0);
    expect(await again({}, { fresh: true })).toBe(1);
    expect(await again({ sha256: 'ab' })).toBe(1);
    expect(await again({ selfTest: { sizes: { h: 9 } } })).toBe(1);
    const updated = { ...nvidiaHost, env: { CUDA_VISIBLE_DEVICES: '1' } };
    expect(await again({}, { host: updated })).toBe(1);
  });

  it('probes once for streams that start together', async () => {
    const { probed, options } = withProbes({ tensorrt: works(1) });
    await Promise.all([chooseProvider(model, 'auto', options), chooseProvider(model, 'auto', options)]);
    expect(probed).toHaveLength(1);
  });

  it('gives each probe the time that was said, or else its own', async () => {
    const times: number[] = [];
    const probe = async (_: ProbeOrder, { timeoutMs }: { timeoutMs: number }): Promise<ProbeOutcome> => {
      times.push(timeoutMs);
      return works(1);
    };
    const { options } = withProbes({}, { probe });
    await chooseProvider(model, 'cuda', { ...options, timeoutMs: 4000 });
    await chooseProvider(model, 'cuda', { ...options, fresh: true });
    expect(times).toEqual([4000, 30_000]);
  });
});

describe('speed', () => {
  it('lets a provider pass that is as fast as the CPU', () => {
    expect(refuseSlower('cuda', proof(10))).toBeUndefined();
    expect(refuseSlower('cpu', undefined)).toBeUndefined();
  });

  it('says so when the time is a lower bound', () => {
    expect(refuseSlower('webgpu', { ...proof(5000), atLeast: true })?.reason).toContain('takes more than 5000 ms');
  });
});
