import { Observable, type OperatorFunction } from 'rxjs';
import type { z } from 'zod';
import { defaultInferencePool } from '../../../models/default-pool.js';
import type { InferencePool } from '../../../models/inference-pool.js';
import { planThreads } from '../../../models/session-settings.js';
import { mapOrdered, transformFrames, type VideoSample } from '../../../pipeline/index.js';
import type { ModelFinder } from '../../library-model.js';
import { parseOptions } from '../../options.js';
import type { SoundsMeta } from '../cues.js';
import { foleySound } from '../track/foley-sound.js';
import type { SoundOperatorDefinition } from '../track/sound-operator.js';
import { EVERY, WINDOW } from './bed-watcher.js';
import { expectFoleyModel, FoleyModel } from './foley-model.js';
import { type FoleySettings, foleyOptions } from './see-options.js';
import { seePicture } from './see-picture.js';
import { IMPACTS_FIGURE, MOST_HELD, SoundWatcher } from './sound-watcher.js';
import { OVERLAP, SPAN } from './step-relay.js';

/** Options of {@link foley}: those of graphs, and what programs bring along. */
export interface FoleyOptions extends z.input<typeof foleyOptions> {
  /** Where the model runs. Default: the pool that all operators share. It stays the caller's. */
  readonly pool?: Pick<InferencePool, 'load' | 'workers'> | undefined;
  /** Where models other than the embedded ones are found. Default: the `ModelLibrary` of the environment. */
  readonly library?: ModelFinder | undefined;
}

/** Frames that may be made small at once: one more than there are workers, so that none waits for the event loop. */
function concurrencyFor(workers: number): number {
  return workers + 1;
}

/**
 * Sees what sounds: video → video with `sounds`, the cues of impacts, places and cuts ({@link SoundsMeta}), of which sound is made elsewhere. Pictures pass as they
 * are. With `when: never` they pass untouched, and no model is needed.
 *
 * A network is shown the picture that is on the screen 25 times a second, whatever the rate of the source. Frames wait for 160 ms of stream time (120 ms that the
 * network looks ahead, and 40 ms until an onset is known to be the highest), and one frame more where times lie beside those 25; at most twelve frames wait, so
 * those of faster sources than 60 a second go earlier and their cues are attached to later frames, at most 300 ms after they sound. After a gap of more than a second,
 * and where time jumps back, it begins anew. Under overload nothing changes: a source that loses pictures has fewer to be made small, and the steps stay.
 *
 * The model is loaded when the first frame comes, and given back at the end.
 *
 * @throws VitascopeError `OPTION_INVALID`, `MODEL_NOT_FOUND` at once; the stream fails with `MODEL_INVALID` and with what the inference pool fails
 * with, such as `WORKER_LOST`.
 * @see Lin, Gan and Han, TSM, 2019; `models/embedded/foley-small/CARD.md`
 * @example film.video.pipe(foley({ sensitivity: 0.6 }))
 */
export function foley<Meta extends object>(
  options: FoleyOptions = {},
): OperatorFunction<VideoSample<Meta>, VideoSample<Meta & Partial<SoundsMeta>>> {
  const { pool: givenPool, library, ...rest } = options;
  const { model: id, sensitivity, when } = parseOptions('foley', foleyOptions, rest);
  if (when === 'never') return (source) => source;
  if (library === undefined) expectFoleyModel(id);
  return (source) =>
    new Observable((subscriber) => {
      const pool = givenPool ?? defaultInferencePool();
      const model = new FoleyModel(id, pool, library);
      subscriber.add(() => void model.close());
      source
        .pipe(
          mapOrdered(seePicture<Meta>(model), { concurrency: concurrencyFor(pool.workers) }),
          transformFrames(
            () => new SoundWatcher<Meta>(model, sensitivity),
            ({ frame }) => frame.close(),
          ),
        )
        .subscribe(subscriber);
    });
}

/** Usual film has at most so many frames a second; how many a film has is not known here. Faster ones are resumed with nearly the same result. */
const USUAL_FPS = 30;

export const foleyDefinition: SoundOperatorDefinition<FoleySettings> = {
  name: 'foley',
  summary: 'Sees impacts, places and cuts, of which sound is made; pictures stay as they are.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: [],
  provides: ['sounds'],
  keepsPictures: true,
  figures: [
    { name: IMPACTS_FIGURE, type: 'counter', help: 'Impacts seen of which sound may be made.', labels: ['action'] },
  ],
  options: foleyOptions,
  demand: ({ when }) =>
    when === 'never'
      ? { holds: 1, needs: 1 }
      : { holds: MOST_HELD + concurrencyFor(planThreads({}).workers) + 1, needs: MOST_HELD },
  warmupFrames: ({ when }) => (when === 'never' ? 0 : Math.ceil(((SPAN + OVERLAP + WINDOW + EVERY) * USUAL_FPS) / 25)),
  create: (options) => {
    const operator = foley(options);
    return ([video]) => [operator(video as Observable<VideoSample>)];
  },
  sound: foleySound,
};
