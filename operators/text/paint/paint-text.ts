import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { z } from 'zod';
import type { OperatorDefinition, VideoSample } from '../../../pipeline/index.js';
import { parseOptions } from '../../options.js';
import { writtenFrames } from '../../written-frames.js';
import type { TextsMeta } from '../texts-meta.js';
import { rehearsePainting } from './rehearse-painting.js';
import { paintStyles, TextPainting } from './text-painting.js';
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
 * goes out and the received one is closed. It works on one frame at a time, in this thread; lines are looked at when they come, eight in a frame at most.
 *
 * @param slots Copies (of frames that somebody else holds too) that may be open downstream at once. Default 8.
 * @throws VitascopeError `OPTION_INVALID` at once, for a font that is not installed too.
 * @example translated.pipe(paintText({ style: 'bilingual' }))
 */
export function paintText<Meta extends TextsMeta>(
  options: PaintTextOptions = {},
  slots = DOWNSTREAM_SLOTS,
): MonoTypeOperatorFunction<VideoSample<Meta>> {
  const settings = parseOptions('paint-text', paintTextOptions, options);
  // A font that is missing is to be known before any frame comes.
  new TextPainting(settings);
  return writtenFrames('paint-text', slots, () => {
    const painting = new TextPainting(settings);
    return ({ frame, meta }) => {
      const texts = { texts: textsInFrame(meta.texts, frame) };
      return painting.needs(frame, texts) ? (written) => painting.paint(written, texts) : undefined;
    };
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
  demand: () => ({ holds: 1, needs: 1 }),
  warmupFrames: () => MEMORY_FRAMES,
  rehearse: rehearsePainting,
  create: (options, { slots }) => {
    const operator = paintText(options, slots);
    return ([video]) => [operator(video as Observable<VideoSample<TextsMeta>>)];
  },
};
