import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InferencePool } from '../../models/inference-pool.js';
import type { LoadedModel, RunOptions } from '../../models/loaded-model.js';
import type { SharedTensor } from '../../models/tensor.js';
import { failure, fixture, Gate, row } from './helpers.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let pool: InferencePool;
let double: LoadedModel;

beforeAll(async () => {
  pool = new InferencePool({ workers: 2, intraOpThreads: 1, maxQueued: 3 });
  double = await pool.load(fixture('double'));
});

afterAll(() => pool.dispose());

/** Runs `value` and notes it when the run settles. */
function noted(settled: number[], value: number, options?: RunOptions): Promise<void> {
  return double.run(row(value), options).then(
    ({ outputs }) => {
      settled.push((outputs.y?.data[0] as number) / 2);
    },
    () => {
      settled.push(-value);
    },
  );
}

describe('order in an InferencePool', () => {
  it('runs requests without a lane side by side', async () => {
    const gate = new Gate();
    const runs = [1, 2].map((value) => double.run(row(value), gate.held));
    await gate.arrived(2);
    expect(pool.metrics()).toMatchObject({ running: 2, queued: 0 });
    gate.open();
    await Promise.all(runs);
    expect(pool.metrics().running).toBe(0);
  });

  it('runs requests of one lane one after another, in order', async () => {
    const settled: number[] = [];
    const gate = new Gate();
    const runs = [
      noted(settled, 1, { lane: 'a', ...gate.held }),
      noted(settled, 2, { lane: 'a' }),
      noted(settled, 3, { lane: 'a' }),
    ];
    await gate.arrived();
    expect(pool.metrics()).toMatchObject({ running: 1, queued: 2 });
    // Another lane finds the other worker free.
    await noted(settled, 4, { lane: 'b' });
    expect(settled).toEqual([4]);
    gate.open();
    await Promise.all(runs);
    expect(settled).toEqual([4, 1, 2, 3]);
  });

  it('settles requests of one stream in order while they run side by side', async () => {
    const settled: number[] = [];
    const gate = new Gate();
    const first = noted(settled, 1, { stream: 's', ...gate.held });
    const second = noted(settled, 2, { stream: 's' });
    await noted(settled, 3);
    expect(settled).toEqual([3]);
    expect(double.metrics().runs).toBeGreaterThanOrEqual(2);
    gate.open();
    await Promise.all([first, second]);
    expect(settled).toEqual([3, 1, 2]);
  });

  it('keeps a failure in its place in the stream', async () => {
    const lookup = await pool.load(fixture('lookup'));
    const settled: number[] = [];
    const gate = new Gate();
    const first = noted(settled, 1, { stream: 's', ...gate.held });
    const index = { type: 'int64', shape: [1], data: BigInt64Array.of(99n) } as const;
    const second = failure(lookup.run({ index }, { stream: 's' })).then(() => settled.push(2));
    await noted(settled, 3);
    gate.open();
    await Promise.all([first, second]);
    expect(settled).toEqual([3, 1, 2]);
  });

  it('refuses a request when the queue is full, and takes one when there is room', async () => {
    const gate = new Gate();
    const running = [1, 2].map((value) => double.run(row(value), gate.held));
    const waiting = [3, 4, 5].map((value) => double.run(row(value)));
    const error = await failure(double.run(row(6)));
    expect(error.code).toBe('INFERENCE_OVERLOAD');
    expect(error.message).toBe('InferencePool.run(double): at most 3 requests may wait');
    expect(pool.metrics().refused).toBe(1);
    gate.open();
    await Promise.all([...running, ...waiting]);
    expect((await double.run(row(6))).outputs.y?.data).toEqual(Float32Array.of(12));
  });

  it('bounds the runs of a model by its replicas', async () => {
    const single = await pool.load(fixture('double'), { replicas: 1 });
    const gate = new Gate();
    const runs = [1, 2].map((value) => single.run(row(value), gate.held));
    await gate.arrived(1);
    await double.run(row(3));
    expect(gate.count).toBe(1);
    gate.open();
    await Promise.all(runs);
  });
});

describe('abort in an InferencePool', () => {
  it('rejects at once with the reason when the signal has aborted before', async () => {
    const reason = new Error('stop');
    expect(await failure(double.run(row(1), { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it('takes a waiting request out, and lets its lane and stream go on', async () => {
    const gate = new Gate();
    const abort = new AbortController();
    const settled: number[] = [];
    const first = noted(settled, 1, { lane: 'a', stream: 's', ...gate.held });
    const waiting = failure(double.run(row(2), { lane: 'a', stream: 's', signal: abort.signal }));
    const third = noted(settled, 3, { lane: 'a', stream: 's' });
    await gate.arrived();
    const reason = new Error('no longer wanted');
    abort.abort(reason);
    expect(await waiting).toBe(reason);
    expect(pool.metrics().queued).toBe(1);
    gate.open();
    await Promise.all([first, third]);
    expect(settled).toEqual([1, 3]);
  });

  it('finishes a running request before it rejects, so that its memory is free again', async () => {
    const gate = new Gate();
    const abort = new AbortController();
    const y: SharedTensor = { type: 'float32', shape: [1, 1, 1, 1], buffer: new SharedArrayBuffer(4), byteOffset: 0 };
    const running = failure(double.run(row(21), { outputs: { y }, signal: abort.signal, ...gate.held }));
    await gate.arrived();
    abort.abort();
    await double.run(row(1));
    expect(pool.metrics().running).toBe(1);
    gate.open();
    expect((await running).name).toBe('AbortError');
    expect(new Float32Array(y.buffer)[0]).toBe(42);
  });
});
