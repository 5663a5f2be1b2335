import { describe, expect, it } from 'vitest';
import {
  configureDefaultInferencePool,
  defaultInferencePool,
  disposeDefaultInferencePool,
} from '../../../models/default-pool.js';
import { InferencePool } from '../../../models/inference-pool.js';
import type { ProviderChoice } from '../../../models/providers/choose-provider.js';
import { needsOneThread } from '../../../models/providers/one-thread.js';
import type { ProviderWish } from '../../../models/providers/provider.js';
import { type ModelProvider, ProviderSelector } from '../../../models/providers/provider-selector.js';
import { failure, fixture, row } from '../helpers.js';

const onGpu: ProviderChoice = {
  provider: 'cuda',
  sessionSettings: { executionProviders: ['cuda'] },
  refused: [{ provider: 'tensorrt', kind: 'crash', reason: 'died' }],
  selfTest: { maxError: 0, ms: 1, atLeast: false, cpuMs: 2, firstMs: 3, sessionMs: 4 },
};

describe('the providers of a pool', () => {
  function selector(wish: ProviderWish, choice: ProviderChoice = onGpu) {
    const asked: string[] = [];
    const told: ModelProvider[] = [];
    const choose = async ({ id }: { id: string }): Promise<ProviderChoice> => {
      asked.push(id);
      return choice;
    };
    return { asked, told, selector: new ProviderSelector(wish, (c) => told.push(c), choose) };
  }

  it('are chosen for each model, told once, and remembered', async () => {
    const { selector: providers, told } = selector('auto');
    expect(await providers.settingsFor(fixture('double'))).toEqual({
      session: { executionProviders: ['cuda'] },
      replicas: 1,
    });
    await providers.settingsFor(fixture('double'));
    expect(told).toEqual([{ model: 'double', provider: 'cuda', refused: onGpu.refused, selfTest: onGpu.selfTest }]);
    expect(providers.choices).toEqual(told);
  });

  it('leave small graphs on the CPU, and ask nobody', async () => {
    const { selector: providers, asked } = selector('cuda');
    expect(await providers.settingsFor({ ...fixture('double'), placement: 'cpu' })).toEqual({
      session: {},
      replicas: undefined,
    });
    expect(asked).toEqual([]);
  });

  it('are the CPU without being asked for', async () => {
    const { selector: providers, asked } = selector('cpu');
    await providers.settingsFor(fixture('double'));
    expect(asked).toEqual([]);
    await using pool = new InferencePool({ workers: 1 });
    await using model = await pool.load(fixture('double'));
    await model.run(row(1));
    expect(model.metrics().provider).toBe('cpu');
    expect(pool.metrics().providers).toEqual([]);
  });

  it('keep as many sessions as ever on the CPU', async () => {
    const { selector: providers } = selector('auto', {
      ...onGpu,
      provider: 'cpu',
      sessionSettings: { executionProviders: ['cpu'] },
    });
    expect((await providers.settingsFor(fixture('double'))).replicas).toBeUndefined();
  });

  it('are refused when they are named and not there', async () => {
    await using pool = new InferencePool({ workers: 1, provider: process.platform === 'darwin' ? 'dml' : 'coreml' });
    expect(await failure(pool.load(fixture('double')))).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  });

  it('are named in one way only', () => {
    expect(() => new InferencePool({ provider: 'auto', executionProviders: ['cpu'] })).toThrow(/not both/);
    expect(() => new InferencePool({ provider: 'rocm' as never })).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        message: expect.stringContaining('must be one of auto, tensorrt'),
      }),
    );
  });

  it('that share a device are known by name, with options and without', () => {
    expect(needsOneThread({ executionProviders: ['webgpu'] })).toBe(true);
    expect(needsOneThread({ executionProviders: [{ name: 'webgpu', validationMode: 'full' }] })).toBe(true);
    expect(needsOneThread({ executionProviders: ['cuda'] })).toBe(false);
  });
});

describe('the default pool', () => {
  it('is made with what was configured before its first use', async () => {
    configureDefaultInferencePool({ workers: 1, maxQueued: 7 });
    try {
      expect(defaultInferencePool().maxQueued).toBe(7);
      expect(() => configureDefaultInferencePool({})).toThrow(/in use already/);
    } finally {
      await disposeDefaultInferencePool();
      configureDefaultInferencePool({});
    }
  });
});
