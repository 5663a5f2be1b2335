import { afterEach, describe, expect, it, vi } from 'vitest';
import { InferencePool } from '../../models/inference-pool.js';
import { failure, fatal, fixture, Gate, row } from './helpers.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const pools: InferencePool[] = [];

function newPool(maxCrashes?: number, workers = 1): InferencePool {
  const pool = new InferencePool({ workers, intraOpThreads: 1, maxCrashes });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.dispose()));
});

describe('a worker that dies', () => {
  it.each(['exit', 'throw'] as const)('by %s fails the request it ran and is replaced', async (kind) => {
    const pool = newPool();
    const model = await pool.load(fixture('double'));
    const lost = failure(model.run(row(1), { stream: 's', ...fatal(kind) }));
    const waiting = [2, 3].map((value) => model.run(row(value), { stream: 's' }));
    const error = await lost;
    expect(error.code).toBe('WORKER_LOST');
    expect(error.message).toMatch(/^inference worker vitascope-inference-0 died \(/);
    const results = await Promise.all(waiting);
    expect(results.map(({ outputs }) => outputs.y?.data[0])).toEqual([4, 6]);
    expect(pool.metrics()).toMatchObject({ workersLost: 1, queued: 0, running: 0 });
    expect(model.metrics()).toMatchObject({ runs: 2, failures: 1 });
  });

  it('by an exception passes the exception on as the cause', async () => {
    const model = await newPool().load(fixture('double'));
    const error = await failure(model.run(row(1), fatal('throw')));
    expect(error.cause).toMatchObject({ message: 'fault injected by a test' });
  });

  it('has all its models again in the replacement', async () => {
    const pool = newPool();
    const [double, add] = await Promise.all([pool.load(fixture('double')), pool.load(fixture('add'))]);
    await failure(double.run(row(1), fatal('exit')));
    const a = { type: 'float32', shape: [1, 1], data: Float32Array.of(4) } as const;
    expect((await add.run({ a, b: a })).outputs.sum?.data).toEqual(Float32Array.of(8));
    expect((await double.run(row(2))).outputs.y?.data).toEqual(Float32Array.of(4));
  });

  it('does not disturb what runs on another worker', async () => {
    const model = await newPool(3, 2).load(fixture('double'));
    const gate = new Gate();
    const other = model.run(row(5), gate.held);
    await gate.arrived();
    expect(await failure(model.run(row(1), fatal('exit')))).toMatchObject({ code: 'WORKER_LOST' });
    gate.open();
    expect((await other).outputs.y?.data).toEqual(Float32Array.of(10));
  });

  it('again and again is given up, and then every request says so', async () => {
    const pool = newPool(1);
    const model = await pool.load(fixture('double'));
    expect(await failure(model.run(row(1), fatal('exit')))).toMatchObject({ code: 'WORKER_LOST' });
    expect((await failure(model.run(row(1), fatal('exit')))).message).toContain('given up after 2 deaths in a row');
    expect(await failure(model.run(row(1)))).toMatchObject({ code: 'WORKER_LOST' });
    expect(await failure(pool.load(fixture('add')))).toMatchObject({ code: 'WORKER_LOST' });
    expect(pool.metrics().workersLost).toBe(2);
  });

  it('now and then, with finished runs in between, is replaced every time', async () => {
    const model = await newPool(1).load(fixture('double'));
    for (let i = 0; i < 3; i++) {
      expect(await failure(model.run(row(1), fatal('exit')))).toMatchObject({ code: 'WORKER_LOST' });
      expect((await model.run(row(i))).outputs.y?.data).toEqual(Float32Array.of(2 * i));
    }
  });
});
