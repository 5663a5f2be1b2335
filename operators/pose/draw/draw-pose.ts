import { defer, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { z } from 'zod';
import { type OperatorDefinition, tapFrames, type VideoSample } from '../../../pipeline/index.js';
import { parseOptions } from '../../options.js';
import { writableFrames } from '../../writable-frames.js';
import type { PoseMeta } from '../pose-meta.js';
import { posesInFrame } from '../poses-in-frame.js';
import { drawStyles, PoseDrawing } from './pose-drawing.js';

export const drawPoseOptions = z.strictObject({
  style: z
    .enum(drawStyles)
    .default('skeleton')
    .describe(
      '`skeleton` draws limbs and joints over the picture; `trails` also where hands, feet and heads have been; `privacy-blur` makes people unrecognisable and draws nothing; `stick-on-black` leaves nothing but skeletons',
    ),
  labels: z.boolean().default(true).describe('whether each person has their number above the head'),
  lineWidth: z
    .number()
    .min(0.2)
    .max(5)
    .default(1)
    .describe('0.2–5: multiplies the width of lines, which grows with the picture and the person'),
  minScore: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('0–1: key points less sure than this are not drawn; those a little surer are faint'),
  trailMs: z
    .int()
    .min(100)
    .max(10_000)
    .default(1200)
    .describe('milliseconds: how long a trail is, with `style: trails`'),
  cover: z
    .enum(['head', 'person'])
    .default('head')
    .describe('what `privacy-blur` hides: `head`, or the whole `person`'),
});
/** Options of {@link drawPose}, before defaults. */
export type DrawPoseOptions = z.input<typeof drawPoseOptions>;

/** Copies that may be open downstream where nobody says how many are needed. */
const DOWNSTREAM_SLOTS = 8;

/**
 * Draws the people that were found: video with `poses` → video with `poses`. Limbs have the colour of their side (orange is the person's left, blue
 * their right), fade with the score of their key points, and grow with the picture. Only pixels under what is drawn are touched; frames without people
 * pass as they are (`stick-on-black` makes them black).
 *
 * `privacy-blur` hides everybody who was found, however unsure the network was; it cannot hide whom the network missed.
 *
 * People are drawn where they are also where the picture was scaled since they were found. Frames keep their time, size and format. They are painted in place where nobody else holds them, else a copy goes out and the received one is closed.
 * It works on one frame at a time, in this thread.
 *
 * @param slots Copies (of frames that somebody else holds too) that may be open downstream at once. Default 8.
 * @throws VitascopeError `OPTION_INVALID` at once.
 * @example people.pipe(drawPose({ style: 'trails' }))
 */
export function drawPose<Meta extends PoseMeta>(
  options: DrawPoseOptions = {},
  slots = DOWNSTREAM_SLOTS,
): MonoTypeOperatorFunction<VideoSample<Meta>> {
  const settings = parseOptions('draw-pose', drawPoseOptions, options);
  return (source) =>
    defer(() => {
      const drawing = new PoseDrawing(settings);
      return source.pipe(
        writableFrames<Meta>('draw-pose', slots, ({ meta }) => drawing.changes(meta)),
        tapFrames(({ frame, meta }) => drawing.draw(frame, { poses: posesInFrame(meta.poses, frame) })),
      );
    });
}

export const drawPoseDefinition: OperatorDefinition<z.output<typeof drawPoseOptions>> = {
  name: 'draw-pose',
  summary: 'Draws the people that were found as skeletons, trails or stick figures, or makes them unrecognisable.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: ['poses'],
  provides: [],
  options: drawPoseOptions,
  demand: () => ({ holds: 1, needs: 1 }),
  // Trails remember as long as they are; frames a second are not known here, so as many as fast film has.
  warmupFrames: ({ style, trailMs }) => (style === 'trails' ? Math.ceil((trailMs * 60) / 1000) : 0),
  create: (options, { slots }) => {
    const operator = drawPose(options, slots);
    return ([video]) => [operator(video as Observable<VideoSample<PoseMeta>>)];
  },
};
