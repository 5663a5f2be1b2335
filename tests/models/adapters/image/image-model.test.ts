import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImageModelOptions, openImageModel } from '../../../../models/adapters/image/image-model.js';
import type { AdapterParameters } from '../../../../models/catalog/adapter-parameters.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { float, GraphBuilder, type Value } from '../../../../models/onnx/graph-builder.js';
import type { TensorType } from '../../../../models/tensor.js';
import { type PixelFormat, pixelFormats } from '../../../../pipeline/picture.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { expectBalanced } from '../../../helpers/frames.js';
import { canvasFor, formatOf, gentleWaves, largestDifference, modelFiles, publicModel, waves } from './shared.js';

interface RefereeCase {
  readonly model: string;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly planes: readonly { readonly step: number; readonly mean: number; readonly values: readonly number[] }[];
}

const referee = JSON.parse(
  await readFile(new URL('../../../referees/image-to-image.json', import.meta.url), 'utf8'),
) as RefereeCase[];

let pool: InferencePool;
let folder: string;
let saved: string | undefined;

beforeAll(async () => {
  pool = new InferencePool({ workers: 1 });
  folder = await mkdtemp(join(tmpdir(), 'vitascope-image-'));
  saved = process.env.VITASCOPE_MODELS;
  process.env.VITASCOPE_MODELS = folder;
});
afterAll(async () => {
  await pool.dispose();
  if (saved === undefined) delete process.env.VITASCOPE_MODELS;
  else process.env.VITASCOPE_MODELS = saved;
  await rm(folder, { recursive: true });
});

/** Makes a picture of `frame` and looks at it. */
async function processed<T>(
  path: string,
  adapter: AdapterParameters,
  options: ImageModelOptions,
  frame: VideoFrame,
  look: (result: VideoFrame) => T,
  strength?: number,
): Promise<T> {
  await using model = await openImageModel(modelFiles(path, adapter), pool, options);
  const into = canvasFor(frame, model.scale);
  try {
    const { modelMs } = await model.process(frame, into, { strength });
    expect(modelMs).toBeGreaterThan(0);
    return look(into);
  } finally {
    into.close();
  }
}

interface TinyModel {
  readonly shape: readonly (number | string)[];
  readonly type?: TensorType;
  readonly scale?: number;
  readonly work?: (graph: GraphBuilder, image: Value) => Value;
}

/** Writes a model that gives its image back, enlarged by repeating pixels, after some work. */
async function tinyModel(name: string, { shape, type = 'float32', scale = 1, work }: TinyModel): Promise<string> {
  const graph = new GraphBuilder(name);
  const image = graph.input('image', type, shape);
  const floats = type === 'float32' ? image : graph.cast(image, 'float32');
  const done = work === undefined ? floats : work(graph, floats);
  const scales = graph.floats([4], [1, 1, scale, scale]);
  const larger =
    scale === 1
      ? done
      : graph.node('Resize', [done, undefined, scales], {
          mode: 'nearest',
          coordinate_transformation_mode: 'asymmetric',
          nearest_mode: 'floor',
        });
  const outShape = shape.map((size, axis) =>
    typeof size === 'number' && axis > 1 ? size * scale : typeof size === 'number' ? size : `${size}Out`,
  );
  graph.output('result', type === 'float32' ? larger : graph.cast(larger, type), type, outShape);
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, graph.build());
  return path;
}

/** Looks at a neighbourhood of 5×5 pixels, unevenly, and repeats the border as the adapter does. */
function blur(graph: GraphBuilder, image: Value): Value {
  const kernel = Array.from({ length: 25 }, (_, i) => (1 + (i % 7)) / 94);
  const weights = Array.from({ length: 3 }, () => kernel).flat();
  const padded = graph.node('Pad', [image, graph.ints([8], [0, 0, 2, 2, 0, 0, 2, 2])], { mode: 'edge' });
  return graph.node('Conv', [padded, graph.floats([3, 1, 5, 5], weights)], { group: 3 });
}

const free = ['N', 3, 'h', 'w'];

