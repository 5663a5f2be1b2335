import type { Observable } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { builtinOperators } from '../../../config/registry.js';
import { InferencePool } from '../../../models/inference-pool.js';
import { type UpscaleOptions, upscale, upscaleDefinition } from '../../../operators/upscale/upscale.js';
import { tapFrames } from '../../../pipeline/frames/tap-frames.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { itKeepsTheFrameOperatorLaws } from '../../helpers/frame-operator-laws.js';
import { collect, expectBalanced, framesFrom } from '../../helpers/frames.js';
import { repeated, TinyLibrary } from '../image/tiny-models.js';

const library = new TinyLibrary({
  double: { task: 'upscale', bytes: repeated(2), adapter: { scale: 2 } },
  wrong: { task: 'upscale', bytes: repeated(2), adapter: { scale: 3 } },
});
let pool: InferencePool;

beforeAll(() => {
  pool = new InferencePool({ workers: 2, intraOpThreads: 1 });
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await pool.dispose();
  await library.remove();
});

function operator(options: UpscaleOptions = {}): (source: Observable<VideoSample>) => Observable<VideoSample> {
  return upscale({ pool, library, model: 'double', ...options });
}

function stripes(frame: VideoFrame): void {
  const luma = frame.plane(0);
  for (let i = 0; i < luma.length; i++) luma[i] = 60 + 10 * (i % frame.width);
  frame.plane(1).fill(120);
  frame.plane(2).fill(130);
}

describe('upscale', () => {
  itKeepsTheFrameOperatorLaws({ apply: (frames) => operator()(frames), synchronous: false });

  it('gives frames that are as many times larger as the model says, of the same format, time and pixel shape', () =>
    expectBalanced(async () => {
      const frames = framesFrom(1, { sampleAspectRatio: { num: 16, den: 15 }, pixelFormat: 'yuv422p' }).pipe(
        tapFrames(({ frame }) => stripes(frame)),
      );
      const { error } = await collect(operator()(frames), ({ frame }) => {
        const { width, height, pixelFormat, sampleAspectRatio, ptsUs, durationUs } = frame;
        expect({ width, height, pixelFormat, ptsUs, durationUs }).toEqual({
          width: 16,
          height: 8,
          pixelFormat: 'yuv422p',
          ptsUs: 0,
          durationUs: 40_000,
        });
        expect(sampleAspectRatio).toEqual({ num: 16, den: 15 });
        const row = Array.from(frame.plane(0).subarray(16, 32));
        for (const [x, code] of row.entries()) expect(Math.abs(code - (60 + 10 * (x >> 1)))).toBeLessThanOrEqual(1);
        expect(new Set(frame.plane(1))).toEqual(new Set([120]));
      });
      expect(error).toBeUndefined();
    }));

  it('fails where the model gives another size than it is said to, and leaks nothing', () =>
    expectBalanced(async () => {
      const { error } = await collect(operator({ model: 'wrong' })(framesFrom(3)));
      expect(error).toMatchObject({ code: 'INFERENCE_INPUT' });
    }));

  it('says what can be pulled where no model is given', () => {
    expect(() => upscale()).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(/models pull.*realesr/s) }),
    );
  });

  it('says how to get a model that is not on this machine', () => {
    vi.stubEnv('VITASCOPE_MODELS', '/no/such/folder');
    expect(() => upscale({ model: 'realesr-animevideov3' })).toThrow(
      expect.objectContaining({ code: 'MODEL_NOT_FOUND', message: expect.stringContaining('vitascope models pull') }),
    );
  });

  it('is registered', () => {
    expect(builtinOperators).toContain(upscaleDefinition);
  });
});
