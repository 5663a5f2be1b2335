import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InferencePool } from '../../models/inference-pool.js';
import { embeddedModelPath } from '../../models/model-source.js';
import { GraphBuilder } from '../../models/onnx/graph-builder.js';
import { inlineTensor } from '../../models/tensor.js';
import { failure, fixture, row } from './helpers.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let pool: InferencePool;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitascope-hostile-'));
  pool = new InferencePool({ workers: 1, intraOpThreads: 1 });
});

afterAll(async () => {
  await pool.dispose();
  await rm(folder, { recursive: true });
});

/** Pseudo-random bytes that are the same every time (Lehmer's generator). */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state & 255;
  });
}

async function file(name: string, bytes: Uint8Array): Promise<{ id: string; path: string }> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return { id: name, path };
}

/** No worker died, and the pool still works. */
async function expectAlive(): Promise<void> {
  expect(pool.metrics().workersLost).toBe(0);
  await using model = await pool.load(fixture('double'));
  expect((await model.run(row(4))).outputs.y?.data).toEqual(Float32Array.of(8));
}

describe('loading a file that is no model', () => {
  it('gives a typed error for random bytes', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const source = await file(`noise-${seed}.onnx`, noise(seed * 97, seed));
      expect(await failure(pool.load(source))).toMatchObject({ code: 'MODEL_INVALID' });
    }
    await expectAlive();
  });

  it('gives a typed error for nothing at all, and for a folder', async () => {
    expect(await failure(pool.load(await file('empty.onnx', new Uint8Array())))).toMatchObject({
      code: 'MODEL_INVALID',
    });
    const path = join(folder, 'folder.onnx');
    await mkdir(path);
    expect(await failure(pool.load({ id: 'folder', path }))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await expectAlive();
  });

  it('gives a typed error, or a model that works, wherever a real file is cut or damaged', async () => {
    const whole = new Uint8Array(await readFile(embeddedModelPath('colorize-small', 'propagate.onnx')));
    for (let cut = 1; cut <= 12; cut++) {
      const source = await file(`cut-${cut}.onnx`, whole.subarray(0, Math.floor((whole.length * cut) / 13)));
      expect(await failure(pool.load(source, { warmup: false }))).toMatchObject({ code: 'MODEL_INVALID' });
    }
    for (let seed = 1; seed <= 30; seed++) {
      const bytes = whole.slice();
      const [a, b, c] = noise(3, seed * 7919) as unknown as [number, number, number];
      bytes[(a * 65_536 + b * 256 + c) % bytes.length] = seed * 8;
      const source = await file(`damaged-${seed}.onnx`, bytes);
      const loaded = await pool.load(source, { warmup: false }).catch((error: unknown) => error);
      if (loaded instanceof Error) expect(loaded).toMatchObject({ code: 'MODEL_INVALID' });
      else await (loaded as AsyncDisposable)[Symbol.asyncDispose]();
    }
    await expectAlive();
  });
});

describe('loading a model that means harm', () => {
  it('does not make up inputs that fill the memory', async () => {
    const graph = new GraphBuilder('huge');
    const x = graph.input('x', 'float32', [1, 2 ** 20, 2 ** 20]);
    graph.output('y', graph.node('Relu', [x]), 'float32', [1, 2 ** 20, 2 ** 20]);
    await using model = await pool.load(await file('huge.onnx', graph.build()));
    expect(model.warmupMs).toBeUndefined();
    const tiny = inlineTensor('float32', [1, 1, 1], new Float32Array(1));
    expect(await failure(model.run({ x: tiny }))).toMatchObject({ code: 'INFERENCE_INPUT' });
  });

  it('fails a run that wants more memory than there is', async () => {
    const graph = new GraphBuilder('glutton');
    const size = graph.input('size', 'int64', [3]);
    graph.output('y', graph.node('ConstantOfShape', [size]), 'float32', ['a', 'b', 'c']);
    await using model = await pool.load(await file('glutton.onnx', graph.build()), { warmup: false });
    const run = (...sizes: number[]) =>
      model.run({ size: inlineTensor('int64', [3], BigInt64Array.from(sizes, BigInt)) });
    expect(await failure(run(2 ** 20, 2 ** 20, 2 ** 20))).toMatchObject({ code: 'INFERENCE_FAILED' });
    expect(await failure(run(2 ** 40, 2 ** 40, 2 ** 40))).toMatchObject({ code: 'INFERENCE_FAILED' });
    expect(await failure(run(-1, 1, 1))).toMatchObject({ code: 'INFERENCE_FAILED' });
    expect((await run(1, 1, 2)).outputs.y?.shape).toEqual([1, 1, 2]);
    await expectAlive();
  });

  it('refuses one that computes more memory than there is while it is loaded', async () => {
    const graph = new GraphBuilder('folded');
    const size = graph.ints([3], [2 ** 20, 2 ** 20, 2 ** 10]);
    graph.output('y', graph.node('ConstantOfShape', [size]), 'float32', ['a', 'b', 'c']);
    const outcome = await pool
      .load(await file('folded.onnx', graph.build()), { warmup: false })
      .then(async (model) => {
        // The runtime may leave it for the run, which then fails.
        const error = await failure(model.run({}));
        await model.close();
        return error;
      })
      .catch((error: unknown) => error);
    expect(['MODEL_INVALID', 'INFERENCE_FAILED']).toContain((outcome as { code: string }).code);
    await expectAlive();
  });

  it('refuses a file larger than the caller allows', async () => {
    const source = await file('text.onnx', await readFile(fixture('text').path));
    expect(await failure(pool.load(source, { limits: { maxFileBytes: 10 } }))).toMatchObject({ code: 'MODEL_INVALID' });
    await expectAlive();
  });

  it('inspects a file again when it has changed', async () => {
    const good = await readFile(fixture('double').path);
    const source = await file('changing.onnx', good);
    await (await pool.load(source)).close();
    await writeFile(source.path, noise(good.length, 5));
    await utimes(source.path, new Date(), new Date(Date.now() + 5000));
    const error = await failure(pool.load(source));
    expect(error.message).toContain('is no ONNX file');
  });
});
