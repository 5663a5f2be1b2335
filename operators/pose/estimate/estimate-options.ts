import { z } from 'zod';
import { readsModels } from '../../option-reach.js';
import { smoothOptions } from '../smooth/smooth-options.js';
import { trackOptions } from '../track/track-options.js';

const trackSettings = trackOptions.extend({
  minScore: trackOptions.shape.minScore
    .unwrap()
    .optional()
    .describe(
      '0–1: how sure the network must be of a person whom it has not seen before. Default: `score` where that is given, else 0.3',
    ),
});
const smoothSettings = smoothOptions.omit({ smooth: true });

/** Options of `estimatePose` as graphs write them; see {@link EstimatePoseOptions} for what programs may pass besides. */
export const estimatePoseOptions = z.strictObject({
  model: z
    .string()
    .min(1)
    .default('pose-small')
    .describe(
      'id of a model for `pose` (`vitascope models list --task pose`), or path of a folder with a model.json and its files',
    )
    .meta(readsModels),
  detector: z
    .string()
    .min(1)
    .optional()
    .describe(
      'id of a model for `detect` that finds people, for models that take a crop of each. Default: the one that the catalog names beside the model',
    )
    .meta(readsModels),
  maxPeople: z.int().min(1).max(100).default(20).describe('how many people there are at most in a picture, the surest'),
  score: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('0–1: how sure the network must be of a person. Default: what suits the model'),
  every: z
    .union([z.int().min(1).max(250), z.literal('auto')])
    .default(1)
    .describe(
      'frames: run the network on every n-th frame and at cuts, and move people with their motion in between; `auto` runs it as often as the machine can while no pictures queue up, as live streams need it',
    ),
  track: switchable(trackSettings).describe(
    'whether people keep their ids from look to look, and how; `false` numbers them anew at each look, and nothing is smoothed',
  ),
  smooth: switchable(smoothSettings).describe(
    'whether key points and boxes are smoothed over time, and how; `false` gives them as the network found them',
  ),
  appearance: z
    .string()
    .min(1)
    .optional()
    .describe(
      'id of a model for `embed` that knows people again by their looks, such as one added like `osnet-x0.25-msmt17`. Default: none, place and pose decide',
    )
    .meta(readsModels),
});
/** {@link estimatePoseOptions} with all values. */
export type EstimatePoseSettings = z.output<typeof estimatePoseOptions>;

/** How people are followed: nothing where they are not. */
export function trackSettingsOf({ track, score }: EstimatePoseSettings): z.input<typeof trackOptions> | undefined {
  if (track === false) return undefined;
  const { minScore = score, ...rest } = track === true ? {} : track;
  return { ...rest, ...(minScore === undefined ? {} : { minScore }) };
}

/** How people are smoothed. */
export function smoothSettingsOf({ smooth }: EstimatePoseSettings): z.input<typeof smoothOptions> {
  if (typeof smooth === 'boolean') return { smooth };
  return { ...smooth, smooth: true };
}

/** On, off, or on with settings. */
function switchable<Settings extends z.ZodType>(settings: Settings) {
  return z.union([z.boolean(), settings], { error: whyNeither }).default(true);
}

/** What is wrong with the settings, rather than that there were two choices. */
function whyNeither(issue: { readonly input?: unknown; readonly errors?: unknown }): string {
  const isObject = typeof issue.input === 'object' && issue.input !== null;
  const [, problems = []] = isObject ? (issue.errors as readonly (readonly z.core.$ZodIssue[])[]) : [];
  if (problems.length === 0) return 'must be true, false, or settings';
  return problems.map(({ path, message }) => [...path.map(String), message].join(': ')).join('; ');
}
