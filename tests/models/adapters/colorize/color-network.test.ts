import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openColorNetwork } from '../../../../models/adapters/colorize/color-network.js';
import type { AdapterParameters } from '../../../../models/catalog/adapter-parameters.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { type InlineTensor, inlineTensor } from '../../../../models/tensor.js';
import { modelFiles } from '../image/shared.js';
import { madeUpNetworks } from './made-up-networks.js';

const referee = JSON.parse(
  await readFile(new URL('../../../referees/color-networks.json', import.meta.url), 'utf8'),
) as Readonly<Record<'ddcolor' | 'lightness' | 'deoldify', readonly number[]>>;

let pool: InferencePool;
let folder: string;

beforeAll(async () => {
  pool = new InferencePool({ workers: 1 });
  folder = await mkdtemp(join(tmpdir(), 'vitascope-colors-'));
});
afterAll(async () => {
  await pool.dispose();
  await rm(folder, { recursive: true });
});

function waves(height: number, width: number, across: number, down: number, period: number): InlineTensor {
  const data = Float32Array.from({ length: height * width }, (_, i) => {
    return (((i % width) * across + Math.floor(i / width) * down) % period) / (period - 1);
  });
  return inlineTensor('float32', [1, 1, height, width], data);
}

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, bytes);
  return path;
}

/** Largest difference from the referee, codes. */
async function error(
  family: string,
  adapter: AdapterParameters,
  path: string,
  expected: readonly number[],
): Promise<number> {
  const { source, load } = await openColorNetwork(modelFiles(path, adapter, family));
  await using model = await pool.load(source, load);
  const feeds = { sight: waves(40, 40, 5, 3, 47), thumb: waves(32, 48, 7, 11, 61) };
  const { cbcr } = (await model.run(feeds)).outputs;
  expect(cbcr?.shape).toEqual([1, 2, 16, 24]);
  const values = Array.from(cbcr?.data as Float32Array);
  return Math.max(...values.map((value, i) => Math.abs(value - (expected[i] as number))));
}

describe('openColorNetwork', () => {
  it.each([
    ['ddcolor', 'ddcolor', { range: [0, 1] }],
    ['eccv16', 'lightness', { channels: 'L', range: [0, 100] }],
    ['siggraph17', 'lightness', { channels: 'L', range: [0, 100] }],
    ['deoldify', 'deoldify', { range: [0, 1] }],
  ] as const)('gives the colours of a %s network that the formulas give', async (family, name, adapter) => {
    const path = await file(family, madeUpNetworks[family]());
    expect(await error(family, adapter as unknown as AdapterParameters, path, referee[name])).toBeLessThan(0.02);
  });

  it('reads DeOldify exports that count from 0 to 255', async () => {
    const path = await file('deoldify-255', madeUpNetworks.deoldify({ white: 255 }));
    expect(await error('deoldify', { range: [0, 255] }, path, referee.deoldify)).toBeLessThan(0.02);
  });

  it('reads exports in half precision', async () => {
    const path = await file('ddcolor-16', madeUpNetworks.ddcolor({ type: 'float16' }));
    expect(await error('ddcolor', { range: [0, 1] }, path, referee.ddcolor)).toBeLessThan(0.3);
  });

  it('shows a network the size nearest to the wish that it takes', async () => {
    const path = await file('sizes', madeUpNetworks.ddcolor());
    const adapter: AdapterParameters = { size: [512, 512], multipleOf: 64, sizeRange: [256, 1024] };
    const { sideFor } = await openColorNetwork(modelFiles(path, adapter, 'ddcolor'));
    expect([undefined, 64, 300, 500, 4000].map(sideFor)).toEqual([512, 256, 320, 512, 1024]);
  });

  it('shows a network of one size that size', async () => {
    const path = await file('one-size', madeUpNetworks.eccv16());
    const { sideFor } = await openColorNetwork(modelFiles(path, { size: [256, 256] }, 'eccv16'));
    expect([undefined, 64, 512].map(sideFor)).toEqual([40, 40, 40]);
  });

  it('lets every worker load a light model', async () => {
    const path = await file('light', madeUpNetworks.ddcolor());
    expect((await openColorNetwork(modelFiles(path, {}, 'ddcolor'))).load).toEqual({});
  });

  it('refuses models of other families', async () => {
    const path = await file('other', madeUpNetworks.ddcolor());
    await expect(openColorNetwork(modelFiles(path, {}, 'yolox'))).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});
