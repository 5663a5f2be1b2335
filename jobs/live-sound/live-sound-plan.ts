import { combineWishes, type SoundNode, soundNodes } from '../../operators/foley/track/sound-nodes.js';
import type { HeardPicture, SoundMaker, SoundWish } from '../../operators/foley/track/sound-operator.js';
import type { Graph } from '../../pipeline/graph/graph.js';
import type { Microseconds, VideoSample } from '../../pipeline/index.js';

/** What sound a graph makes of a live stream. */
export interface LiveSoundPlan {
  /** Nothing where none is made. */
  readonly wish: SoundWish | undefined;
  /** Those that make it, in flow order. */
  readonly nodes: readonly SoundNode[];
  /** Keys of metadata that it is made of. */
  readonly hears: readonly string[];
}

/** Makers for what a plan says. */
export interface PreparedSound {
  readonly plan: LiveSoundPlan;
  readonly makers: readonly SoundMaker[];
}

/** Finds the nodes of a graph that make sound, those with `when: never` not among them. */
export function planLiveSound(graph: Graph): LiveSoundPlan {
  const nodes = soundNodes(graph).filter(({ operator, options }) => operator.sound.wish(options).when !== 'never');
  const wish = combineWishes(nodes.map(({ operator, options }) => operator.sound.wish(options)));
  return { wish, nodes, hears: [...new Set(nodes.flatMap(({ operator }) => operator.sound.hears))] };
}

/** True where both make the same sound of the same pictures. */
export function isSamePlan(a: LiveSoundPlan, b: LiveSoundPlan): boolean {
  const said = ({ nodes }: LiveSoundPlan): string => JSON.stringify(nodes.map(({ node, options }) => [node, options]));
  return said(a) === said(b);
}

/**
 * Makes what makes sound.
 *
 * @param fromUs Nothing is to be heard before.
 * @throws VitascopeError of options, as of a bank that cannot be read.
 */
export async function prepareSound(plan: LiveSoundPlan, fromUs: Microseconds): Promise<PreparedSound> {
  const makers = await Promise.all(
    plan.nodes.map(({ operator, options }) => operator.sound.make(options, fromUs, 'live')),
  );
  return { plan, makers };
}

/** What is heard of a picture: without its pixels, and without what nobody makes sound of. */
export function heardPicture({ frame, meta }: VideoSample, { hears }: LiveSoundPlan): HeardPicture {
  const all = meta as Readonly<Record<string, unknown>>;
  return { ptsUs: frame.ptsUs, meta: Object.fromEntries(hears.map((key) => [key, all[key]])) };
}
