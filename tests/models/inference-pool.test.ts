import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultInferencePool, disposeDefaultInferencePool } from '../../models/default-pool.js';
import { InferencePool } from '../../models/inference-pool.js';
import { inlineTensor, planeTensor, type SharedTensor } from '../../models/tensor.js';
import { FramePool } from '../../pipeline/frame-pool.js';
import { unspecifiedColor } from '../../pipeline/picture.js';
import { VideoFrame } from '../../pipeline/video-frame.js';
import { failure, fixture, Gate, row } from './helpers.js';

// Every worker compiles its TypeScript when it starts.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let pool: InferencePool;
let folder: string;

beforeAll(async () => {
  pool = new InferencePool({ workers: 2, intraOpThreads: 1 });
  folder = await mkdtemp(join(tmpdir(), 'vitascope-models-'));
});

afterAll(async () => {
  await pool.dispose();
  await rm(folder, { recursive: true });
});

function sharedTensor(type: 'uint8' | 'uint16', shape: number[], byteOffset = 0): SharedTensor {
  return { type, shape, buffer: new SharedArrayBuffer(256), byteOffset };
}

describe('InferencePool', () => {
  it('runs a model on inline tensors', async () => {
    const model = await pool.load(fixture('double'));
    const { outputs, modelMs, queuedMs } = await model.run(row(1, 2, 3.5));
    expect(outputs.y).toEqual(inlineTensor('float32', [1, 1, 1, 3], Float32Array.of(2, 4, 7)));
    expect(modelMs).toBeGreaterThan(0);
    expect(queuedMs).toBeGreaterThanOrEqual(0);
  });

  it('tells what the model takes and gives', async () => {
    const model = await pool.load(fixture('chroma'));
    expect(model.inputs).toEqual([{ name: 'y', type: 'uint8', shape: [1, 1, 'h', 'w'] }]);
    expect(model.outputs.map(({ name }) => name)).toEqual(['cb', 'cr']);
  });

  it('reads a plane of a frame and writes others in place', async () => {
    const frame = await VideoFrame.create(new FramePool({ slots: 1 }), {
      pixelFormat: 'yuv420p',
      width: 4,
      height: 2,
      sampleAspectRatio: { num: 1, den: 1 },
      color: unspecifiedColor,
      ptsUs: 0,
      durationUs: 0,
      index: 0,
      fieldOrder: 'progressive',
    });
    frame.plane(0).set([10, 20, 100, 100, 30, 40, 100, 100]);
    const model = await pool.load(fixture('chroma'));
    const { outputs } = await model.run(
      { y: planeTensor(frame, 0) },
      { outputs: { cb: planeTensor(frame, 1), cr: planeTensor(frame, 2) } },
    );
    expect(outputs).toEqual({});
    expect([...frame.plane(0)]).toEqual([10, 20, 100, 100, 30, 40, 100, 100]);
    expect([...frame.plane(1)]).toEqual([25, 100]);
    expect([...frame.plane(2)]).toEqual([230, 155]);
    frame.close();
  });

  it('reads and writes ten-bit samples at an offset', async () => {
    const model = await pool.load(fixture('invert10'));
    const x = sharedTensor('uint16', [1, 1, 1, 3], 64);
    const y = sharedTensor('uint16', [1, 1, 1, 3], 6);
    new Uint16Array(x.buffer, 64, 3).set([0, 1, 1023]);
    await model.run({ x }, { outputs: { y } });
    expect([...new Uint16Array(y.buffer, 0, 8)]).toEqual([0, 0, 0, 1023, 1022, 0, 0, 0]);
  });

  it('gives only the outputs that were asked for, some inline and some in place', async () => {
    const model = await pool.load(fixture('chroma'));
    const y = inlineTensor('uint8', [1, 1, 2, 2], Uint8Array.of(1, 2, 3, 6));
    expect((await model.run({ y }, { outputs: { cr: 'inline' } })).outputs).toEqual({
      cr: inlineTensor('uint8', [1, 1, 1, 1], Uint8Array.of(252)),
    });
    const cb = sharedTensor('uint8', [1, 1, 1, 1]);
    const { outputs } = await model.run({ y }, { outputs: { cb, cr: 'inline' } });
    expect(outputs.cr.data).toEqual(Uint8Array.of(252));
    expect(new Uint8Array(cb.buffer)[0]).toBe(3);
  });

  it('follows shapes that change from run to run', async () => {
    const model = await pool.load(fixture('double'), { session: { variableShapes: true } });
    for (const length of [5, 1, 9, 3]) {
      const x: SharedTensor = {
        type: 'float32',
        shape: [1, 1, 1, length],
        buffer: new SharedArrayBuffer(36),
        byteOffset: 0,
      };
      new Float32Array(x.buffer).fill(length);
      const { outputs } = await model.run({ x });
      expect(outputs.y?.data).toEqual(new Float32Array(length).fill(2 * length));
    }
  });

  it('copies inline feeds during the call, or takes them over', async () => {
    const model = await pool.load(fixture('double'));
    const data = Float32Array.of(1, 2);
    const x = inlineTensor('float32', [1, 1, 1, 2], data);
    const copied = model.run({ x });
    data.fill(9);
    expect((await copied).outputs.y?.data).toEqual(Float32Array.of(2, 4));
    expect((await model.run({ x }, { transfer: true })).outputs.y?.data).toEqual(Float32Array.of(18, 18));
    expect(data.length).toBe(0);
  });

  it('refuses names, types and shapes that the model does not have', async () => {
    const model = await pool.load(fixture('chroma'));
    const y = inlineTensor('uint8', [1, 1, 2, 2], new Uint8Array(4));
    const float = inlineTensor('float32', [1, 1, 2, 2], new Float32Array(4));
    const errors = await Promise.all([
      failure(model.run({ luma: y })),
      failure(model.run({ y: float })),
      failure(model.run({ y: inlineTensor('uint8', [2, 2], new Uint8Array(4)) })),
      failure(model.run({ y }, { outputs: { cg: 'inline' } })),
    ]);
    expect(errors.map(({ code }) => code)).toEqual(Array(4).fill('INFERENCE_INPUT'));
    expect(errors[1]?.message).toBe(
      'InferencePool.run(chroma): input "y" expects uint8 [1,1,h,w], got float32 [1,1,2,2]',
    );
  });

  it('leaves every target alone when one does not fit', async () => {
    const model = await pool.load(fixture('chroma'));
    const y = inlineTensor('uint8', [1, 1, 2, 2], Uint8Array.of(9, 9, 9, 9));
    const cb = sharedTensor('uint8', [1, 1, 1, 1]);
    const error = await failure(model.run({ y }, { outputs: { cb, cr: sharedTensor('uint8', [1, 1, 2, 2]) } }));
    expect(error.code).toBe('INFERENCE_INPUT');
    expect(error.message).toContain('output "cr" came out as uint8 [1,1,1,1], its target expects uint8 [1,1,2,2]');
    expect(new Uint8Array(cb.buffer)[0]).toBe(0);
  });

  it('reports what the runtime says when a run fails, and goes on', async () => {
    const model = await pool.load(fixture('lookup'));
    const index = (i: bigint) => ({ index: inlineTensor('int64', [1], BigInt64Array.of(i)) });
    const error = await failure(model.run(index(9n)));
    expect(error.code).toBe('INFERENCE_FAILED');
    expect(error.message).toMatch(/^model lookup: .*idx=9/);
    expect((await model.run(index(2n))).outputs.y?.data).toEqual(Float32Array.of(30));
    expect(model.metrics()).toMatchObject({ runs: 1, failures: 1 });
  });

  it('keeps the event loop free while a model runs', async () => {
    const model = await pool.load(fixture('slow'));
    const events: string[] = [];
    const run = model
      .run({
        rounds: inlineTensor('int64', [1], BigInt64Array.of(20_000n)),
        x: inlineTensor('float32', [64, 64], new Float32Array(4096).fill(3)),
      })
      .then(({ outputs }) => {
        events.push('result');
        return outputs.y;
      });
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      events.push('tick');
    }
    expect((await run)?.data[17]).toBe(3);
    expect(events).toEqual(['tick', 'tick', 'tick', 'result']);
  });
});