describe('openImageModel, against the referee', () => {
  const adapters: Record<string, AdapterParameters> = {
    stylize: { layout: 'NCHW', channels: 'BGR', range: [0, 255] },
    upscale: { layout: 'NCHW', channels: 'RGB', range: [0, 1], scale: 4 },
  };

  for (const expected of referee) {
    const { path, present } = publicModel(expected.model);
    const task = expected.model.split('/')[0] as string;
    it.skipIf(!present)(`gives the pictures of ${expected.model} (skipped where ../shared is absent)`, async () => {
      const isFull = expected.planes[0]?.values.length === expected.planes[1]?.values.length && expected.width === 720;
      const frame = waves(expected.width, expected.height, formatOf(isFull ? 0 : 1));
      const options: ImageModelOptions = { passage: task === 'stylize' ? 'whole' : 'pieces' };
      await processed(path, adapters[task] as AdapterParameters, options, frame, (result) => {
        for (const [index, { step, mean, values }] of expected.planes.entries()) {
          const plane = Array.from(result.plane(index as 0 | 1 | 2));
          const sum = plane.reduce((total, code) => total + code, 0);
          expect(Math.abs(sum / plane.length - mean)).toBeLessThan(0.02);
          const errors = values.map((value, i) => Math.abs(value - (plane[i * step] as number)));
          // Codes are whole numbers: rounding alone makes a quarter on average, a half at most.
          expect(errors.reduce((total, error) => total + error, 0) / errors.length).toBeLessThan(0.3);
          expect(Math.max(...errors)).toBeLessThan(0.6);
        }
      });
      frame.close();
    });
  }

  const realesr = publicModel('upscale/realesr-animevideov3-x4.onnx');
  it.skipIf(!realesr.present)('enlarges in strips exactly as at once (skipped where ../shared is absent)', async () => {
    const frame = waves(61, 131, 'yuv420p');
    const adapter = adapters.upscale as AdapterParameters;
    const whole = await processed(realesr.path, adapter, { passage: 'pieces' }, frame, (result) => result.retain());
    // The network looks 18 pixels far.
    const strips: ImageModelOptions = { passage: 'pieces', maxPixels: 61 * 80, overlap: 20 };
    await processed(realesr.path, adapter, strips, frame, (result) => expect(largestDifference(whole, result)).toBe(0));
    whole.close();
    frame.close();
  });
});

