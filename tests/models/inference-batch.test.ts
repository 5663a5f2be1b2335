import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { InferencePool } from '../../models/inference-pool.js';
import type { LoadedModel } from '../../models/loaded-model.js';
import type { ModelSource } from '../../models/model-source.js';
import { float, GraphBuilder } from '../../models/onnx/graph-builder.js';
import { type InlineTensor, inlineTensor, type SharedTensor } from '../../models/tensor.js';
import { failure, fixture, Gate, row } from './helpers.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let pool: InferencePool;
const handles: LoadedModel[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitascope-batch-'));
  pool = new InferencePool({ workers: 1, intraOpThreads: 1 });
});

afterEach(async () => {
  await Promise.all(handles.splice(0).map((handle) => handle.close()));
});

afterAll(async () => {
  await pool.dispose();
  await rm(folder, { recursive: true });
});

async function written(id: string, graph: GraphBuilder): Promise<ModelSource> {
  const path = join(folder, `${id}.onnx`);
  await writeFile(path, graph.build());
  return { id, path };
}

/** y = factor · x for float32 [n, 2]; an own factor of one element. */
function scaling(): Promise<ModelSource> {
  const graph = new GraphBuilder('scaling');
  const x = graph.input('x', 'float32', ['n', 2]);
  const factor = graph.input('factor', 'float32', [1]);
  graph.output('y', graph.node('Mul', [x, factor]), 'float32', ['n', 2]);
  return written('scaling', graph);
}

/** Looks up int64 [n] in a table of three; other indices fail. */
function lookup(): Promise<ModelSource> {
  const graph = new GraphBuilder('lookup');
  const index = graph.input('index', 'int64', ['n']);
  graph.output('y', graph.node('Gather', [graph.floats([3], [10, 20, 30]), index]), 'float32', ['n']);
  return written('lookup-n', graph);
}

async function loaded(source: ModelSource, max: number, waitMs = 0, from = pool): Promise<LoadedModel> {
  const model = await from.load(source, { batch: { max, waitMs } });
  handles.push(model);
  return model;
}

const pairs = (factor: number, ...values: number[]): { x: InlineTensor; factor: InlineTensor } => ({
  x: inlineTensor('float32', [values.length / 2, 2], Float32Array.from(values)),
  factor: inlineTensor('float32', [1], Float32Array.of(factor)),
});
const at = (...indices: number[]) => ({
  index: inlineTensor('int64', [indices.length], BigInt64Array.from(indices, BigInt)),
});

/** Starts runs while the only worker is held, so that all of them wait together. */
async function together<T>(model: LoadedModel, hold: Parameters<LoadedModel['run']>[0], start: () => T): Promise<T> {
  const gate = new Gate();
  const first = model.run(hold, gate.held);
  await gate.arrived();
  const started = start();
  gate.open();
  await first;
  return started;
}

