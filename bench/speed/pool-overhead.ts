import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { InferencePool } from '../../models/inference-pool.js';
import type { LoadedModel } from '../../models/loaded-model.js';
import { GraphBuilder } from '../../models/onnx/graph-builder.js';
import type { SharedTensor } from '../../models/tensor.js';
import { median, medianOfPairs } from '../statistics.js';
import type { Bench } from './bench.js';
import { circumstances } from './machine.js';

const MOST_OVERHEAD = 1.05;
const BLOCKS_PER_ROUND = 15;
/** Runs of one side at a stretch, so that both work with warm caches. */
const RUNS_PER_BLOCK = 15;
const WARM_UP_RUNS = 20;
/** Convolutions of 48 channels on 64×64: about 10 ms on one core of the machine this was written on. */
const LAYERS = 13;
const CHANNELS = 48;

interface Times {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Time through the pool against a bare `session.run` in a script: one stream, one thread, in turn. */
export const poolBench: Bench = async ({ work, runs }) => {
  const path = join(work, 'convolutions.onnx');
  await writeFile(path, convolutions().build());
  const session = await ort.InferenceSession.create(path, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  await using pool = new InferencePool({ workers: 1, intraOpThreads: 1 });
  await using model = await pool.load({ id: 'convolutions', path });
  const sides = { pool: throughPool(model), bare: bareRun(session) };
  for (let i = 0; i < WARM_UP_RUNS; i++) for (const side of Object.values(sides)) await side();
  const [ours, bare]: [Times[], Times[]] = [[], []];
  for (let i = 0; i < runs * BLOCKS_PER_ROUND; i++) {
    ours.push(await block(sides.pool));
    bare.push(await block(sides.bare));
  }
  await session.release();
  const wall = medianOfPairs(ours, bare, (a, b) => a.wallMs / b.wallMs);
  const cpu = medianOfPairs(ours, bare, (a, b) => a.cpuMs / b.cpuMs);
  const ms = (times: readonly Times[], of: keyof Times) => `${median(times.map((t) => t[of])).toFixed(2)} ms a run`;
  return {
    name: 'pool',
    title: 'Inference pool, a model of about 10 ms',
    circumstances: circumstances(),
    rows: [
      {
        measured: 'time',
        ours: ms(ours, 'wallMs'),
        reference: `${ms(bare, 'wallMs')}, bare session.run`,
        ratio: wall.toFixed(3),
        goal: `at most ${MOST_OVERHEAD}`,
        met: wall <= MOST_OVERHEAD,
      },
      {
        measured: 'CPU time',
        ours: ms(ours, 'cpuMs'),
        reference: `${ms(bare, 'cpuMs')}, bare session.run`,
        ratio: cpu.toFixed(3),
        goal: '',
      },
    ],
    notes: [
      `${LAYERS} convolutions, float32 1×3×128×128 in, 1×${CHANNELS}×64×64 (0.8 MB) out; ${runs * BLOCKS_PER_ROUND} times ${RUNS_PER_BLOCK} runs of each side in turn, one thread; medians of ${RUNS_PER_BLOCK} runs, then of those`,
      'Through the pool: input and output in shared memory, worker thread, checks. Bare: `session.run` on the same input in the main thread',
    ],
  };
};

/** Halves the picture, then convolves it again and again. */
function convolutions(): GraphBuilder {
  const graph = new GraphBuilder('convolutions');
  let value = graph.input('x', 'float32', [1, 3, 128, 128]);
  for (let layer = 0; layer < LAYERS; layer++) {
    const from = layer === 0 ? 3 : CHANNELS;
    const count = CHANNELS * from * 9;
    const weights = Array.from({ length: count }, (_, i) => (((i * 7919) % 1001) - 500) / (500 * from * 9));
    const stride = layer === 0 ? 2 : 1;
    const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [stride, stride] };
    value = graph.node('Relu', [
      graph.node('Conv', [value, graph.floats([CHANNELS, from, 3, 3], weights)], attributes),
    ]);
  }
  graph.output('y', value, 'float32', [1, CHANNELS, 64, 64]);
  return graph;
}

function throughPool(model: LoadedModel): () => Promise<unknown> {
  const [x, y] = [sharedTensor([1, 3, 128, 128]), sharedTensor([1, CHANNELS, 64, 64])];
  new Float32Array(x.buffer).set(picture());
  return () => model.run({ x }, { outputs: { y }, stream: 'film' });
}

function bareRun(session: ort.InferenceSession): () => Promise<unknown> {
  const x = new ort.Tensor('float32', picture(), [1, 3, 128, 128]);
  return () => session.run({ x });
}

function picture(): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: 3 * 128 * 128 }, (_, i) => (i % 255) / 255);
}

function sharedTensor(shape: readonly number[]): SharedTensor {
  const bytes = 4 * shape.reduce((product, size) => product * size, 1);
  return { type: 'float32', shape, buffer: new SharedArrayBuffer(bytes), byteOffset: 0 };
}

async function block(run: () => Promise<unknown>): Promise<Times> {
  const times: Times[] = [];
  for (let i = 0; i < RUNS_PER_BLOCK; i++) times.push(await timed(run));
  return { wallMs: median(times.map(({ wallMs }) => wallMs)), cpuMs: median(times.map(({ cpuMs }) => cpuMs)) };
}

async function timed(run: () => Promise<unknown>): Promise<Times> {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await run();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallMs, cpuMs: (user + system) / 1000 };
}
