import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cropStage } from '../../../../models/adapters/picture/crop-stage.js';
import { type Fit, placementFeeds } from '../../../../models/adapters/picture/letterbox.js';
import type { ImageFormat } from '../../../../models/adapters/picture/model-image.js';
import { pictureFeeds, planeTypeOf } from '../../../../models/adapters/picture/picture-input.js';
import { pictureStage } from '../../../../models/adapters/picture/picture-stage.js';
import { placeFrame } from '../../../../models/adapters/picture/place-frame.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { type InlineTensor, inlineTensor, type Tensor, type TensorType } from '../../../../models/tensor.js';
import { type PixelFormat, unspecifiedColor } from '../../../../pipeline/picture.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { testFrame } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';
import { runGraph } from './run-graph.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

interface Case {
  readonly pixelFormat: PixelFormat;
  readonly width: number;
  readonly height: number;
  readonly matrix: number;
  readonly range: 'tv' | 'pc';
  readonly canvas: readonly [width: number, height: number];
  readonly image?: ImageFormat;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
interface Placed extends Case {
  readonly inner: readonly [number, number];
  readonly at: readonly [left: number, top: number];
  readonly pad?: number;
  readonly fit: Fit;
}
interface Warped extends Case {
  readonly homographies: readonly (readonly number[])[];
  readonly outside: number | 'edge';
}
const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')) as {
  placed: Record<string, Placed>;
  warped: Record<string, Warped>;
};

let pool: InferencePool;
beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 1 });
});
afterAll(() => pool.dispose());
const path = workspace();

/** The pattern that the referee computes with. */
function pattern({ pixelFormat, width, height, matrix, range }: Case): VideoFrame {
  const frame = testFrame(0, { pixelFormat, width, height, color: { ...unspecifiedColor, matrix, range } });
  const unit = frame.bitDepth === 8 ? 1 : 4;
  const steps = [
    [17, 29, 190, 30],
    [23, 11, 120, 60],
    [13, 31, 110, 70],
  ] as const;
  for (const index of [0, 1, 2] as const) {
    const [a, b, modulus, base] = steps[index];
    const { width: columns } = frame.planes[index];
    const plane = frame.plane(index);
    for (let i = 0; i < plane.length; i++) {
      plane[i] = unit * (base + ((a * (i % columns) + b * Math.floor(i / columns)) % modulus));
    }
  }
  return frame;
}

async function through(
  frame: VideoFrame,
  graph: Uint8Array,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<InlineTensor> {
  const outputs = await runGraph(pool, path('stage.onnx'), graph, { ...pictureFeeds(frame), ...feeds });
  frame.close();
  return outputs.image as InlineTensor;
}

function expectTensor(tensor: InlineTensor, { shape, values }: Case, tolerance: number): void {
  expect(tensor.shape).toEqual(shape);
  const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(tensor.data[i]))), 0);
  expect(worst).toBeLessThan(tolerance);
}

/** float32 sums, and three decimals. */
const EXACT = 0.01;

describe('a picture on its way into a network', () => {
  it.each(Object.entries(expected.placed))('comes out as the referee has it: %s', async (_, want) => {
    const frame = pattern(want);
    const [width, height] = want.canvas;
    const placement = placeFrame(frame, { width, height }, want.fit);
    expect([placement.inner.width, placement.inner.height]).toEqual(want.inner);
    expect([placement.left, placement.top]).toEqual(want.at);
    const graph = pictureStage({ ...want.image, output: 'image', planes: planeTypeOf(frame), pad: want.pad ?? 0 });
    expectTensor(await through(frame, graph, placementFeeds(placement)), want, EXACT);
  });

  it.each(['float16', 'uint8', 'int32'] as const)('comes out as %s', async (dtype) => {
    const want = expected.placed['letterboxed to the top'] as Placed;
    const frame = pattern(want);
    const placement = placeFrame(frame, { width: 8, height: 8 }, want.fit);
    const graph = pictureStage({ dtype, output: 'image', planes: 'uint8', pad: 114 });
    const tensor = await through(frame, graph, placementFeeds(placement));
    expect(tensor.type).toBe(dtype satisfies TensorType);
    if (dtype === 'float16') expect(tensor.data.at(-1)).toBe(0x5720);
    else expectTensor(tensor, want, 0.51);
  });
});

describe('pieces of a picture', () => {
  it.each(Object.entries(expected.warped))('come out as the referee has them: %s', async (_, want) => {
    const [width, height] = want.canvas;
    const frame = pattern(want);
    const graph = cropStage({
      ...want.image,
      output: 'image',
      planes: 'uint8',
      size: { width, height },
      outside: want.outside,
    });
    const matrices = Float32Array.from(want.homographies.flat());
    const homographies = inlineTensor('float32', [want.homographies.length, 3, 3], matrices);
    expectTensor(await through(frame, graph, { homographies }), want, 0.05);
  });
});
