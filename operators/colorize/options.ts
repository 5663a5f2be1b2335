import { z } from 'zod';

/** Options of `colorize` as graphs write them; see {@link ColorizeOptions} for what programs may pass besides. */
export const colorizeOptions = z.strictObject({
  strength: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('0–1: cross-fade from the original chroma (0) to the new colours (1)'),
  saturation: z.number().min(0).max(3).default(1.4).describe('0–3: multiplies the colours of the network'),
  temporal: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe(
      '0–1: share of the colours carried over from the frame before, along the motion; 0 colours each by itself',
    ),
  every: z
    .int()
    .min(1)
    .max(250)
    .default(1)
    .describe('frames: run the network on every n-th frame and at cuts, and carry colours along the motion in between'),
  when: z
    .enum(['monochrome', 'always'])
    .default('monochrome')
    .describe('`monochrome` leaves shots alone that are in colour already; `always` replaces all colours'),
  detail: z
    .int()
    .min(64)
    .max(256)
    .default(96)
    .describe('pixels, 64–256: short side of the thumbnail that the network sees; time grows with its square'),
  model: z
    .string()
    .min(1)
    .default('colorize-small')
    .describe('id of an embedded model, or path of a folder with a model.json'),
});
