import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { z } from 'zod';
import { defaultInferencePool } from '../../models/default-pool.js';
import { planThreads } from '../../models/session-settings.js';
import {
  FramePool,
  mapOrdered,
  type OperatorDefinition,
  transformFrames,
  type VideoSample,
} from '../../pipeline/index.js';
import type { ModelFinder } from '../library-model.js';
import { parseOptions } from '../options.js';
import { chooseColors } from './color-choice.js';
import { ColorModel, type ModelPool } from './color-model.js';
import { ColorMemory } from './frame-colors.js';
import { FramePlanner } from './frame-planner.js';
import { colorizeOptions } from './options.js';
import { paintFrame } from './paint-frame.js';
import { predictFrame } from './predict-frame.js';
import { SteadyColors } from './steady-colors.js';

/** Options of {@link colorize}: those of graphs, and the pool. */
export interface ColorizeOptions extends z.input<typeof colorizeOptions> {
  /** Where the models run. Default: the pool that all operators share. It stays the caller's. */
  readonly pool?: ModelPool | undefined;
  /** Where models other than the embedded ones are found. Default: the `ModelLibrary` of the environment. */
  readonly library?: ModelFinder | undefined;
}

/** Copies that may be open downstream where nobody says how many are needed. */
const DOWNSTREAM_SLOTS = 8;

/** Frames that each of the parallel stages works on: one more than there are workers, so that none waits for the event loop. */
function concurrencyFor(workers: number): number {
  return workers + 1;
}

/**
 * Colours black-and-white film: video → video. Chroma is predicted by a network from a thumbnail of the luma, steadied over time along the
 * motion, and enlarged along the edges of the full picture; the Y plane is not touched, bit for bit. Hard cuts start anew, letter-box and
 * pillar-box bars stay black, and a tint (sepia) counts as black and white.
 *
 * Frames keep their time, size and format. Chroma is written into the received frame where nobody else holds it, else into a copy, and the
 * received one is closed. Shots that are in colour already pass as they are, unless `when` is `always`; so does everything at strength 0. The
 * model is loaded when the first frame needs it, and given back at the end.
 *
 * A model of the library (DDColor, DeOldify, ECCV16, SIGGRAPH17) is put in the network's place: it is shown a square copy of the luma at its own size; the
 * rest stays as it is. One of 200 MB and more is loaded by one worker only.
 *
 * @param slots Copies (of frames that somebody else holds too) that may be open downstream at once. Default 8.
 * @throws VitascopeError `OPTION_INVALID`, `MODEL_NOT_FOUND`, `MODEL_INVALID` at once; the stream fails with what the inference pool fails with,
 * such as `WORKER_LOST`.
 * @see Zhang, Isola and Efros, Colorful Image Colorization, 2016; He and Sun, Fast Guided Filter, 2015; `models/embedded/colorize-small/CARD.md`
 * @example film.video.pipe(colorize({ strength: 0.8 }))
 */
export function colorize(
  options: ColorizeOptions = {},
  slots = DOWNSTREAM_SLOTS,
): MonoTypeOperatorFunction<VideoSample> {
  const { pool: givenPool, library, ...rest } = options;
  const settings = parseOptions('colorize', colorizeOptions, rest);
  const choice = chooseColors(settings, library);
  const { saturation } = choice;
  return (source) => {
    if (settings.strength === 0) return source;
    return new Observable((subscriber) => {
      const pool = givenPool ?? defaultInferencePool();
      const concurrency = concurrencyFor(pool.workers);
      const model = new ColorModel(pool, choice);
      const memory = new ColorMemory();
      const copies = new FramePool({ slots: slots + concurrency, name: 'colorize' });
      subscriber.add(() => void model.close());
      const predicted = source.pipe(
        mapOrdered(predictFrame(new FramePlanner({ ...settings, detail: choice.shortSide }), model, memory), {
          concurrency,
        }),
      );
      const steadied = isSteadied(settings)
        ? predicted.pipe(
            transformFrames(
              () => new SteadyColors(model, settings.temporal),
              ({ frame }) => frame.close(),
            ),
          )
        : predicted;
      steadied
        .pipe(mapOrdered(paintFrame(model, { ...settings, saturation }, copies), { concurrency }))
        .subscribe(subscriber);
    });
  };
}

function isSteadied({ temporal, every }: { readonly temporal: number; readonly every: number | 'auto' }): boolean {
  return temporal > 0 || every === 'auto' || every > 1;
}

export const colorizeDefinition: OperatorDefinition<z.output<typeof colorizeOptions>> = {
  name: 'colorize',
  summary: 'Colours black-and-white film; luma stays bit for bit, film in colour passes untouched.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: [],
  provides: [],
  options: colorizeOptions,
  demand: () => ({ holds: 2 * concurrencyFor(planThreads({}).workers) + 1, needs: 1 }),
  // Carried colours fade out of the average by then: 0.9^24 is 8 %.
  warmupFrames: (options) => (isSteadied(options) ? Math.max(24, options.every === 'auto' ? 0 : options.every) : 1),
  create: (options, { slots }) => {
    const operator = colorize(options, slots);
    return ([video]) => [operator(video as Observable<VideoSample>)];
  },
};
