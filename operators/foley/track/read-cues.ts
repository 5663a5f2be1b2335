import { z } from 'zod';
import type { Microseconds } from '../../../pipeline/index.js';
import { FEATURES } from '../bank/features.js';
import { actions, bedKinds, materials } from '../bank/vocabulary.js';
import type { SoundCue } from '../cues.js';
import { roomSizes } from '../mix/rooms.js';
import type { HeardPicture } from './sound-operator.js';

/** How far from its picture a cue may lie. */
const MOST_APART_US: Microseconds = 1_000_000;
/** More cannot be heard of one picture. */
const MOST_CUES = 64;

const share = z.number().min(0).max(1);
const atUs = z.number();
const cueSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('impact'),
    atUs,
    action: z.enum(actions),
    material: z.enum(materials),
    energy: share,
    pan: z.number().min(-1).max(1),
    score: share,
    materialScore: share,
    features: z.union([z.array(share).length(FEATURES), z.array(share).length(0)]),
  }),
  z.object({ kind: z.literal('bed'), atUs, bed: z.enum(bedKinds), level: share }),
  z.object({ kind: z.literal('cut'), atUs, room: z.enum(roomSizes) }),
]);

/**
 * The cues of a picture, as `foley` attached them or as JSON gives them back. What is none is left out: metadata may have been through anybody's hands. Cuts come
 * first, then beds, then impacts, each by time.
 */
export function readCues({ ptsUs, meta }: HeardPicture): readonly SoundCue[] {
  const { sounds } = meta;
  if (!Array.isArray(sounds)) return [];
  return sounds
    .slice(0, MOST_CUES)
    .flatMap((sound: unknown) => {
      const { data } = cueSchema.safeParse(sound);
      return data !== undefined && Math.abs(data.atUs - ptsUs) <= MOST_APART_US ? [data] : [];
    })
    .sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || a.atUs - b.atUs);
}

const ORDER: Readonly<Record<SoundCue['kind'], number>> = { cut: 0, bed: 1, impact: 2 };