describe('batching in an InferencePool', () => {
  it('joins what waits together, and gives everybody their own rows', async () => {
    const model = await loaded(await scaling(), 8);
    expect(model.batches).toBe(true);
    const runs = await together(model, pairs(1, 0, 0), () => [
      model.run(pairs(2, 1, 2)),
      model.run(pairs(2, 3, 4, 5, 6)),
      model.run(pairs(2, 7, 8)),
    ]);
    const results = await Promise.all(runs);
    expect(results.map(({ outputs }) => outputs.y)).toEqual([
      inlineTensor('float32', [1, 2], Float32Array.of(2, 4)),
      inlineTensor('float32', [2, 2], Float32Array.of(6, 8, 10, 12)),
      inlineTensor('float32', [1, 2], Float32Array.of(14, 16)),
    ]);
    expect(model.metrics()).toMatchObject({ runs: 4, batches: 1, meanBatchSize: 2 });
    // Each gets its share of the time: the second has two of the four rows.
    expect(results[1]?.modelMs).toBeCloseTo(2 * (results[0]?.modelMs ?? 0), 9);
  });

  it('reads and writes shared memory of each', async () => {
    const model = await loaded(await scaling(), 8);
    const shared = (rows: number, ...values: number[]): SharedTensor => {
      const buffer = new SharedArrayBuffer(rows * 8);
      new Float32Array(buffer).set(values);
      return { type: 'float32', shape: [rows, 2], buffer, byteOffset: 0 };
    };
    const factor = inlineTensor('float32', [1], Float32Array.of(3));
    const [a, b] = [shared(1), shared(2)];
    const runs = await together(model, pairs(1, 0, 0), () => [
      model.run({ x: shared(1, 1, 2), factor }, { outputs: { y: a } }),
      model.run({ x: shared(2, 3, 4, 5, 6), factor }, { outputs: { y: b } }),
    ]);
    await Promise.all(runs);
    expect([...new Float32Array(a.buffer)]).toEqual([3, 6]);
    expect([...new Float32Array(b.buffer)]).toEqual([9, 12, 15, 18]);
    expect(model.metrics().batches).toBe(1);
  });

  it('joins no more rows than it may, and none that differ elsewhere', async () => {
    const model = await loaded(await scaling(), 2);
    const runs = await together(model, pairs(1, 0, 0), () => [
      model.run(pairs(2, 1, 1)),
      model.run(pairs(5, 1, 1)),
      model.run(pairs(2, 2, 2)),
      model.run(pairs(2, 3, 3)),
    ]);
    const results = await Promise.all(runs);
    expect(results.map(({ outputs }) => outputs.y?.data[0])).toEqual([2, 5, 4, 6]);
    // 2·1 with 2·2; 5·1 alone; 2·3 alone, since two is the most.
    expect(model.metrics()).toMatchObject({ runs: 5, batches: 1, meanBatchSize: 5 / 4 });
  });

  it('lets only the bad one of a batch fail', async () => {
    const model = await loaded(await lookup(), 8);
    const runs = await together(model, at(0), () => [model.run(at(0)), failure(model.run(at(1, 9))), model.run(at(2))]);
    const [first, bad, last] = await Promise.all(runs);
    expect(first).toMatchObject({ outputs: { y: { data: Float32Array.of(10) } } });
    expect(bad).toMatchObject({ code: 'INFERENCE_FAILED' });
    expect(last).toMatchObject({ outputs: { y: { data: Float32Array.of(30) } } });
    expect(model.metrics()).toMatchObject({ runs: 3, failures: 1, batches: 0, meanBatchSize: 1 });
  });

  it('lets a target of the wrong size fail alone', async () => {
    const model = await loaded(await lookup(), 8);
    const target = (size: number): SharedTensor => ({
      type: 'float32',
      shape: [size],
      buffer: new SharedArrayBuffer(16),
      byteOffset: 0,
    });
    const good = target(1);
    const [bad] = await together(model, at(0), () =>
      Promise.all([
        failure(model.run(at(1), { outputs: { y: target(2) } })),
        model.run(at(2), { outputs: { y: good } }),
      ]),
    );
    expect(bad).toMatchObject({ code: 'INFERENCE_INPUT' });
    expect(new Float32Array(good.buffer)[0]).toBe(30);
  });

  it('does without whoever is aborted', async () => {
    const model = await loaded(await lookup(), 8);
    const abort = new AbortController();
    const [aborted, kept] = await together(model, at(0), () => {
      const gone = failure(model.run(at(1), { signal: abort.signal, stream: 's' }));
      const stays = model.run(at(2), { stream: 's' });
      abort.abort(new Error('no longer wanted'));
      return Promise.all([gone, stays]);
    });
    expect(aborted.message).toBe('no longer wanted');
    expect(kept.outputs.y?.data).toEqual(Float32Array.of(30));
  });

  it('keeps the order of streams, and one at a time of a lane', async () => {
    const model = await loaded(await lookup(), 8);
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    const runs = await together(model, at(0), () => [
      model.run(at(0), { lane: 'l' }).then(note('lane 1')),
      model.run(at(1), { lane: 'l' }).then(note('lane 2')),
      model.run(at(0), { stream: 's' }).then(note('stream 1')),
      model.run(at(1), { stream: 's' }).then(note('stream 2')),
    ]);
    await Promise.all(runs);
    expect(order.indexOf('lane 1')).toBeLessThan(order.indexOf('lane 2'));
    expect(order.indexOf('stream 1')).toBeLessThan(order.indexOf('stream 2'));
    // The first of the lane and both of the stream in one run.
    expect(model.metrics()).toMatchObject({ runs: 5, batches: 1, meanBatchSize: 5 / 3 });
  });

  it('waits for company while there is budget, and not when it is complete', async () => {
    const own = new InferencePool({ workers: 1, intraOpThreads: 1 });
    const model = await loaded(await lookup(), 2, 1e8, own);
    const lonely = model.run(at(0));
    expect(own.metrics()).toMatchObject({ queued: 1, running: 0 });
    const [a, b] = await Promise.all([lonely, model.run(at(1))]);
    expect([a.outputs.y?.data[0], b.outputs.y?.data[0]]).toEqual([10, 20]);
    expect(model.metrics()).toMatchObject({ batches: 1, meanBatchSize: 2 });
    const last = model.run(at(2));
    await own.dispose({ drain: true });
    expect((await last).outputs.y?.data[0]).toBe(30);
  });

  it('starts alone when nobody came in time', async () => {
    const model = await loaded(await lookup(), 2, 1);
    expect((await model.run(at(2))).outputs.y?.data[0]).toBe(30);
  });

  it('leaves a model without such an axis alone', async () => {
    const model = await loaded(fixture('double'), 8);
    expect(model.batches).toBe(false);
    const runs = await together(model, row(0), () => [model.run(row(1)), model.run(row(2))]);
    expect((await Promise.all(runs)).map(({ outputs }) => outputs.y?.data[0])).toEqual([2, 4]);
    expect(model.metrics().batches).toBe(0);
  });

  it('takes the name of the axis from the contract where the file has several', async () => {
    const graph = new GraphBuilder('renamed');
    const x = graph.input('x', 'float32', ['a.0', 1]);
    graph.output('y', graph.node('Neg', [x]), 'float32', ['a.1', 1]);
    const source = await written('renamed', graph);
    expect((await loaded(source, 8)).batches).toBe(false);
    const contract = {
      inputs: [{ name: 'x', type: 'float32', shape: ['n', 1] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['n', 1] }],
    } as const;
    const model = await loaded({ ...source, contract }, 8);
    expect(model.batches).toBe(true);
    const one = (value: number) => ({ x: inlineTensor('float32', [1, 1], Float32Array.of(value)) });
    const runs = await together(model, one(0), () => [model.run(one(1)), model.run(one(2))]);
    expect((await Promise.all(runs)).map(({ outputs }) => outputs.y?.data[0])).toEqual([-1, -2]);
    expect(model.metrics().batches).toBe(1);
  });

  it('goes on one by one with a model whose rows do not stay apart', async () => {
    // Claims [n] and gives [1]: the sum of all rows.
    const graph = new GraphBuilder('sum');
    const x = graph.input('x', 'float32', ['n']);
    graph.output('y', graph.node('ReduceSum', [x, graph.ints([1], [0])], { keepdims: 1 }), 'float32', ['?']);
    const model = await loaded(await written('sum', graph), 8);
    const one = (value: number) => ({ x: inlineTensor('float32', [1], Float32Array.of(value)) });
    for (let round = 0; round < 2; round++) {
      const runs = await together(model, one(0), () => [model.run(one(1)), model.run(one(2))]);
      expect((await Promise.all(runs)).map(({ outputs }) => outputs.y?.data[0])).toEqual([1, 2]);
    }
    expect(model.metrics().batches).toBe(0);
  });

  it('joins requests of different handles', async () => {
    const source = await scaling();
    const [a, b] = [await loaded(source, 4), await loaded(source, 8)];
    const runs = await together(a, pairs(1, 0, 0), () => [a.run(pairs(2, 1, 1)), b.run(pairs(2, 2, 2))]);
    expect((await Promise.all(runs)).map(({ outputs }) => outputs.y?.data[0])).toEqual([2, 4]);
    expect(a.metrics().batches).toBe(1);
  });

  it('refuses limits that make no sense', async () => {
    const source = await scaling();
    expect(await failure(pool.load(source, { batch: { max: 0 } }))).toMatchObject({ code: 'OPTION_INVALID' });
    expect(await failure(pool.load(source, { batch: { max: 2, waitMs: -1 } }))).toMatchObject({
      code: 'OPTION_INVALID',
    });
  });

  it('joins along the first axis of a chain', async () => {
    const after = new GraphBuilder('plus');
    const y = after.input('y', 'float32', ['n', 2]);
    after.output('z', after.node('LeakyRelu', [y], { alpha: float(0.5) }), 'float32', ['n', 2]);
    const model = await loaded({ ...(await scaling()), after: [{ id: 'plus', model: after.build() }] }, 8);
    const runs = await together(model, pairs(1, 0, 0), () => [model.run(pairs(2, -1, 1)), model.run(pairs(2, -2, 2))]);
    expect((await Promise.all(runs)).map(({ outputs }) => [...(outputs.z?.data ?? [])])).toEqual([
      [-1, 2],
      [-2, 4],
    ]);
    expect(model.metrics().batches).toBe(1);
  });
});

