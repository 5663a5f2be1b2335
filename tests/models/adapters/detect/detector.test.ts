import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Detection, Detector } from '../../../../models/adapters/detect/detector.js';
import { openDetector } from '../../../../models/adapters/detect/open-detector.js';
import type { AdapterParameters } from '../../../../models/catalog/adapter-parameters.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { GraphBuilder } from '../../../../models/onnx/graph-builder.js';
import type { FrameProperties } from '../../../../pipeline/video-frame.js';
import { testFrame } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';
import { failure } from '../../helpers.js';
import {
  catalogModel,
  firstFrame,
  iou,
  missing,
  modelFiles,
  type PictureName,
  pictures,
  weights,
} from '../public-models.js';
import { brightSpot, dotFrame } from '../tiny-models.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const files = {
  'yolox-nano': 'detect/yolox_nano.onnx',
  fastestdet: 'detect/FastestDet.onnx',
  'rtmdet-nano-person': 'pose/rtmdet_nano_person_end2end.onnx',
  'rfb-320': 'detect/face_version-RFB-320.onnx',
} as const;
/** x1, y1, x2, y2, score, class */
type Row = [number, number, number, number, number, number];
const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')) as Record<
  keyof typeof files,
  Record<PictureName, Row[]>
>;

let pool: InferencePool;
beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 2 });
});
afterAll(() => pool.dispose());

function twin(row: Row, found: readonly Detection[]): Detection | undefined {
  return found.filter(({ label }) => label === row[5]).sort((a, b) => iou(b.box, row) - iou(a.box, row))[0];
}

const published = Object.entries(files).map(([id, file]) => {
  const why = missing(file);
  return { id, file, why, title: why === undefined ? id : `${id} (${why})` };
});
describe.each(published)('the published detector $title', ({ id, file, why }) => {
  let detector: Detector;
  beforeAll(async () => {
    if (why === undefined) detector = await openDetector(catalogModel(id, weights(file)), pool);
  });
  afterAll(() => detector?.[Symbol.asyncDispose]());

  it.skipIf(why !== undefined).each(Object.entries(expected[id as keyof typeof files]))(
    'finds in "%s" what the referee finds',
    async (name, rows) => {
      const frame = await firstFrame(pictures[name as PictureName]);
      const found = await detector.detect(frame);
      frame.close();
      expect(found).toHaveLength(rows.length);
      for (const row of rows) {
        const same = twin(row, found);
        expect(iou(same?.box ?? [], row)).toBeGreaterThan(0.97);
        expect(Math.abs((same?.score ?? 0) - row[4])).toBeLessThan(0.02);
      }
      expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
    },
  );
});

