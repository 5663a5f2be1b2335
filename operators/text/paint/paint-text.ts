import { defer, finalize, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { z } from 'zod';
import { mapOrdered, type OperatorDefinition, type VideoSample } from '../../../pipeline/index.js';
import { parseOptions } from '../../options.js';
import { writableFrames } from '../../writable-frames.js';
import type { TextsMeta } from '../texts-meta.js';
import { typefaces } from './fonts.js';
import { rehearseThread, ThreadedPainting } from './painting-thread.js';
import { hasTranslations, paintStyles, takesOut } from './text-painting.js';
import { textsInFrame } from './texts-in-frame.js';

export const paintTextOptions = z.strictObject({
  style: z
    .enum(paintStyles)
    .default('replace')
    .describe(
      '`replace` takes the old text out and writes the new one in its place, in its look; `bilingual` leaves it and adds the other language right under it, in its look; `caption` leaves it and adds plain captions',
    ),
  font: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u, 'must be the name of a family')
    .optional()
    .describe(
      'family to write in; default: of the font that is bundled (Latin, Greek, Cyrillic) and the serif of the system, by whether the old text has serifs',
    ),
  mostLines: z
    .int()
    .min(1)
    .max(500)
    .default(48)
    .describe('lines that are painted in one frame at most; the largest come first'),
});
/** Options of {@link paintText}, before defaults. */
export type PaintTextOptions = z.input<typeof paintTextOptions>;

/** Copies that may be open downstream where nobody says how many are needed. */
const DOWNSTREAM_SLOTS = 8;
/** Frames that are given to the thread at once: one that it paints, and the next, so that it need not wait for this one. */
const AT_ONCE = 2;
/** Frames after which what stands behind texts, and where they are, has forgotten how it began: the time for which subtitles stand, and a little of what was before. */
const MEMORY_FRAMES = 200;

/**
 * Paints translations over the text that was read: video with `texts` → video with `texts`. The old text is taken out by filling its letters from what
 * is around them, steadily over time; the new one is set in a similar face, size, width and softness, in its colours (with a contrast of at least 4.5:1), in
 * its perspective, with the picture's grain. Of lines with an empty translation nothing is left. Texts without a translation, in letters that no font has, too small to be read, or in mirror writing stay as they
 * are; emoji are left out. A text that does not fit is first made narrower, then broken into lines, then made smaller. Lines of an intertitle (`isCard`) are
 * set anew together.
 *
 * Only pixels under texts are written. Up to four pictures of the shot (32 MiB) are copied, so that what was seen before a text came can take its place. Frames keep their time, size and format. They are painted in place where nobody else holds them, else a copy
 * goes out and the received one is closed. One frame after the other is painted, in a thread that all streams of the
 * process share (90 MB, canvas and fonts included); lines are looked at when they come, eight in a frame at most.
 *
 * @param slots Copies (of frames that somebody else holds too) that may be open downstream at once. Default 8.
 * @throws VitascopeError `OPTION_INVALID` at once, for a font that is not installed too; the stream fails with `WORKER_LOST` when the thread has ended.
 * @example translated.pipe(paintText({ style: 'bilingual' }))
 */
export function paintText<Meta extends TextsMeta>(
  options: PaintTextOptions = {},
  slots = DOWNSTREAM_SLOTS,
): MonoTypeOperatorFunction<VideoSample<Meta>> {
  const settings = parseOptions('paint-text', paintTextOptions, options);
  // A font that is missing is to be known before any frame comes.
  if (settings.font !== undefined) typefaces(settings.font);
  const isSeen = (meta: TextsMeta): boolean => takesOut(settings) || hasTranslations(meta);
  return (source) =>
    defer(() => {
      const painting = new ThreadedPainting(settings);
      return source.pipe(
        writableFrames<Meta>('paint-text', slots + AT_ONCE, ({ meta }) => hasTranslations(meta)),
        mapOrdered<VideoSample<Meta>, VideoSample<Meta>>(
          async (sample) => {
            const { frame, meta } = sample;
            if (isSeen(meta)) await painting.paint(frame, { texts: textsInFrame(meta.texts, frame) });
            return sample;
          },
          { concurrency: AT_ONCE },
        ),
        finalize(() => painting.close()),
      );
    });
}

export const paintTextDefinition: OperatorDefinition<z.output<typeof paintTextOptions>> = {
  name: 'paint-text',
  summary: 'Paints translations over the text that was read, in its place and its look.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: ['texts'],
  provides: [],
  options: paintTextOptions,
  demand: () => ({ holds: AT_ONCE, needs: 1 }),
  warmupFrames: () => MEMORY_FRAMES,
  rehearse: rehearseThread,
  create: (options, { slots }) => {
    const operator = paintText(options, slots);
    return ([video]) => [operator(video as Observable<VideoSample<TextsMeta>>)];
  },
};