describe('openImageModel', () => {
  it.each(pixelFormats)('gives %s back as it was where the network changes nothing', async (pixelFormat) => {
    const path = await tinyModel(`same-${pixelFormat}`, { shape: free });
    const frame = gentleWaves(50, 34, pixelFormat);
    // Chroma is enlarged and averaged again, which smooths it.
    const tolerance: number = pixelFormat.includes('444') ? 1 : 255;
    await processed(path, { range: [0, 1] }, { passage: 'pieces' }, frame, (result) => {
      expect(largestDifference(frame, result)).toBeLessThanOrEqual(tolerance * (frame.bitDepth === 8 ? 1 : 4));
      const [given, taken] = [frame.plane(0), result.plane(0)];
      const far = given.filter(
        (code: number, i: number) => Math.abs(code - (taken[i] as number)) > (frame.bitDepth === 8 ? 24 : 96),
      );
      expect(far.length).toBeLessThan(0.02 * given.length);
    });
    frame.close();
  });

  it.each([
    ['BGR, −1 to 1, NHWC', ['N', 'h', 'w', 3], { layout: 'NHWC', channels: 'BGR', range: [-1, 1] }],
    ['mean and deviation', free, { range: [0, 1], mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] }],
    ['a layout that only the file tells', ['N', 'h', 'w', 3], { range: [0, 255] }],
  ] as const)('reads %s', async (name, shape, adapter) => {
    const path = await tinyModel(name.replaceAll(/\W+/g, '-'), { shape });
    const frame = gentleWaves(24, 16, 'yuv444p');
    await processed(path, adapter as unknown as AdapterParameters, { passage: 'pieces' }, frame, (result) =>
      expect(largestDifference(frame, result)).toBeLessThanOrEqual(1),
    );
    frame.close();
  });

  it('feeds uint8 and float16 networks what they take', async () => {
    const frame = gentleWaves(24, 16, 'yuv444p');
    for (const type of ['uint8', 'float16'] as const) {
      const path = await tinyModel(`of-${type}`, { shape: free, type });
      await processed(path, {}, { passage: 'pieces' }, frame, (result) =>
        expect(largestDifference(frame, result)).toBeLessThanOrEqual(2),
      );
    }
    frame.close();
  });

  it('gives a network that inverts the inverted picture, and half of it at half strength', async () => {
    const path = await tinyModel('invert', {
      shape: free,
      work: (graph, image) => graph.node('Sub', [graph.scalar(255), image]),
    });
    const frame = gentleWaves(32, 16, 'yuv444p');
    frame.plane(1).fill(128);
    frame.plane(2).fill(128);
    const luma = frame.plane(0).slice();
    for (const [strength, share] of [
      [undefined, 1],
      [0.5, 0.5],
      [0, 0],
    ] as const) {
      const look = (result: VideoFrame): number[] => Array.from(result.plane(0));
      const seen = await processed(path, {}, { passage: 'whole' }, frame, look, strength);
      const expected = Array.from(luma, (code) => code + share * (251 - 2 * code));
      expect(Math.max(...seen.map((code, i) => Math.abs(code - (expected[i] as number))))).toBeLessThanOrEqual(1);
    }
    frame.close();
  });

  it.each([
    ['yuv420p', 75, 131],
    ['yuv422p10', 64, 150],
    ['yuv444p', 33, 129],
  ] as const)('gives %s of %i×%i in strips what it gives as a whole', async (pixelFormat, width, height) => {
    const path = await tinyModel(`strips-${pixelFormat}`, { shape: free, scale: 2, work: blur });
    const frame = gentleWaves(width, height, pixelFormat as PixelFormat);
    const adapter: AdapterParameters = { range: [0, 1], scale: 2 };
    const whole = await processed(path, adapter, { passage: 'pieces' }, frame, (result) => result.retain());
    const strips: ImageModelOptions = { passage: 'pieces', maxPixels: width * 32, overlap: 8 };
    await processed(path, adapter, strips, frame, (result) => expect(largestDifference(whole, result)).toBe(0));
    whole.close();
    frame.close();
  });

  it.each([
    ['yuv420p', 101, 75],
    ['yuv422p10', 70, 33],
    ['yuv444p', 32, 20],
  ] as const)('gives %s of %i×%i in tiles of one size what it gives as a whole', async (pixelFormat, width, height) => {
    const wholeModel = await tinyModel('whole', { shape: free, scale: 2, work: blur });
    const tiles = await tinyModel('tiles', { shape: [1, 3, 32, 40], scale: 2, work: blur });
    const frame = gentleWaves(width, height, pixelFormat as PixelFormat);
    const adapter: AdapterParameters = { range: [0, 1], scale: 2 };
    const whole = await processed(wholeModel, adapter, { passage: 'pieces' }, frame, (result) => result.retain());
    await processed(tiles, adapter, { passage: 'pieces', overlap: 6 }, frame, (result) =>
      expect(largestDifference(whole, result)).toBe(0),
    );
    whole.close();
    frame.close();
  });

  it('rounds sides up to multiples, repeating the border, and gives exactly the picture back', async () => {
    const path = await tinyModel('multiple', {
      shape: free,
      // A network that wants whole blocks of 16: the reshape fails otherwise.
      work: (graph, image) => {
        const shape = graph.node('Shape', [image]);
        return graph.node('Reshape', [graph.node('Reshape', [image, graph.ints([5], [1, 3, -1, 16, 16])]), shape]);
      },
    });
    const frame = gentleWaves(35, 21, 'yuv444p');
    await processed(path, { multipleOf: 16 }, { passage: 'pieces' }, frame, (result) =>
      expect(largestDifference(frame, result)).toBeLessThanOrEqual(1),
    );
    frame.close();
  });

  it('shows a network of one size the picture resized, or letterboxed', async () => {
    const path = await tinyModel('fixed', { shape: [1, 3, 48, 48] });
    const frame = gentleWaves(40, 20, 'yuv444p');
    frame.plane(0).fill(120);
    frame.plane(1).fill(110);
    frame.plane(2).fill(140);
    for (const fit of ['stretch', 'letterbox'] as const) {
      await processed(path, { fit }, { passage: 'whole' }, frame, (result) =>
        expect(largestDifference(frame, result)).toBeLessThanOrEqual(1),
      );
    }
    frame.close();
  });

  it('feeds a network any size though its file declares one, where it is said to be free', async () => {
    const path = await tinyModel('declared', {
      shape: [1, 3, 24, 24],
      work: (graph, image) => graph.node('LeakyRelu', [image], { alpha: float(0.1) }),
    });
    const frame = gentleWaves(61, 43, 'yuv444p');
    await processed(path, { freeSize: true }, { passage: 'whole' }, frame, (result) =>
      expect(largestDifference(frame, result)).toBeLessThanOrEqual(1),
    );
    frame.close();
  });

  it('fails where a network that is said to be of free size gives another size than it was fed', async () => {
    const path = await tinyModel('not-free', {
      shape: [1, 3, 24, 24],
      work: (graph, image) =>
        graph.node('Slice', [image, graph.ints([1], [0]), graph.ints([1], [24]), graph.ints([1], [3])]),
    });
    const frame = gentleWaves(32, 24, 'yuv444p');
    const painting = processed(path, { freeSize: true }, { passage: 'whole' }, frame, () => undefined);
    await expect(painting).rejects.toMatchObject({ code: 'INFERENCE_FAILED' });
    frame.close();
  });

  it('refuses an output of another size', () =>
    expectBalanced(async () => {
      const path = await tinyModel('sizes', { shape: free });
      await using model = await openImageModel(modelFiles(path, { scale: 2 }), pool, { passage: 'pieces' });
      const [frame, into] = [gentleWaves(16, 16, 'yuv420p'), gentleWaves(16, 16, 'yuv420p')];
      await expect(model.process(frame, into)).rejects.toMatchObject({ code: 'FRAME_FORMAT' });
      frame.close();
      into.close();
    }));

  it('refuses a file that takes something else than one image', async () => {
    const graph = new GraphBuilder('other');
    graph.output('result', graph.node('Abs', [graph.input('rows', 'float32', [1, 'n'])]), 'float32', [1, 'n']);
    const path = join(folder, 'other.onnx');
    await writeFile(path, graph.build());
    await expect(openImageModel(modelFiles(path), pool, { passage: 'whole' })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
  });
});
