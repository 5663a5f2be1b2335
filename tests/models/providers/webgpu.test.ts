import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferencePool } from '../../../models/inference-pool.js';
import { GraphBuilder } from '../../../models/onnx/graph-builder.js';
import { chooseProvider } from '../../../models/providers/choose-provider.js';
import { compareOutputs } from '../../../models/providers/compare-outputs.js';
import { selfTestFeeds } from '../../../models/providers/self-test.js';
import { softwareVulkanDriver } from '../../helpers/software-vulkan.js';
import { workspace } from '../../helpers/workspace.js';

const driver = softwareVulkanDriver();
const why = driver === undefined ? ' (skipped: no SwiftShader; Debian has it in chromium, and libvulkan1)' : '';

/** Two convolutions with a ReLU between them, and a sigmoid: float32 [1, 3, h, w] → [1, 2, h, w]. */
function tinyNetwork(): Uint8Array {
  const graph = new GraphBuilder('tiny');
  const image = graph.input('image', 'float32', [1, 3, 'h', 'w']);
  const weights = (count: number) => Array.from({ length: count }, (_, i) => Math.sin(i * 1.7) / 3);
  const pads = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  const hidden = graph.node('Relu', [graph.node('Conv', [image, graph.floats([8, 3, 3, 3], weights(216))], pads)]);
  const result = graph.node('Conv', [hidden, graph.floats([2, 8, 3, 3], weights(144))], pads);
  graph.output('y', graph.node('Sigmoid', [result]), 'float32', [1, 2, 'h', 'w']);
  return graph.build();
}

describe.skipIf(driver === undefined)(`WebGPU on a software driver${why}`, () => {
  const path = workspace();

  async function tinyModel() {
    await writeFile(path('tiny.onnx'), tinyNetwork());
    return { id: 'tiny', path: path('tiny.onnx'), selfTest: { sizes: { h: 48, w: 64 } } };
  }

  beforeEach(() => {
    process.env.VK_ICD_FILENAMES = driver;
  });
  afterEach(() => {
    delete process.env.VK_ICD_FILENAMES;
  });

  it('gives the results of the CPU, and is not chosen, since it is slower', async () => {
    // A busy machine takes its time to compile shaders.
    const options = { cacheFolder: path('cache'), timeoutMs: 100_000 };
    const named = await chooseProvider(await tinyModel(), 'webgpu', options);
    expect(named).toMatchObject({ provider: 'webgpu', sessionSettings: { executionProviders: ['webgpu'] } });
    expect(named.selfTest?.maxError).toBeLessThan(1e-3);

    const choice = await chooseProvider(await tinyModel(), 'auto', options);
    const webgpu = choice.refused.find(({ provider }) => provider === 'webgpu');
    expect([choice.provider, webgpu?.kind]).toEqual(['cpu', 'slower']);
    expect(webgpu?.reason).toMatch(/right results, but takes .* ms where the CPU takes .* ms/);
  });

  it('never runs two models at once, which would crash the process', async () => {
    const model = await tinyModel();
    const feeds = selfTestFeeds([{ name: 'image', type: 'float32', shape: [1, 3, 48, 64] }]);
    await using pool = new InferencePool({ workers: 2, executionProviders: ['webgpu'] });
    await using first = await pool.load(model);
    await using second = await pool.load({ ...model, id: 'other' }, { session: { variableShapes: true } });
    await using onCpu = await pool.load(model, { session: { executionProviders: ['cpu'] } });
    const results = await Promise.all([first, second, first, second, first, second].map((m) => m.run(feeds)));
    const expected = await onCpu.run(feeds);
    for (const { outputs } of results) expect(compareOutputs(expected.outputs, outputs).problem).toBeUndefined();
    expect(pool.metrics().models.map(({ model: id, provider }) => [id, provider])).toEqual([
      ['tiny', 'webgpu'],
      ['other', 'webgpu'],
      ['tiny', 'cpu'],
    ]);
  });
});
