import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InferencePool } from '../../models/inference-pool.js';
import type { GraphStage } from '../../models/model-source.js';
import { GraphBuilder } from '../../models/onnx/graph-builder.js';
import { inlineTensor, type SharedTensor, type TensorType } from '../../models/tensor.js';
import { failure, fixture, row } from './helpers.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let pool: InferencePool;

beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 1 });
});

afterAll(() => pool.dispose());

type Shape = readonly (number | string)[];
const picture: Shape = [1, 1, 'h', 'w'];

/** A stage that adds `amount` to `from` and gives the sum as `to`. */
function adds(id: string, from: string, to: string, amount: number, shape: Shape = picture): GraphStage {
  const graph = new GraphBuilder(id);
  const x = graph.input(from, 'float32', shape);
  graph.output(to, graph.node('Add', [x, graph.scalar(amount)]), 'float32', shape);
  return { id, model: graph.build() };
}

/** A stage that turns uint8 into the float32 that the model `double` takes. */
function toFloat(to = 'x', shape: Shape = picture): GraphStage {
  const graph = new GraphBuilder('to-float');
  const image = graph.input('image', 'uint8', shape);
  graph.output(to, graph.cast(image, 'float32'), 'float32', shape);
  return { id: 'to-float', model: graph.build() };
}

/** A stage that adds two pictures, with a given shape of the second. */
function sum(a: string, b: string, shapeOfB: Shape = picture, type: TensorType = 'float32'): GraphStage {
  const graph = new GraphBuilder('sum');
  const left = graph.input(a, 'float32', picture);
  const right = graph.cast(graph.input(b, type, shapeOfB), 'float32');
  graph.output('sum', graph.node('Add', [left, right]), 'float32', picture);
  return { id: 'sum', model: graph.build() };
}

const image = (...values: number[]) => inlineTensor('uint8', [1, 1, 1, values.length], Uint8Array.from(values));

