import type { Observable } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { builtinOperators } from '../../../config/registry.js';
import { InferencePool } from '../../../models/inference-pool.js';
import { type StylizeOptions, stylize, stylizeDefinition } from '../../../operators/stylize/stylize.js';
import { tapFrames } from '../../../pipeline/frames/tap-frames.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { itKeepsTheFrameOperatorLaws } from '../../helpers/frame-operator-laws.js';
import { collect, expectBalanced, framesFrom } from '../../helpers/frames.js';
import { negative, repeated, TinyLibrary } from '../image/tiny-models.js';

const library = new TinyLibrary({
  negative: { task: 'stylize', bytes: negative() },
  upscaler: { task: 'upscale', bytes: repeated(2), adapter: { scale: 2 } },
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

function operator(options: StylizeOptions = {}): (source: Observable<VideoSample>) => Observable<VideoSample> {
  return stylize({ pool, library, model: 'negative', ...options });
}

/** Neutral frames; luma is 100 and more. */
function greyFrames(count: number): Observable<VideoSample> {
  return framesFrom(count).pipe(
    tapFrames(({ frame }) => {
      frame.plane(0).fill(100 + frame.index);
      frame.plane(1).fill(128);
      frame.plane(2).fill(128);
    }),
  );
}

describe('stylize', () => {
  itKeepsTheFrameOperatorLaws({ apply: (frames) => operator()(frames), synchronous: false });

  it('paints every picture: size, format and time stay', () =>
    expectBalanced(async () => {
      const seen: string[] = [];
      const { error } = await collect(operator()(greyFrames(2)), ({ frame }) => {
        seen.push(`${frame.width}×${frame.height} ${frame.pixelFormat} ${frame.ptsUs}: ${frame.plane(0)[5]}`);
      });
      expect(error).toBeUndefined();
      // The negative of a limited-range code is 251 less the code.
      expect(seen).toEqual(['8×4 yuv420p 0: 151', '8×4 yuv420p 40000: 150']);
    }));

  it('mixes the painting with the picture', () =>
    expectBalanced(async () => {
      const seen: unknown[] = [];
      await collect(operator({ strength: 0.25 })(greyFrames(1)), ({ frame }) => seen.push(frame.plane(0)[5]));
      expect(seen).toEqual([113]);
    }));

  it('lets everything pass untouched at strength 0, without a model', () =>
    expectBalanced(async () => {
      const seen: unknown[] = [];
      await collect(stylize({ strength: 0 })(greyFrames(1)), ({ frame }) => seen.push(frame.plane(0)[5]));
      expect(seen).toEqual([100]);
    }));

  it('paints the frame itself where nobody else holds it, else another', () =>
    expectBalanced(async () => {
      const given: VideoFrame[] = [];
      const taken: VideoFrame[] = [];
      const free = greyFrames(1).pipe(tapFrames(({ frame }) => given.push(frame)));
      await collect(operator()(free), ({ frame }) => taken.push(frame));
      expect(taken[0]).toBe(given[0]);
      const held = greyFrames(1).pipe(tapFrames(({ frame }) => given.push(frame.retain())));
      await collect(operator()(held), ({ frame }) => taken.push(frame));
      expect(taken[1]).not.toBe(given[1]);
      expect(given[1]?.plane(0)[5]).toBe(100);
      given[1]?.close();
    }));

  it('says what can be pulled where no model is given', () => {
    expect(() => stylize()).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(/models pull.*style-/s) }),
    );
  });

  it('says how to get a model that is not on this machine, and refuses one that nobody knows', () => {
    vi.stubEnv('VITASCOPE_MODELS', '/no/such/folder');
    const failure = (model: string): unknown => {
      try {
        return stylize({ model });
      } catch (error) {
        return error;
      }
    };
    expect(failure('style-candy')).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(failure('./candy.onnx')).toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('fails with OPTION_INVALID for a model of another task, and leaks nothing', () =>
    expectBalanced(async () => {
      const { error } = await collect(operator({ model: 'upscaler' })(greyFrames(3)));
      expect(error).toMatchObject({ code: 'OPTION_INVALID' });
    }));

  it('is registered', () => {
    expect(builtinOperators).toContain(stylizeDefinition);
  });
});
