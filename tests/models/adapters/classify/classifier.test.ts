import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Classifier, openClassifier } from '../../../../models/adapters/classify/open-classifier.js';
import type { AdapterParameters } from '../../../../models/catalog/adapter-parameters.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { GraphBuilder } from '../../../../models/onnx/graph-builder.js';
import { testFrame } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';
import { failure } from '../../helpers.js';
import { firstFrame, missing, modelFiles, type PictureName, pictures, weights } from '../public-models.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SQUEEZENET = 'classify/SqueezeNet_fp16.onnx';
/** As the network was trained: Caffe's order and means. */
const squeezenet: AdapterParameters = {
  layout: 'NCHW',
  channels: 'BGR',
  range: [0, 255],
  mean: [104, 117, 123],
  size: [224, 224],
  fit: 'crop',
  resizeShort: 256,
};
const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')) as {
  squeezenet: Record<PictureName, [index: number, probability: number][]>;
};

let pool: InferencePool;
beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 2 });
});
afterAll(() => pool.dispose());

const why = missing(SQUEEZENET);
describe.skipIf(why !== undefined)(
  `a published classifier with float16 input${why === undefined ? '' : ` (${why})`}`,
  () => {
    let classifier: Classifier;
    beforeAll(async () => {
      classifier = await openClassifier(modelFiles('imagenet-classify', weights(SQUEEZENET), squeezenet), pool);
    });
    afterAll(() => classifier[Symbol.asyncDispose]());

    it.each(Object.entries(expected.squeezenet))(
      'says of the picture "%s" what the referee says',
      async (name, best) => {
        const frame = await firstFrame(pictures[name as PictureName]);
        const found = await classifier.classify(frame, { top: 10 });
        frame.close();
        for (const [index, probability] of best) {
          const same = found.find((one) => one.index === index);
          // Beyond the tenth place probabilities are so small that any order is right.
          expect(Math.abs((same?.probability ?? 0) - probability)).toBeLessThan(0.02);
        }
        expect(found[0]?.index).toBe(best[0]?.[0]);
      },
    );
  },
);

describe('a classifier without a softmax of its own', () => {
  const path = workspace();

  /** Logits: the mean red, green and blue of the picture. */
  async function colours(adapter: AdapterParameters) {
    const graph = new GraphBuilder('colours');
    const image = graph.input('image', 'float32', [1, 3, 4, 4]);
    const logits = graph.node('ReduceMean', [image, graph.ints([2], [2, 3])], { keepdims: 1 });
    graph.output('logits', logits, 'float32', [1, 3, 1, 1]);
    await writeFile(path('colours.onnx'), graph.build());
    return openClassifier(modelFiles('imagenet-classify', path('colours.onnx'), { range: [0, 1], ...adapter }), pool);
  }

  it('gives probabilities', async () => {
    const classifier = await colours({ activation: 'softmax' });
    const frame = testFrame();
    frame.plane(0).fill(81);
    frame.plane(1).fill(90);
    frame.plane(2).fill(240);
    const found = await classifier.classify(frame);
    frame.close();
    expect(found.map(({ index }) => index).at(0)).toBe(0);
    const [red, ...others] = found.map(({ probability }) => probability);
    expect(red).toBeCloseTo(Math.E / (Math.E + 2), 2);
    for (const other of others) expect(other).toBeCloseTo(1 / (Math.E + 2), 2);
    await classifier[Symbol.asyncDispose]();
  });

  it('refuses to tell less than one class', async () => {
    const classifier = await colours({});
    const frame = testFrame();
    expect(await failure(classifier.classify(frame, { top: 0 }))).toMatchObject({ code: 'OPTION_INVALID' });
    frame.close();
    await classifier[Symbol.asyncDispose]();
  });

  it('is not made of a model of another family', async () => {
    const opening = openClassifier(modelFiles('yolox', path('colours.onnx')), pool);
    expect(await failure(opening)).toMatchObject({ code: 'MODEL_INVALID', context: { family: 'yolox' } });
  });
});
