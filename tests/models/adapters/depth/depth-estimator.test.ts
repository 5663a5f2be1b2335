import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DepthEstimator, openDepthEstimator } from '../../../../models/adapters/depth/open-depth-estimator.js';
import type { AdapterParameters } from '../../../../models/catalog/adapter-parameters.js';
import { findCatalogEntry } from '../../../../models/catalog/load-catalog.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { GraphBuilder } from '../../../../models/onnx/graph-builder.js';
import type { FrameProperties, VideoFrame } from '../../../../pipeline/video-frame.js';
import { testFrame } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';
import { failure } from '../../helpers.js';
import { modelFiles } from '../public-models.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let pool: InferencePool;
beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 1 });
});
afterAll(() => pool.dispose());
const path = workspace();

/** A network that takes what is bright for near: 10 times the mean of the channels, plus 3. */
async function openTiny(
  adapter: AdapterParameters,
  shape: readonly (number | string)[] = [1, 3, 'h', 'w'],
): Promise<DepthEstimator> {
  const graph = new GraphBuilder('tiny');
  const image = graph.input('image', 'float32', shape);
  const light = graph.node('ReduceMean', [image, graph.ints([1], [1])], { keepdims: 0 });
  const depth = graph.node('Add', [graph.node('Mul', [light, graph.scalar(10)]), graph.scalar(3)]);
  graph.output('depth', depth, 'float32', [1, 'H', 'W']);
  await writeFile(path('tiny.onnx'), graph.build());
  return openDepthEstimator(modelFiles('image-depth', path('tiny.onnx'), adapter), pool);
}

/** Luma rises from left to right. */
function ramp(properties: Partial<FrameProperties>): VideoFrame {
  const frame = testFrame(0, properties);
  const luma = frame.plane(0);
  for (let i = 0; i < luma.length; i++) luma[i] = 40 + (150 * (i % frame.width)) / (frame.width - 1);
  for (const plane of [1, 2] as const) frame.plane(plane).fill(128);
  return frame;
}

describe('depth', () => {
  const depthAnything = findCatalogEntry('depth-anything-v2-small').adapter;

  it('is stretched to 0 to 1, at a size in the steps and proportions that suit network and frame', async () => {
    const estimator = await openTiny(depthAnything);
    const frame = ramp({ width: 320, height: 180 });
    const { width, height, nearness } = await estimator.estimate(frame);
    frame.close();
    expect([width % 14, height % 14]).toEqual([0, 0]);
    expect(width / height).toBeCloseTo(16 / 9, 1);
    expect(nearness).toHaveLength(width * height);
    const row = nearness.subarray(0, width);
    expect(row[0]).toBeCloseTo(0, 5);
    expect(row.at(-1)).toBeCloseTo(1, 2);
    expect(row[Math.floor(width / 2)]).toBeCloseTo(0.5, 1);
    await estimator[Symbol.asyncDispose]();
  });

  it('comes at the size of the frame when that is wanted', async () => {
    const estimator = await openTiny(depthAnything);
    const frame = ramp({ width: 101, height: 67 });
    const { width, height, nearness } = await estimator.estimate(frame, { size: 'frame' });
    frame.close();
    expect([width, height]).toEqual([101, 67]);
    const middle = nearness.subarray(33 * 101, 34 * 101);
    for (let x = 0; x < 101; x += 10) expect(Math.abs((middle[x] ?? 0) - x / 100)).toBeLessThan(0.02);
    await estimator[Symbol.asyncDispose]();
  });

  it('leaves out the margins of a letterbox, near as they may seem', async () => {
    const adapter: AdapterParameters = { range: [0, 255], fit: 'letterbox', pad: 255, anchor: 'centre' };
    const estimator = await openTiny(adapter, [1, 3, 64, 64]);
    const frame = ramp({ width: 128, height: 64 });
    const { width, height, nearness } = await estimator.estimate(frame);
    frame.close();
    expect([width, height]).toEqual([64, 32]);
    expect(nearness[0]).toBeCloseTo(0, 5);
    expect(nearness[63]).toBeCloseTo(1, 5);
    await estimator[Symbol.asyncDispose]();
  });

  it('of a picture without any is 0 everywhere', async () => {
    const estimator = await openTiny({ range: [0, 1], size: [8, 8] });
    const frame = testFrame(0, { width: 16, height: 16 });
    for (const plane of [0, 1, 2] as const) frame.plane(plane).fill(128);
    const { nearness } = await estimator.estimate(frame);
    frame.close();
    expect(Math.max(...nearness)).toBeLessThan(1e-5);
    await estimator[Symbol.asyncDispose]();
  });

  it('is not made of a model of another family', async () => {
    const opening = openDepthEstimator(modelFiles('detr', path('none.onnx')), pool);
    expect(await failure(opening)).toMatchObject({ code: 'MODEL_INVALID' });
  });
});
