import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openCaptioner } from '../../../../models/adapters/caption/captioner.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { testFrame } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';
import { failure } from '../../helpers.js';
import { modelFiles } from '../text/model-files.js';
import {
  configFile,
  type TinyDecoderOptions,
  tokenizerFile,
  writeTinyDecoder,
  writeTinyImageEncoder,
} from '../translate/tiny-models.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let pool: InferencePool;

beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 1 });
});

afterAll(() => pool.dispose());

describe('openCaptioner', () => {
  const path = workspace();

  async function files(decoder: TinyDecoderOptions) {
    const paths = {
      'encoder.onnx': await writeTinyImageEncoder(path('encoder.onnx')),
      'decoder.onnx': await writeTinyDecoder(path('decoder.onnx'), { mask: false, capitals: false, ...decoder }),
      'tokenizer.json': path('tokenizer.json'),
      'config.json': path('config.json'),
    };
    await writeFile(paths['tokenizer.json'], JSON.stringify(tokenizerFile));
    await writeFile(paths['config.json'], JSON.stringify(configFile));
    return modelFiles('vision-seq2seq', paths, {
      ...{ layout: 'NCHW', channels: 'RGB', range: [0, 1], mean: [0.5], std: [0.5], size: [4, 4], fit: 'stretch' },
    });
  }

  /** One colour: luma and chroma codes, limited range. */
  function coloured(y: number, cb: number, cr: number, pixelFormat: 'yuv420p' | 'yuv420p10' = 'yuv420p') {
    const frame = testFrame(0, { pixelFormat, width: 16, height: 8 });
    const scale = pixelFormat === 'yuv420p10' ? 4 : 1;
    for (const [plane, code] of ([y, cb, cr] as const).entries()) frame.plane(plane as 0 | 1 | 2).fill(code * scale);
    return frame;
  }

  it.each(['none', 'decoder'] as const)('says what a picture shows (cache: %s)', async (cache) => {
    await using captioner = await openCaptioner(await files({ cache }), pool);
    for (const [frame, text] of [
      [coloured(81, 90, 240), 'A b c'],
      [coloured(145, 54, 34), 'a B c'],
      [coloured(41, 240, 110), 'a b C'],
      [coloured(235, 128, 128, 'yuv420p10'), 'A B C'],
    ] as const) {
      expect(await captioner.caption(frame, { beams: 1 })).toMatchObject({ text });
      frame.close();
    }
  });

  it('says the same with a cache as without, with beams', async () => {
    const frame = coloured(81, 90, 240);
    const captions = [];
    for (const cache of ['none', 'decoder'] as const) {
      await using captioner = await openCaptioner(await files({ cache, echo: 1 }), pool);
      captions.push(await captioner.caption(frame, { beams: 3, maxTokens: 8 }));
    }
    frame.close();
    expect(captions[1]).toEqual({ text: captions[0]?.text, score: expect.closeTo(captions[0]?.score ?? NaN, 5) });
  });

  it('stops at a signal', async () => {
    await using captioner = await openCaptioner(await files({}), pool);
    const frame = coloured(81, 90, 240);
    const reason = new Error('enough');
    expect(await failure(captioner.caption(frame, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    frame.close();
  });

  it('is not opened with a model of another family', async () => {
    const model = await files({});
    const other = { ...model, entry: { ...model.entry, family: 'seq2seq' } };
    expect(await failure(openCaptioner(other, pool))).toMatchObject({ code: 'MODEL_INVALID' });
  });
});
