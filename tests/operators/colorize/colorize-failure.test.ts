import { EMPTY, NEVER } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { InferencePool } from '../../../models/inference-pool.js';
import type { LoadedModel } from '../../../models/loaded-model.js';
import { type ColorizeOptions, colorize } from '../../../operators/colorize/colorize.js';
import { takeFrames } from '../../../pipeline/frames/take-frames.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { collect } from '../../helpers/frames.js';
import { fatal } from '../../models/helpers.js';
import { balancedLedger, film, holdFrames, nextTurn } from './pictures.js';

/** Kills the worker in the `nth` run of a model. */
class FaultyPool extends InferencePool {
  readonly #model: string;
  readonly #nth: number;
  #runs = 0;

  constructor(model: string, nth: number) {
    super({ workers: 2, intraOpThreads: 1 });
    this.#model = model;
    this.#nth = nth;
  }

  override async load(...order: Parameters<InferencePool['load']>): Promise<LoadedModel> {
    const model = await super.load(...order);
    if (!model.id.endsWith(this.#model)) return model;
    const run: LoadedModel['run'] = (feeds, options) =>
      model.run(feeds, { ...options, ...(++this.#runs === this.#nth ? fatal('exit') : {}) } as typeof options);
    return { ...model, run };
  }
}

let pool: InferencePool | undefined;
const opened = <Pool extends InferencePool>(made: Pool): Pool => {
  pool = made;
  return made;
};
afterEach(() => pool?.dispose());

const options = (pool: InferencePool): ColorizeOptions => ({ pool, detail: 64 });

describe('colorize', () => {
  it.each([
    ['thumbnail.u8', 1],
    ['model', 3],
    ['propagate', 2],
    ['upsample.u8', 3],
  ])('fails with WORKER_LOST when a worker dies in %s, and leaks nothing', (model, nth) =>
    balancedLedger(async () => {
      const { error } = await collect(film(8, () => ({})).pipe(colorize(options(opened(new FaultyPool(model, nth))))));
      expect(error).toMatchObject({ code: 'WORKER_LOST' });
    }),
  );

  it('gives back what it copied when a worker dies', () =>
    balancedLedger(async () => {
      const held: VideoFrame[] = [];
      const faulty = opened(new FaultyPool('upsample.u8', 2));
      const { error } = await collect(
        holdFrames(
          film(4, () => ({})),
          held,
        ).pipe(colorize(options(faulty))),
      );
      expect(error).toMatchObject({ code: 'WORKER_LOST' });
      await nextTurn();
      for (const frame of held) frame.close();
    }));

  it('fails with ABORTED when its pool is disposed, and leaks nothing', () =>
    balancedLedger(async () => {
      const mine = opened(new InferencePool({ workers: 1 }));
      const frames = film(Number.POSITIVE_INFINITY, () => ({})).pipe(colorize(options(mine)));
      const { error } = await collect(frames, () => void mine.dispose());
      expect(error).toMatchObject({ code: 'ABORTED' });
    }));

  it('leaves an endless source when it is left, and gives its models back', () =>
    balancedLedger(async () => {
      const mine = opened(new InferencePool({ workers: 2, intraOpThreads: 1 }));
      const frames = film(Number.POSITIVE_INFINITY, () => ({})).pipe(colorize(options(mine)), takeFrames(3));
      expect(await collect(frames)).toEqual({ indexes: [0, 1, 2], error: undefined });
      while (mine.metrics().models.length > 0) await nextTurn();
    }));

  it('closes the frames it has when it is left while a model loads', () =>
    balancedLedger(async () => {
      const mine = opened(new InferencePool({ workers: 1 }));
      const subscription = film(4, () => ({}))
        .pipe(colorize(options(mine)))
        .subscribe();
      for (let i = 0; i < 5; i++) await nextTurn();
      subscription.unsubscribe();
      while (mine.metrics().models.length > 0) await nextTurn();
    }));

  it('starts no worker and loads nothing for a stream without frames', async () => {
    const mine = opened(new InferencePool({ workers: 1 }));
    expect(await collect(EMPTY.pipe(colorize(options(mine))))).toEqual({ indexes: [], error: undefined });
    NEVER.pipe(colorize(options(mine)))
      .subscribe()
      .unsubscribe();
    expect(mine.metrics().models).toEqual([]);
  });

  it('passes on an error of its source', () =>
    balancedLedger(async () => {
      const broken = new Error('broken source');
      const frames = film(4, (index) => {
        if (index === 3) throw broken;
        return {};
      });
      const { error } = await collect(frames.pipe(colorize(options(opened(new InferencePool({ workers: 1 }))))));
      expect(error).toBe(broken);
    }));

  it.each<[string, object]>([
    ['strength', { strength: 1.5 }],
    ['saturation', { saturation: -1 }],
    ['temporal', { temporal: 2 }],
    ['every', { every: 0 }],
    ['every', { every: 2.5 }],
    ['when', { when: 'never' }],
    ['detail', { detail: 1000 }],
    ['unknown', { unknown: 1 }],
  ])('refuses a bad %s at once', (name, bad) => {
    expect(() => colorize(bad as ColorizeOptions)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(name) }),
    );
  });

  it('refuses a model that is not there at once', () => {
    expect(() => colorize({ model: 'colorize-huge' })).toThrow(expect.objectContaining({ code: 'MODEL_NOT_FOUND' }));
  });
});
