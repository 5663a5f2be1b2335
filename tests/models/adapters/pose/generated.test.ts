import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Box } from '../../../../models/adapters/picture/crop-stage.js';
import { openPoseEstimator } from '../../../../models/adapters/pose/open-pose-estimator.js';
import type { PersonPose, PoseEstimator } from '../../../../models/adapters/pose/pose-estimator.js';
import { findCatalogEntry } from '../../../../models/catalog/load-catalog.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { GraphBuilder, type Value } from '../../../../models/onnx/graph-builder.js';
import type { FrameProperties } from '../../../../pipeline/video-frame.js';
import { workspace } from '../../../helpers/workspace.js';
import { failure } from '../../helpers.js';
import { modelFiles } from '../public-models.js';
import { brightSpot, dotFrame } from '../tiny-models.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let pool: InferencePool;
beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 2 });
});
afterAll(() => pool.dispose());

/** The shapes of pictures that coordinates must find their way back to. */
const shapes: [string, Partial<FrameProperties>][] = [
  ['square pixels', { width: 320, height: 240 }],
  ['odd sides', { width: 301, height: 203 }],
  ['ten bits', { width: 320, height: 240, pixelFormat: 'yuv422p10' }],
  ['pixels wider than high', { width: 240, height: 240, sampleAspectRatio: { num: 16, den: 11 } }],
  ['an upright picture', { width: 180, height: 320 }],
];

function expectAt({ keypoints }: PersonPose, [x, y]: readonly [number, number], tolerance: number): void {
  expect(keypoints).toHaveLength(17);
  for (const [atX, atY] of keypoints) {
    expect(Math.abs(atX - x)).toBeLessThan(tolerance);
    expect(Math.abs(atY - y)).toBeLessThan(tolerance);
  }
}