const yolox = missing(files['yolox-nano']);
describe.skipIf(yolox !== undefined)(`options of a detector${yolox === undefined ? '' : ` (${yolox})`}`, () => {
  let detector: Detector;
  beforeAll(async () => {
    detector = await openDetector(catalogModel('yolox-nano', weights(files['yolox-nano'])), pool);
  });
  afterAll(() => detector[Symbol.asyncDispose]());

  async function found(options: Parameters<Detector['detect']>[1]): Promise<readonly Detection[]> {
    const frame = await firstFrame(pictures.river);
    try {
      return await detector.detect(frame, options);
    } finally {
      frame.close();
    }
  }

  it('drops what is below the score', async () => {
    const scores = (await found({ score: 0.7 })).map(({ score }) => score);
    expect(scores).toHaveLength(3);
    expect(Math.min(...scores)).toBeGreaterThan(0.7);
  });

  it('keeps the best when there are too many', async () => {
    expect((await found({ maxResults: 2 })).map(({ name }) => name)).toEqual(['sheep', 'person']);
  });

  it('keeps boxes that overlap when it may', async () => {
    expect((await found({ nms: 1, maxResults: 1000 })).length).toBeGreaterThan((await found({})).length);
  });

  it('counts a box for its best class only', async () => {
    const boxes = (await found({ score: 0.02, nms: 1, maxResults: 1000 })).map(({ box }) => box.join());
    expect(boxes.length).toBeGreaterThan(100);
    expect(new Set(boxes).size).toBe(boxes.length);
  });

  it.each([{ score: 2 }, { nms: -1 }, { maxResults: 0 }])('refuses %o', async (options) => {
    expect(await failure(found(options))).toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('gives up when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    expect(await failure(found({ signal }))).toMatchObject({ message: 'enough' });
  });
});

describe('a generated detector of the DETR kind', () => {
  const path = workspace();

  /** Two queries: a box of 16 × 8 around the white spot, class 1 sure and class 0 not; and another in the corner, of which nothing is sure. */
  async function openTiny(adapter: AdapterParameters): Promise<Detector> {
    const graph = new GraphBuilder('tiny');
    const { x, y } = brightSpot(graph, 'float32', [1, 3, 64, 64]);
    const side = graph.scalar(1 / 64);
    const size = graph.floats([1, 2], [16 / 64, 8 / 64]);
    const centre = graph.node('Mul', [graph.node('Concat', [x, y], { axis: 1 }), side]);
    const boxes = graph.node(
      'Concat',
      [graph.node('Concat', [centre, size], { axis: 1 }), graph.floats([1, 4], [0.1, 0.1, 0.1, 0.1])],
      { axis: 0 },
    );
    graph.output('logits', graph.floats([1, 2, 2], [-1, 2, -3, -4]), 'float32', [1, 2, 2]);
    graph.output('boxes', graph.reshape(boxes, [1, 2, 4]), 'float32', [1, 2, 4]);
    await writeFile(path('tiny.onnx'), graph.build());
    return openDetector(modelFiles('detr', path('tiny.onnx'), { range: [0, 1], ...adapter }), pool);
  }

  const shapes: [string, Partial<FrameProperties>, AdapterParameters, number, number][] = [
    ['stretched', { width: 128, height: 96 }, { fit: 'stretch' }, 32, 12],
    ['letterboxed', { width: 128, height: 96 }, { fit: 'letterbox', pad: 0 }, 32, 16],
    [
      'of odd size, in ten bits',
      { width: 127, height: 63, pixelFormat: 'yuv420p10' },
      { fit: 'letterbox', pad: 0, anchor: 'top-left' },
      32,
      16,
    ],
    [
      'with pixels twice as wide as high',
      { width: 64, height: 128, sampleAspectRatio: { num: 2, den: 1 } },
      { fit: 'letterbox' },
      16,
      16,
    ],
  ];

  it.each(shapes)('finds the spot in a picture %s', async (_, properties, adapter, width, height) => {
    const detector = await openTiny(adapter);
    const frame = dotFrame(properties, [[40, 30]], 8);
    const [best, ...others] = await detector.detect(frame);
    frame.close();
    expect(others.map(({ score }) => score)).toEqual([]);
    expect(best).toMatchObject({ label: 1, name: 'class 1' });
    expect(best?.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 5);
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = best?.box ?? [];
    expect(Math.abs((x1 + x2) / 2 - 40)).toBeLessThan(0.6);
    expect(Math.abs((y1 + y2) / 2 - 30)).toBeLessThan(0.6);
    expect(Math.abs(x2 - x1 - width)).toBeLessThan(0.5);
    expect(Math.abs(y2 - y1 - height)).toBeLessThan(0.5);
    await detector[Symbol.asyncDispose]();
  });

  it('gives a query for each class that is sure enough, and clips boxes to the picture', async () => {
    const detector = await openTiny({ fit: 'stretch' });
    const frame = dotFrame({ width: 64, height: 64 }, [[2, 2]]);
    const found = await detector.detect(frame, { score: 0.01 });
    frame.close();
    expect(found.map(({ label }) => label)).toEqual([1, 0, 0, 1]);
    const [x1, y1, x2, y2] = found[0]?.box ?? [];
    expect([x1, y1]).toEqual([0, 0]);
    expect(x2).toBeCloseTo(10, 1);
    expect(y2).toBeCloseTo(6, 1);
    await detector[Symbol.asyncDispose]();
  });
});

describe('a generated detector that has dropped overlaps itself', () => {
  const path = workspace();

  it.each([
    ['of 80 classes', { labels: 'coco-80' } as const, ['dog', 'person', 'dog']],
    ['of one class', { labels: 'person' } as const, ['person', 'person', 'person']],
  ])('keeps all boxes that are sure enough, %s', async (_, labels, names) => {
    const graph = new GraphBuilder('tiny');
    const { x } = brightSpot(graph, 'float32', ['batch', 3, 64, 64]);
    const rows = [
      [1, 2, 30, 40, 0.5],
      [1, 2, 30, 41, 0.9],
      [5, 5, 20, 20, 0.6],
      [8, 8, 16, 16, 0.1],
    ].flat();
    // Multiplied by one, so that the picture counts for something.
    const one = graph.node('Div', [x, x]);
    const dets = graph.node('Mul', [graph.floats([1, 4, 5], rows), graph.reshape(one, [1, 1, 1])]);
    graph.output('dets', dets, 'float32', ['batch', 'n', 5]);
    graph.output('labels', graph.ints([1, 4], labels.labels === 'person' ? [0, 0, 0, 0] : [16, 16, 0, 2]), 'int64', [
      'batch',
      'n',
    ]);
    await writeFile(path('tiny.onnx'), graph.build());
    const detector = await openDetector(modelFiles('rtmdet', path('tiny.onnx'), { size: [64, 64], ...labels }), pool);
    const frame = dotFrame({ width: 64, height: 64 }, [[20, 20]]);
    const found = await detector.detect(frame);
    frame.close();
    expect(found.map(({ name }) => name)).toEqual(names);
    expect(found.map(({ score }) => Math.round(10 * score))).toEqual([9, 6, 5]);
    expect(found[0]?.box).toEqual([1, 2, 30, 41]);
    await detector[Symbol.asyncDispose]();
  });

  it('may find nothing', async () => {
    const graph = new GraphBuilder('empty');
    const { x } = brightSpot(graph, 'float32', [1, 3, 64, 64]);
    const none = graph.node('Mul', [
      graph.slice(graph.floats([1, 1, 5], [1, 2, 3, 4, 5]), 1, 0, 0),
      graph.reshape(x, [1, 1, 1]),
    ]);
    graph.output('dets', none, 'float32', [1, 'n', 5]);
    await writeFile(path('empty.onnx'), graph.build());
    const detector = await openDetector(modelFiles('rtmdet', path('empty.onnx')), pool);
    const frame = dotFrame({ width: 64, height: 64 }, [[20, 20]]);
    expect(await detector.detect(frame)).toEqual([]);
    frame.close();
    await detector[Symbol.asyncDispose]();
  });
});

describe('openDetector', () => {
  const path = workspace();

  it('refuses a model of another family', async () => {
    const opening = openDetector(modelFiles('posenet', path('none.onnx')), pool);
    expect(await failure(opening)).toMatchObject({ code: 'MODEL_INVALID', context: { family: 'posenet' } });
  });

  it('refuses a file whose input is no image', async () => {
    const graph = new GraphBuilder('odd');
    graph.output('y', graph.input('x', 'float32', [1, 7]), 'float32', [1, 7]);
    await writeFile(path('odd.onnx'), graph.build());
    const opening = openDetector(modelFiles('yolox', path('odd.onnx')), pool);
    expect(await failure(opening)).toMatchObject({ code: 'MODEL_INVALID', message: expect.stringContaining('[1,7]') });
  });

  it('says that it is closed once it is', async () => {
    const graph = new GraphBuilder('still');
    brightSpot(graph, 'float32', [1, 3, 32, 32]);
    graph.output('logits', graph.floats([1, 1, 1], [1]), 'float32', [1, 1, 1]);
    graph.output('boxes', graph.floats([1, 1, 4], [0.5, 0.5, 0.5, 0.5]), 'float32', [1, 1, 4]);
    await writeFile(path('still.onnx'), graph.build());
    const detector = await openDetector(modelFiles('detr', path('still.onnx')), pool);
    await detector[Symbol.asyncDispose]();
    const frame = testFrame();
    expect(await failure(detector.detect(frame))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    frame.close();
  });
});
