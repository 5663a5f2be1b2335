import { Observable, type OperatorFunction } from 'rxjs';
import type { z } from 'zod';
import type { LineReader } from '../../../models/adapters/text/line-reader.js';
import type { TextDetector } from '../../../models/adapters/text/text-detector.js';
import { defaultInferencePool } from '../../../models/default-pool.js';
import type { InferencePool } from '../../../models/inference-pool.js';
import { planThreads } from '../../../models/session-settings.js';
import { mapOrdered, type OperatorDefinition, transformFrames, type VideoSample } from '../../../pipeline/index.js';
import type { ModelFinder } from '../../library-model.js';
import { parseOptions } from '../../options.js';
import { type TextsMeta, textsKey } from '../texts-meta.js';
import { lookForText } from './look-for-text.js';
import { type ReadTextSettings, readTextOptions } from './read-options.js';
import { MOST_HELD, TextFollower } from './text-follower.js';
import { TextModel } from './text-model.js';
import { expectTextModels, openTextNetworks } from './text-networks.js';

/** Options of {@link readText}: those of graphs, and what programs bring along. */
export interface ReadTextOptions extends z.input<typeof readTextOptions> {
  /** Where the models run. Default: the pool that all operators share. It stays the caller's. */
  readonly pool?: Pick<InferencePool, 'load' | 'workers'> | undefined;
  /** Where the models are found. Default: the `ModelLibrary` of the environment. */
  readonly library?: ModelFinder | undefined;
  /** Finds text in the place of `detector`. It is asked about several frames at once, and stays the caller's. */
  readonly textDetector?: TextDetector | undefined;
  /** Reads lines in the place of `reader`. It stays the caller's. */
  readonly lineReader?: LineReader | undefined;
}

/** Frames that the network may be asked about at once: one more than there are workers, so that none waits for the event loop. */
function concurrencyFor(workers: number): number {
  return workers + 1;
}

/**
 * Finds text in pictures, reads it and follows it: video → video with `texts`. Each line has an id that it keeps for as long as it is seen, and four corners that
 * follow it from frame to frame, by optical flow from the frame in which it was found. A line is read several times, and what it says changes only when another
 * reading is clearly better. Lines fade in and out; a hard cut ends all.
 *
 * Frames pass as they are, in order. Between two looks (`every`) up to 12 frames wait for the second, so that text that it finds is in the frames before it as well.
 * In live streams (`every: 'auto'`) no frame but the first waits for a network, that one until all are loaded: what a look finds is attached from the frame on that has come by then, and under overload the
 * network looks less often. At most `maxLines` are followed and read, the most legible; text that readers are not sure of is left out.
 *
 * The models are loaded when the first frame comes, and given back at the end. OpenCV follows lines in this thread, and is loaded with the first of them.
 *
 * @throws VitascopeError `OPTION_INVALID`, `MODEL_NOT_FOUND` at once; the stream fails with `MODEL_INVALID` and with what the inference pool fails
 * with, such as `WORKER_LOST`.
 * @see Liao et al. 2020, DB; Graves et al. 2006, CTC; Bouguet 2001, pyramidal Lucas-Kanade
 * @example film.video.pipe(readText({ every: 5 }))
 */
export function readText<Meta extends object>(
  options: ReadTextOptions = {},
): OperatorFunction<VideoSample<Meta>, VideoSample<Meta & TextsMeta>> {
  const { pool: givenPool, library, textDetector, lineReader, ...rest } = options;
  const settings = parseOptions('read-text', readTextOptions, rest);
  const wish = { ...settings, textDetector, lineReader };
  if (library === undefined) expectTextModels(wish);
  return (source) =>
    new Observable((subscriber) => {
      const pool = givenPool ?? defaultInferencePool();
      const model = new TextModel((timed) => openTextNetworks(wish, timed, library), pool, settings);
      subscriber.add(() => void model.close());
      source
        .pipe(
          mapOrdered(lookForText<Meta>(model, settings.every), { concurrency: concurrencyFor(pool.workers) }),
          transformFrames(
            () => new TextFollower<Meta>(model, settings),
            ({ frame }) => frame.close(),
          ),
        )
        .subscribe(subscriber);
    });
}

/** Frames of a film are seen again from so many before the point at which it goes on: lines that are followed have been read by then. */
const WARMUP = 50;
/** Frames that a look which nobody waits for holds on to. */
const ASIDE = 2;

function heldFrames(every: number | 'auto'): number {
  return every === 'auto' ? ASIDE : Math.min(every - 1, MOST_HELD);
}

export const readTextDefinition: OperatorDefinition<ReadTextSettings> = {
  name: 'read-text',
  summary: 'Finds text, reads it and follows it, and attaches it as data; pictures stay as they are.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: [],
  provides: [textsKey],
  keepsPictures: true,
  options: readTextOptions,
  demand: ({ every }) => ({
    holds: heldFrames(every) + concurrencyFor(planThreads({}).workers) + 2,
    needs: every === 'auto' ? 1 : heldFrames(every) + 1,
  }),
  warmupFrames: ({ every }) => (every === 'auto' ? 0 : Math.max(WARMUP, 2 * every)),
  create: (options) => {
    const operator = readText(options);
    return ([video]) => [operator(video as Observable<VideoSample>)];
  },
};
