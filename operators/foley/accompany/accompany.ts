import type { Observable, OperatorFunction } from 'rxjs';
import { z } from 'zod';
import type { VideoSample } from '../../../pipeline/index.js';
import { parseOptions } from '../../options.js';
import { attachEach } from '../../pose/analyse/attach-each.js';
import type { MusicMeta } from '../cues.js';
import { mixModes } from '../mix/existing-sound.js';
import type { SoundOperatorDefinition } from '../track/sound-operator.js';
import { accompanyOptions } from './accompany-options.js';
import { MusicMaker } from './music-maker.js';
import { PictureWatcher, WATCHER_MEMORY } from './picture-watcher.js';

/** Options of the operator: what is played, and when. */
export const accompanyOperatorOptions = z.strictObject({
  ...accompanyOptions.shape,
  when: z
    .enum(['silent', 'always', 'replace', 'never'])
    .default('silent')
    .describe(
      '`silent` plays where the film has no sound, or a silent track; `always` beside its sound; `replace` instead of it; `never` not at all',
    ),
  mix: z
    .enum(mixModes)
    .default('keep')
    .describe(
      'the sound that is there: `keep` leaves it, `duck` lowers it while music is heard, `replace` leaves it out',
    ),
  level: z.number().min(-60).max(12).default(0).describe('dB, −60…12: how loud music is beside other sounds'),
});
/** Options of {@link accompany}, before defaults. */
export type AccompanyOperatorOptions = z.input<typeof accompanyOperatorOptions>;

/**
 * Watches the picture as the pianist of a silent film does: video → video with `music`, which says of each picture whether a shot begins with it, how much moves and how bright it
 * is. Whoever writes the film or sends the stream makes the music of it. With `when: never` samples pass as they are.
 *
 * Frames pass as they are, inside the source's `next`, and belong to the receiver. Nothing waits, memory is constant.
 *
 * @throws VitascopeError `OPTION_INVALID` at once.
 * @example film.pipe(accompany({ instrument: 'organ', mood: 'tense' }))
 */
export function accompany<Meta extends object>(
  options: AccompanyOperatorOptions = {},
): OperatorFunction<VideoSample<Meta>, VideoSample<Meta & Partial<MusicMeta>>> {
  const { when } = parseOptions('accompany', accompanyOperatorOptions, options);
  if (when === 'never') return (source) => source;
  return attachEach(() => {
    const watcher = new PictureWatcher();
    return ({ frame }): MusicMeta => ({ music: watcher.watch(frame) });
  });
}

/** The operator in graphs. */
export const accompanyDefinition: SoundOperatorDefinition<z.output<typeof accompanyOperatorOptions>> = {
  name: 'accompany',
  summary: 'Plays the piano or the organ to the picture, as in a silent cinema.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: [],
  provides: ['music'],
  keepsPictures: true,
  options: accompanyOperatorOptions,
  demand: () => ({ holds: 1, needs: 1 }),
  warmupFrames: () => WATCHER_MEMORY,
  create: (options) => {
    const operator = accompany(options);
    return ([video]) => [operator(video as Observable<VideoSample>)];
  },
  sound: {
    wish: ({ when, mix }) => ({ when, mix }),
    hears: ['music'],
    make: async ({ when, mix, level, ...music }, startUs, pace) => new MusicMaker({ music, level, startUs, pace }),
  },
};