describe('a chain of graphs', () => {
  it('runs as one request, and looks like one model', async () => {
    const model = await pool.load({ ...fixture('double'), before: [toFloat()], after: [adds('plus', 'y', 'z', 0.5)] });
    expect(model.inputs).toEqual([{ name: 'image', type: 'uint8', shape: picture }]);
    expect(model.outputs.map(({ name }) => name)).toEqual(['z']);
    expect(model.intermediates.map(({ name }) => name)).toEqual(['x', 'y']);
    const { outputs, modelMs, coreMs } = await model.run({ image: image(1, 2) });
    expect(Object.keys(outputs)).toEqual(['z']);
    expect(outputs.z?.data).toEqual(Float32Array.of(2.5, 4.5));
    expect(coreMs).toBeGreaterThan(0);
    expect(coreMs).toBeLessThan(modelMs);
    await model.close();
  });

  it('gives what passes between the graphs when it is asked for', async () => {
    const model = await pool.load({ ...fixture('double'), before: [toFloat()], after: [adds('plus', 'y', 'z', 0.5)] });
    const z: SharedTensor = {
      type: 'float32',
      shape: [1, 1, 1, 2],
      buffer: new SharedArrayBuffer(8),
      byteOffset: 0,
    };
    const { outputs } = await model.run({ image: image(1, 2) }, { outputs: { x: 'inline', y: 'inline', z } });
    expect(outputs.x.data).toEqual(Float32Array.of(1, 2));
    expect(outputs.y.data).toEqual(Float32Array.of(2, 4));
    expect([...new Float32Array(z.buffer)]).toEqual([2.5, 4.5]);
    await model.close();
  });

  it('does not run what nobody asks for', async () => {
    const model = await pool.load({ ...fixture('double'), before: [toFloat()] });
    const { outputs, coreMs } = await model.run({ image: image(7) }, { outputs: { x: 'inline' } });
    expect(outputs.x.data).toEqual(Float32Array.of(7));
    expect(coreMs).toBe(0);
    await model.close();
  });

  it('takes a tensor from the nearest earlier graph, else from the request', async () => {
    // Two stages give a z: the last one takes the later, and the picture of the request as well.
    const after = [adds('one', 'y', 'z', 1), adds('ten', 'x', 'z', 10), sum('z', 'x')];
    const model = await pool.load({ ...fixture('double'), after });
    expect(model.inputs).toEqual([{ name: 'x', type: 'float32', shape: picture }]);
    expect((await model.run(row(3))).outputs.sum?.data).toEqual(Float32Array.of(16));
    expect((await model.run(row(3), { outputs: { z: 'inline' } })).outputs.z.data).toEqual(Float32Array.of(13));
    await model.close();
  });

  it('refuses stages whose types or fixed sizes cannot agree, and names both', async () => {
    const wrongType = await failure(
      pool.load({ ...fixture('double'), after: [sum('y', 'y2'), { ...toFloat(), id: 'odd' }] }).then(async (model) => {
        // Nothing connects these, so nothing is wrong yet.
        await model.close();
        return pool.load({ ...fixture('double'), before: [toFloat()], after: [sum('y', 'x', picture, 'uint8')] });
      }),
    );
    expect(wrongType).toMatchObject({ code: 'MODEL_INVALID' });
    expect(wrongType.message).toBe(
      'model double: "to-float" gives "x" as float32 [1,1,h,w], "sum" expects uint8 [1,1,h,w]',
    );
    const wrongSize = await failure(
      pool.load({ ...fixture('double'), after: [adds('plus', 'y', 'z', 1, [2, 1, 4, 4])] }),
    );
    expect(wrongSize.message).toBe(
      'model double: "double" gives "y" as float32 [1,1,h,w], "plus" expects float32 [2,1,4,4]',
    );
    const sameInput = await failure(pool.load({ ...fixture('double'), after: [sum('y', 'x', [1, 'h', 'w'])] }));
    expect(sameInput.message).toBe('model double: "double" takes "x" as float32 [1,1,h,w], "sum" as float32 [1,h,w]');
  });

  it('fails a run whose sizes do not fit the next stage, and goes on', async () => {
    const model = await pool.load({ ...fixture('double'), after: [adds('plus', 'y', 'z', 1, [1, 1, 1, 2])] });
    const error = await failure(model.run(row(1, 2, 3)));
    expect(error).toMatchObject({ code: 'INFERENCE_FAILED' });
    expect(error.message).toBe(
      'model double: "double" gave "y" as float32 [1,1,1,3], "plus" expects float32 [1,1,1,2]',
    );
    expect((await model.run(row(1, 2))).outputs.z?.data).toEqual(Float32Array.of(3, 5));
    await model.close();
  });

  it('checks sizes of a symbol over all that the request feeds', async () => {
    const model = await pool.load({ ...fixture('double'), after: [sum('y', 'other')] });
    const other = inlineTensor('float32', [1, 1, 1, 3], new Float32Array(3));
    const error = await failure(model.run({ ...row(1, 2), other }));
    expect(error.message).toContain(
      'input "other" expects float32 [1,1,h,w], got float32 [1,1,1,3] while "x" has w = 2',
    );
    await model.close();
  });

  it('keeps contracts on its outside', async () => {
    const contract = {
      inputs: [{ name: 'image', type: 'uint8', shape: picture }],
      outputs: [
        { name: 'z', type: 'float32', shape: picture },
        { name: 'y', type: 'float32', shape: picture },
      ],
    } as const;
    const after = [adds('plus', 'y', 'z', 1)];
    await (await pool.load({ ...fixture('double'), before: [toFloat()], after, contract })).close();
    const error = await failure(pool.load({ ...fixture('double'), after, contract }));
    expect(error.message).toContain('input "image" must be uint8 [1,1,h,w], the model has only "x"');
  });

  it('refuses a stage that is no graph, and names it', async () => {
    const broken = { id: 'broken', model: Uint8Array.of(1, 2, 3) };
    const error = await failure(pool.load({ ...fixture('double'), after: [broken] }));
    expect(error).toMatchObject({ code: 'MODEL_INVALID' });
    expect(error.message).toMatch(/^model double, stage broken: /);
  });

  it('shares sessions with a chain of the same stages only', async () => {
    const source = (amount: number) => ({ ...fixture('double'), after: [adds('plus', 'y', 'z', amount)] });
    const [a, b, c] = await Promise.all([pool.load(source(1)), pool.load(source(1)), pool.load(source(2))]);
    expect(pool.metrics().models).toHaveLength(2);
    const results = await Promise.all([a, b, c].map((model) => model.run(row(1))));
    expect(results.map(({ outputs }) => outputs.z?.data[0])).toEqual([3, 3, 4]);
    await Promise.all([a, b, c].map((model) => model.close()));
  });

  it('is warmed up as a whole', async () => {
    const source = { ...fixture('double'), before: [toFloat()], after: [adds('plus', 'y', 'z', 1)] };
    const model = await pool.load(source, { warmup: { h: 2, w: 2 } });
    expect(model.warmupMs).toBeGreaterThan(0);
    await model.close();
  });
});