describe('RTMPose', () => {
  const path = workspace();

  /** SimCC peaks where the white spot is; its scores are 0.8 and 0.6. */
  async function openTiny(batch: number | string = 'batch'): Promise<PoseEstimator> {
    const graph = new GraphBuilder('tiny');
    const { x, y } = brightSpot(graph, 'float32', [batch, 3, 256, 192]);
    const peak = (at: Value, bins: number, height: number): Value => {
      const places = graph.floats(
        [1, bins],
        Array.from({ length: bins }, (_, i) => i / 2 + 0.5),
      );
      const off = graph.node('Abs', [graph.node('Sub', [places, at])]);
      const hill = graph.node('Mul', [graph.node('Exp', [graph.node('Neg', [off])]), graph.scalar(height)]);
      const one = graph.node('Unsqueeze', [hill, graph.ints([1], [1])]);
      return graph.node('Concat', new Array<Value>(17).fill(one), { axis: 1 });
    };
    graph.output('simcc_x', peak(x, 384, 0.8), 'float32', [batch, 17, 384]);
    graph.output('simcc_y', peak(y, 512, 0.6), 'float32', [batch, 17, 512]);
    await writeFile(path('tiny.onnx'), graph.build());
    return openPoseEstimator(modelFiles('rtmpose', path('tiny.onnx'), findCatalogEntry('rtmpose-s').adapter), pool);
  }

  it.each(shapes)('finds key points of each box in a picture with %s', async (_, properties) => {
    const estimator = await openTiny();
    const spots = [
      [60, 70],
      [130, 100],
    ] as const;
    const boxes: Box[] = [
      [40, 30, 80, 110],
      [100, 60, 150, 160],
    ];
    const frame = dotFrame(properties, spots);
    const people = await estimator.estimate(frame, { boxes });
    frame.close();
    expect(people.map(({ box }) => box)).toEqual(boxes);
    for (const [i, person] of people.entries()) expectAt(person, spots[i] ?? [0, 0], 0.15);
    for (const { score } of people) expect(score).toBeCloseTo(0.7, 1);
    await estimator[Symbol.asyncDispose]();
  });

  it('asks for one box at a time where the file takes one', async () => {
    const estimator = await openTiny(1);
    const frame = dotFrame({ width: 320, height: 240 }, [
      [60, 70],
      [130, 100],
    ]);
    const people = await estimator.estimate(frame, {
      boxes: [
        [40, 30, 80, 110],
        [100, 60, 150, 160],
      ],
    });
    frame.close();
    expectAt(people[1] as PersonPose, [130, 100], 0.5);
    await estimator[Symbol.asyncDispose]();
  });

  it('looks only at people whom its detector finds, the best first', async () => {
    const tiny = await openTiny();
    await tiny[Symbol.asyncDispose]();
    const person = (box: Box, score: number) => ({ box, score, label: 0, name: 'person' });
    const found = [
      person([40, 30, 80, 110], 0.9),
      { ...person([0, 0, 9, 9], 0.8), name: 'dog' },
      person([100, 60, 150, 160], 0.4),
    ];
    const detector = {
      labels: ['person', 'dog'],
      detect: () => Promise.resolve(found),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    const model = modelFiles('rtmpose', path('tiny.onnx'), findCatalogEntry('rtmpose-s').adapter);
    const estimator = await openPoseEstimator(model, pool, detector);
    const frame = dotFrame({ width: 320, height: 240 }, [
      [60, 70],
      [130, 100],
    ]);
    const people = await estimator.estimate(frame);
    // Key points score 0.7.
    expect(people.map(({ score }) => score ** 2)).toEqual([expect.closeTo(0.63, 1), expect.closeTo(0.28, 1)]);
    expect((await estimator.estimate(frame, { maxPeople: 1 }))[0]?.box).toEqual([40, 30, 80, 110]);
    expect(await estimator.estimate(frame, { boxes: [] })).toEqual([]);
    frame.close();
    await estimator[Symbol.asyncDispose]();
  });
});

describe('MoveNet for several people', () => {
  const path = workspace();

  it.each(shapes)('finds key points and boxes in a picture with %s', async (_, properties) => {
    const graph = new GraphBuilder('tiny');
    const { x, y } = brightSpot(graph, 'int32', [1, 256, 256, 3]);
    const unit = (value: Value): Value => graph.node('Div', [value, graph.scalar(256)]);
    const keypoint = graph.node('Concat', [unit(y), unit(x), graph.floats([1, 1], [0.9])], { axis: 1 });
    const box = [y, x, y, x].map((value, i) => graph.node('Add', [unit(value), graph.scalar(i < 2 ? -0.05 : 0.05)]));
    const row = [...new Array<Value>(17).fill(keypoint), ...box, graph.floats([1, 1], [0.8])];
    const person = graph.node('Concat', row, { axis: 1 });
    const nobody = graph.floats([5, 56], new Array<number>(5 * 56).fill(0));
    graph.output(
      'people',
      graph.reshape(graph.node('Concat', [person, nobody], { axis: 0 }), [1, 6, 56]),
      'float32',
      [1, 6, 56],
    );
    await writeFile(path('tiny.onnx'), graph.build());
    const model = modelFiles('movenet-multi', path('tiny.onnx'), findCatalogEntry('movenet-multipose').adapter);
    const estimator = await openPoseEstimator(model, pool);
    const frame = dotFrame(properties, [[100, 60]]);
    const people = await estimator.estimate(frame);
    frame.close();
    expect(people).toHaveLength(1);
    expect(people[0]?.score).toBeCloseTo(0.8);
    expectAt(people[0] as PersonPose, [100, 60], 0.6);
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = people[0]?.box ?? [];
    expect(Math.abs((x1 + x2) / 2 - 100)).toBeLessThan(0.6);
    expect(Math.abs((y1 + y2) / 2 - 60)).toBeLessThan(0.6);
    await estimator[Symbol.asyncDispose]();
  });
});

describe('RTMO', () => {
  const path = workspace();

  it.each(shapes)('finds key points and boxes in a picture with %s, each person once', async (_, properties) => {
    const graph = new GraphBuilder('tiny');
    const { x, y } = brightSpot(graph, 'float32', [1, 3, 640, 640]);
    const moved = (value: Value, by: number): Value => graph.node('Add', [value, graph.scalar(by)]);
    const box = (score: number, size: number): Value =>
      graph.node(
        'Concat',
        [moved(x, -size), moved(y, -size), moved(x, size), moved(y, size), graph.floats([1, 1], [score])],
        { axis: 1 },
      );
    // The same person twice, and somebody of whom nothing is sure.
    const dets = graph.node('Concat', [box(0.75, 40), box(0.9, 42), graph.floats([1, 5], [5, 5, 9, 9, 0.1])], {
      axis: 0,
    });
    const keypoints = graph.node('Concat', [x, y, graph.floats([1, 1], [0.6])], { axis: 1 });
    const all = graph.node('Concat', new Array<Value>(51).fill(keypoints), { axis: 0 });
    graph.output('dets', graph.reshape(dets, [1, 3, 5]), 'float32', [1, 'n', 5]);
    graph.output('keypoints', graph.reshape(all, [1, 3, 17, 3]), 'float32', [1, 'n', 17, 3]);
    await writeFile(path('tiny.onnx'), graph.build());
    const model = modelFiles('rtmo', path('tiny.onnx'), findCatalogEntry('rtmo-s').adapter);
    const estimator = await openPoseEstimator(model, pool);
    const frame = dotFrame(properties, [[100, 60]]);
    const people = await estimator.estimate(frame);
    frame.close();
    expect(people.map(({ score }) => score)).toEqual([expect.closeTo(0.9, 5)]);
    expectAt(people[0] as PersonPose, [100, 60], 0.5);
    await estimator[Symbol.asyncDispose]();
  });
});

describe('openPoseEstimator', () => {
  it('refuses a model of another family', async () => {
    const opening = openPoseEstimator(modelFiles('yolox', 'none.onnx'), pool);
    expect(await failure(opening)).toMatchObject({ code: 'MODEL_INVALID', context: { family: 'yolox' } });
  });
});
