import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTranslator, type Translator } from '../../../../models/adapters/translate/translator.js';
import type { AdapterParameters } from '../../../../models/catalog/adapter-parameters.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { workspace } from '../../../helpers/workspace.js';
import { failure } from '../../helpers.js';
import { modelFiles } from '../text/model-files.js';
import {
  configFile,
  PAD,
  type TinyDecoderOptions,
  tokenizerFile,
  writeTinyDecoder,
  writeTinyEncoder,
} from './tiny-models.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let pool: InferencePool;

beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 1 });
});

afterAll(() => pool.dispose());

const marian: AdapterParameters = { style: 'marian', from: ['en'], to: ['fr'] };

describe('openTranslator', () => {
  const path = workspace();
  let made = 0;

  async function files(decoder: TinyDecoderOptions, adapter = marian, config: object = configFile) {
    const name = (file: string): string => path(`${made}-${file}`);
    made++;
    const paths = {
      'encoder.onnx': await writeTinyEncoder(name('encoder.onnx')),
      'decoder.onnx': await writeTinyDecoder(name('decoder.onnx'), decoder),
      'tokenizer.json': name('tokenizer.json'),
      'config.json': name('config.json'),
    };
    await writeFile(paths['tokenizer.json'], JSON.stringify(tokenizerFile));
    await writeFile(paths['config.json'], JSON.stringify(config));
    return modelFiles('seq2seq', paths, adapter);
  }

  async function translator(...args: Parameters<typeof files>): Promise<Translator> {
    return openTranslator(await files(...args), pool);
  }

  const caches = ['none', 'merged'] as const;

  it.each(caches)('translates texts of different lengths, in their order (cache: %s)', async (cache) => {
    await using opened = await translator({ cache });
    const texts = ['a b c', 'e', '', 'd d b a e c a', ' ', 'b a'];
    const translated = await opened.translate(texts, { beams: 1 });
    expect(translated.map(({ text }) => text)).toEqual(['A B C', 'E', '', 'D D B A E C A', '', 'B A']);
    for (const { score } of translated) expect(score).toBeGreaterThan(0.3);
  });

  it.each(caches)('translates more texts than one batch holds (cache: %s)', async (cache) => {
    await using opened = await translator({ cache });
    const texts = Array.from({ length: 19 }, (_, i) =>
      Array.from({ length: 1 + (i % 5) }, (_, j) => 'abcde'[(i + j) % 5]).join(' '),
    );
    const translated = await opened.translate(texts, { beams: 1 });
    expect(translated.map(({ text }) => text)).toEqual(texts.map((text) => text.toUpperCase()));
  });

  it.each([1, 2, 4])('writes the same with a cache as without, with %d beams', async (beams) => {
    // Here chance decides, so that beams overtake each other.
    await using plain = await translator({ cache: 'none', echo: 1 });
    await using cached = await translator({ cache: 'merged', echo: 1 });
    const texts = ['a b c d', 'e', 'd d b a e', 'c a', 'b b b'];
    const options = { beams, maxTokens: 8 };
    const [expected, got] = [await plain.translate(texts, options), await cached.translate(texts, options)];
    expect(got.map(({ text }) => text)).toEqual(expected.map(({ text }) => text));
    for (const [i, { score }] of got.entries()) expect(score).toBeCloseTo(expected[i]?.score ?? NaN, 5);
  });

  it('takes the size of a cache from the catalog where the file does not tell', async () => {
    const decoder: TinyDecoderOptions = { cache: 'merged', openHeads: true };
    await using opened = await translator(decoder, { ...marian, heads: 2, headSize: 4 });
    expect(await opened.translate(['a b'], { beams: 1 })).toMatchObject([{ text: 'A B' }]);
    expect(await failure(translator(decoder))).toMatchObject({ code: 'MODEL_INVALID' });
  });

  it('translates a text the same alone and among others', async () => {
    await using opened = await translator({ cache: 'merged', echo: 1 });
    const options = { beams: 3, maxTokens: 8 };
    const [alone] = await opened.translate(['a b c d'], options);
    const [among] = await opened.translate(['a b c d', 'e', 'd d b a e'], options);
    expect(among).toEqual({ text: alone?.text, score: expect.closeTo(alone?.score ?? NaN, 5) });
  });

  it('begins with the token of the language for models of many', async () => {
    const m2m: AdapterParameters = { style: 'm2m', from: ['en', 'de'], to: ['en', 'de'] };
    await using opened = await translator({ cache: 'merged', prefix: 2, skip: 1 }, m2m);
    const options = { from: 'de', to: 'en', beams: 1 };
    expect(await opened.translate(['c d'], options)).toMatchObject([{ text: 'C D' }]);
    expect(await failure(opened.translate(['c d'], { to: 'en' }))).toMatchObject({ code: 'OPTION_INVALID' });
    expect(await failure(opened.translate(['c d'], { from: 'fr', to: 'en' }))).toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('from must be one of en, de, got "fr"'),
    });
  });

  it('never gives out what is banned, and cuts what does not end', async () => {
    await using opened = await translator({ echo: 0 });
    const [translated] = await opened.translate(['a'], { beams: 1, maxTokens: 5 });
    expect(translated?.text).not.toContain('<pad>');
    expect(translated?.text.split(' ').length).toBeLessThanOrEqual(5);
  });

  it('refuses a text that is longer than the model can take', async () => {
    await using opened = await translator({});
    const text = Array.from({ length: 64 }, () => 'a').join(' ');
    expect(await failure(opened.translate([text]))).toMatchObject({ code: 'INFERENCE_INPUT' });
  });

  it('stops at a signal', async () => {
    await using opened = await translator({});
    const abort = new AbortController();
    const reason = new Error('enough');
    const pending = opened.translate(['a b c'], { signal: abort.signal });
    abort.abort(reason);
    expect(await failure(pending)).toBe(reason);
  });

  it.each([
    ['a configuration without an end', { decoder_start_token_id: PAD }],
    ['a configuration that is none', { eos_token_id: 'x', decoder_start_token_id: PAD }],
  ])('refuses %s', async (_, config) => {
    expect(await failure(translator({}, marian, config))).toMatchObject({ code: 'MODEL_INVALID' });
  });

  it('refuses a decoder that takes what the family does not know', async () => {
    const model = await files({});
    const wrong = { ...model, file: (name?: string) => model.file(name === 'decoder.onnx' ? 'encoder.onnx' : name) };
    expect(await failure(openTranslator(wrong, pool))).toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('"attention_mask"'),
    });
  });
});
