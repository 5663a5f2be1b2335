import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InferencePool } from '../../models/inference-pool.js';
import { inlineTensor, type SharedTensor } from '../../models/tensor.js';
import { MEASURED_BUFFERS, MEASURED_HEAP, workerFault } from '../../models/worker-fault.js';
import { fixture } from './helpers.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const RUNS = 2000;
const SETTLED_AFTER = 200;
/** One float32 picture of 512×512. */
const PICTURE_BYTES = 2 ** 20;

let pool: InferencePool;
let collectHere: () => void;

beforeAll(() => {
  // Before the worker starts, so that it has a gc() too.
  setFlagsFromString('--expose_gc');
  collectHere = runInNewContext('gc') as () => void;
  pool = new InferencePool({ workers: 1, intraOpThreads: 1 });
});

afterAll(() => pool.dispose());

function picture(): SharedTensor {
  return { type: 'float32', shape: [1, 1, 512, 512], buffer: new SharedArrayBuffer(PICTURE_BYTES), byteOffset: 0 };
}

/** What a worker's memory was at the beginning of each run. */
class Measurements {
  readonly buffers: number[] = [];
  heapBytes = 0;
  readonly #into = new SharedArrayBuffer(16);

  options(collect: boolean) {
    return { [workerFault]: { kind: 'measure', into: this.#into, collect } as const };
  }

  note(): void {
    const measured = new Float64Array(this.#into);
    this.buffers.push(measured[MEASURED_BUFFERS] ?? 0);
    this.heapBytes = measured[MEASURED_HEAP] ?? 0;
  }
}

describe('memory of inference', () => {
  it('is as much after 2,000 runs as before, with no buffer left to the garbage collector', async () => {
    const model = await pool.load(fixture('double'));
    const [x, y] = [picture(), picture()];
    const there = new Measurements();
    const here: number[] = [];
    const heaps: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const collect = run === SETTLED_AFTER || run === RUNS - 1;
      await model.run({ x }, { outputs: { y }, ...there.options(collect) });
      there.note();
      if (collect) heaps.push(there.heapBytes);
      if (run === SETTLED_AFTER) collectHere();
      here.push(process.memoryUsage().arrayBuffers);
    }
    const spread = (values: readonly number[]): number => {
      const settled = values.slice(SETTLED_AFTER);
      return Math.max(...settled) - Math.min(...settled);
    };
    console.log(
      `buffers ±${spread(there.buffers)} bytes in the worker, ±${spread(here)} here; heap of the worker grew ${(heaps[1] ?? 0) - (heaps[0] ?? 0)} bytes`,
    );
    expect(spread(there.buffers)).toBeLessThan(PICTURE_BYTES / 4);
    expect(spread(here)).toBeLessThan(PICTURE_BYTES / 4);
    expect((heaps[1] ?? 0) - (heaps[0] ?? 0)).toBeLessThan(PICTURE_BYTES / 2);
  });

  it('holds no feed that came as a message longer than the run', async () => {
    const model = await pool.load(fixture('double'));
    const y = picture();
    const there = new Measurements();
    for (let run = 0; run < 100; run++) {
      const x = inlineTensor('float32', [1, 1, 512, 512], new Float32Array(PICTURE_BYTES / 4));
      await model.run({ x }, { outputs: { y }, transfer: true, ...there.options(false) });
      there.note();
    }
    const [first = 0, ...later] = there.buffers.slice(10);
    expect(Math.max(...later.map((bytes) => Math.abs(bytes - first)))).toBeLessThan(PICTURE_BYTES / 4);
  });
});