describe('InferencePool.load', () => {
  it('refuses a missing file', async () => {
    expect(await failure(pool.load(fixture('none')))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('refuses a corrupt or empty file, and loads it once it is mended', async () => {
    const source = { id: 'mended', path: join(folder, 'mended.onnx') };
    const good = await readFile(fixture('double').path);
    for (const bytes of [good.subarray(0, 50), Buffer.from('no model'), Buffer.alloc(0)]) {
      await writeFile(source.path, bytes);
      expect(await failure(pool.load(source))).toMatchObject({ code: 'MODEL_INVALID' });
    }
    await writeFile(source.path, good);
    const model = await pool.load(source);
    expect((await model.run(row(4))).outputs.y?.data).toEqual(Float32Array.of(8));
  });

  it('refuses a model with tensors of strings', async () => {
    const error = await failure(pool.load(fixture('text')));
    expect(error.code).toBe('MODEL_INVALID');
    expect(error.message).toBe('model text: input "x" is a tensor of string, which is not supported');
  });

  it('refuses a model that breaks its contract, and shares it with whoever has another', async () => {
    const contract = { inputs: [{ name: 'y', type: 'float32', shape: [1] }], outputs: [] } as const;
    const error = await failure(pool.load({ ...fixture('chroma'), contract }));
    expect(error.code).toBe('MODEL_INVALID');
    expect(error.message).toContain('InferencePool.load(chroma): input "y" must be float32 [1]');
    await (await pool.load(fixture('chroma'))).close();
  });

  it('refuses an execution provider that does not exist', async () => {
    const error = await failure(pool.load(fixture('double'), { session: { executionProviders: ['abacus'] } }));
    expect(error).toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('warms a model up when all sizes are known', async () => {
    expect((await pool.load(fixture('fixed'))).warmupMs).toBeGreaterThan(0);
    expect((await pool.load(fixture('double'))).warmupMs).toBeUndefined();
    expect((await pool.load(fixture('double'), { warmup: { h: 8, w: 8 } })).warmupMs).toBeGreaterThan(0);
    expect((await pool.load(fixture('fixed'), { warmup: false })).warmupMs).toBeUndefined();
  });

  it('refuses a model that cannot run at the warm-up sizes', async () => {
    const error = await failure(pool.load(fixture('chroma'), { warmup: { h: 0, w: 0 } }));
    expect(error.code).toBe('MODEL_INVALID');
    expect(error.message).toMatch(/^model chroma: the warm-up run failed: /);
  });

  it('loads a model once however often it is asked for, and keeps it until the last handle is closed', async () => {
    await using own = new InferencePool({ workers: 2, intraOpThreads: 1 });
    const handles = await Promise.all([1, 2, 3].map(() => own.load(fixture('double'))));
    const [first, second, third] = handles as [(typeof handles)[0], (typeof handles)[0], (typeof handles)[0]];
    // All share the report of one load.
    expect(new Set(handles.map(({ inputs }) => inputs)).size).toBe(1);
    expect(own.metrics().models).toHaveLength(1);
    await first.close();
    await first.close();
    await second.close();
    expect(await failure(first.run(row(1)))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect((await third.run(row(1))).outputs.y?.data).toEqual(Float32Array.of(2));
    const last = third.run(row(2));
    await third.close();
    expect((await last).outputs.y?.data).toEqual(Float32Array.of(4));
    expect(own.metrics().models).toHaveLength(0);
    expect((await (await own.load(fixture('double'))).run(row(3))).outputs.y?.data).toEqual(Float32Array.of(6));
  });
});

describe('InferencePool.dispose', () => {
  it('is idempotent, rejects what waits, lets what runs end, and then refuses work', async () => {
    const own = new InferencePool({ workers: 1 });
    const model = await own.load(fixture('double'));
    const gate = new Gate();
    const running = model.run(row(1), gate.held);
    const waiting = failure(model.run(row(2), { stream: 's' }));
    await gate.arrived();
    const disposals = [own.dispose(), own.dispose()];
    expect(await waiting).toMatchObject({ code: 'ABORTED' });
    gate.open();
    expect((await running).outputs.y?.data).toEqual(Float32Array.of(2));
    await Promise.all(disposals);
    expect(await failure(model.run(row(1)))).toMatchObject({ code: 'ABORTED' });
    expect(await failure(own.load(fixture('double')))).toMatchObject({ code: 'ABORTED' });
    await model.close();
    await own.dispose();
  });

  it('carries out what waits when told to drain', async () => {
    const own = new InferencePool({ workers: 1 });
    const model = await own.load(fixture('double'));
    const runs = [1, 2, 3, 4].map((value) => model.run(row(value), { lane: 'a' }));
    await own.dispose({ drain: true });
    expect((await Promise.all(runs)).map(({ outputs }) => outputs.y?.data[0])).toEqual([2, 4, 6, 8]);
  });

  it('leaves no thread behind', async () => {
    const workers: Worker[] = [];
    const note = (worker: Worker) => workers.push(worker);
    process.on('worker', note);
    const own = new InferencePool({ workers: 2, intraOpThreads: 1 });
    await (await own.load(fixture('double'))).run(row(1));
    process.off('worker', note);
    expect(workers.map(({ threadId }) => threadId > 0)).toEqual([true, true]);
    await own.dispose();
    expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1]);
  });

  it('waits for a load that is under way', async () => {
    const own = new InferencePool({ workers: 1 });
    const loading = own.load(fixture('double'));
    await new Promise((resolve) => setImmediate(resolve));
    await own.dispose();
    await loading.then(
      async (model) => expect(await failure(model.run(row(1)))).toMatchObject({ code: 'ABORTED' }),
      (error) => expect(error).toMatchObject({ code: 'ABORTED' }),
    );
  });

  it('need not be called for a script to end', async () => {
    const script = join(folder, 'forgetful.mts');
    const poolUrl = new URL('../../models/inference-pool.ts', import.meta.url).href;
    await writeFile(
      script,
      `import { InferencePool } from ${JSON.stringify(poolUrl)};
       const model = await new InferencePool({ workers: 1 }).load(${JSON.stringify(fixture('fixed'))});
       const x = { type: 'float32', shape: [2, 3], data: new Float32Array(6).fill(1) };
       console.log((await model.run({ x })).outputs.y.data.join());`,
    );
    const tsx = new URL('../../node_modules/tsx/dist/cli.mjs', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, [tsx, script]);
    expect(stdout.trim()).toBe('-1,-1,-1,-1,-1,-1');
  });
});

describe('defaultInferencePool', () => {
  it('is one pool until it is disposed', async () => {
    const first = defaultInferencePool();
    expect(defaultInferencePool()).toBe(first);
    await disposeDefaultInferencePool();
    await disposeDefaultInferencePool();
    expect(await failure(first.load(fixture('double')))).toMatchObject({ code: 'ABORTED' });
    expect(defaultInferencePool()).not.toBe(first);
    await disposeDefaultInferencePool();
  });
});
