import { z } from 'zod';

/** Options of {@link PoseSmoother}. */
export const smoothOptions = z.strictObject({
  smooth: z.boolean().default(true).describe('whether key points and boxes are smoothed; scores fade either way'),
  minCutoffHz: z
    .number()
    .min(0.01)
    .max(1000)
    .default(0.5)
    .describe(
      'Hz: how calm those are who stand still; lower is calmer. They lag 1 / (2π × this) seconds behind small moves',
    ),
  beta: z
    .number()
    .min(0)
    .max(1000)
    .default(8)
    .describe(
      'Hz for each body size per second: how quickly those are followed who move. Nobody who moves evenly lags more than 1 / (2π × this) of their size',
    ),
  derivativeCutoffHz: z.number().min(0.01).max(1000).default(1).describe('Hz: how calm the measured speed is'),
  minScore: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('0–1: key points less sure than this go on as they moved, and fade'),
  halfLifeMs: z
    .number()
    .min(1)
    .max(60_000)
    .default(200)
    .describe('milliseconds after which half is left of the score of what is not seen'),
  holdMs: z
    .number()
    .min(0)
    .max(10_000)
    .default(400)
    .describe('milliseconds for which people and key points that are not seen go on as they moved; then they are gone'),
  easeMs: z
    .number()
    .min(0)
    .max(1000)
    .default(50)
    .describe('milliseconds in which a foreseen place becomes the one that was found, but for a third; 0: at once'),
});

/** {@link smoothOptions} before defaults. */
export type SmoothOptions = z.input<typeof smoothOptions>;
/** {@link smoothOptions} with all values. */
export type SmoothSettings = z.output<typeof smoothOptions>;
