import { z } from 'zod';
import { poseEventKinds } from './pose-event-meta.js';

const share = z.number().min(0).max(1);
const ms = z.int().min(0).max(60_000);

/** Options of {@link poseEvents}. A torso is the person's own, from the middle of the shoulders to that of the hips: about half a metre. */
export const eventOptions = z.strictObject({
  kinds: z
    .array(z.enum(poseEventKinds))
    .min(1)
    .max(poseEventKinds.length)
    .default([...poseEventKinds])
    .describe('which are looked for: `fall`, `hands-up`, `running`'),
  minScore: share.default(0.3).describe('0–1: key points less sure than this are taken for unknown'),
  minTorso: z
    .number()
    .min(1)
    .max(1000)
    .default(8)
    .describe('pixels: people whose torso is shorter are too far away to judge'),
  fallAngle: z
    .number()
    .min(30)
    .max(90)
    .default(60)
    .describe('degrees: from how far out of the upright a torso counts as lying; 20 less, and it does not any more'),
  fallAspect: z
    .number()
    .min(0.2)
    .max(5)
    .default(1)
    .describe('how wide the box of somebody who lies must be, for each unit of its height'),
  fallLegs: z
    .number()
    .min(0)
    .max(3)
    .default(0.5)
    .describe(
      'torsos: who has the ankles (or knees, where ankles are unsure) farther below the hips is bent, not lying',
    ),
  fallSpeed: z
    .number()
    .min(0.1)
    .max(20)
    .default(1.2)
    .describe('torsos a second: how fast the hips must have sunk, over a quarter of a second'),
  fallWindowMs: ms
    .default(1500)
    .describe('milliseconds: how long before the person lay the hips may have sunk so fast'),
  fallHoldMs: ms.default(1000).describe('milliseconds: for how long somebody must lie'),
  handsAbove: z
    .number()
    .min(0)
    .max(2)
    .default(0.2)
    .describe('torsos: how far above the eyes and the nose both wrists must be; below those, they are not up any more'),
  handsHoldMs: ms.default(250).describe('milliseconds: for how long hands must be up'),
  runSpeed: z
    .number()
    .min(0.5)
    .max(50)
    .default(4)
    .describe(
      'torsos a second: how fast the hips of somebody who runs must move across the picture; below 0.75 of it the running ends',
    ),
  runWindowMs: z.int().min(100).max(5000).default(800).describe('milliseconds over which that speed is the mean'),
  runHoldMs: ms.default(400).describe('milliseconds: for how long somebody must run'),
  runSteps: z
    .boolean()
    .default(true)
    .describe(
      'whether ankles (or knees) must have passed each other in the last second, so that who rides or glides does not run',
    ),
  releaseMs: ms.default(500).describe('milliseconds for which what is recognised must be over to end'),
  forgetMs: ms
    .default(2000)
    .describe('milliseconds after which all ends for somebody who is not in the picture any more'),
});

/** {@link eventOptions} before defaults. */
export type PoseEventsOptions = z.input<typeof eventOptions>;
/** {@link eventOptions} with all values. */
export type EventSettings = z.output<typeof eventOptions>;