describe('sharing in an InferencePool', () => {
  it('makes one set of sessions for whoever loads the same file, whatever contract, warm-up, batching and replicas', async () => {
    await using own = new InferencePool({ workers: 2, intraOpThreads: 1 });
    const source = fixture('double');
    const shape = [1, 1, 'h', 'w'];
    const contract = { inputs: [{ name: 'x', type: 'float32', shape }], outputs: [] } as const;
    const small = { inputs: [{ name: 'x', type: 'float32', shape: [1, 1, 2, 2] }], outputs: [] } as const;
    const [a, b, c] = await Promise.all([
      own.load({ ...source, contract }, { replicas: 1 }),
      own.load({ ...source, id: 'other', contract: small }, { warmup: { h: 2, w: 2 } }),
      own.load(source, { batch: { max: 4 } }),
    ]);
    expect(own.metrics().models).toHaveLength(1);
    expect([a.warmupMs, c.warmupMs]).toEqual([undefined, undefined]);
    expect(b.warmupMs).toBeGreaterThan(0);
    expect((await a.run(row(1))).outputs.y?.data).toEqual(Float32Array.of(2));
    // The first asked for one worker, the others for all.
    const gate = new Gate();
    const held = [b, c].map((model) => model.run(row(3), gate.held));
    await gate.arrived(2);
    gate.open();
    await Promise.all(held);
    expect(a.metrics().runs).toBe(3);
  });

  it('keeps what others use when a contract or a warm-up fails', async () => {
    await using own = new InferencePool({ workers: 1, intraOpThreads: 1 });
    const model = await own.load(fixture('chroma'));
    const contract = { inputs: [{ name: 'y', type: 'float32', shape: [1] }], outputs: [] } as const;
    expect(await failure(own.load({ ...fixture('chroma'), contract }))).toMatchObject({ code: 'MODEL_INVALID' });
    expect(await failure(own.load(fixture('chroma'), { warmup: { h: 0, w: 0 } }))).toMatchObject({
      code: 'MODEL_INVALID',
    });
    const y = inlineTensor('uint8', [1, 1, 2, 2], Uint8Array.of(1, 2, 3, 6));
    expect((await model.run({ y }, { outputs: { cr: 'inline' } })).outputs.cr.data).toEqual(Uint8Array.of(252));
  });
});
