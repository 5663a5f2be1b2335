import { combineWishes, type SoundNode, soundNodes } from '../../operators/foley/track/sound-nodes.js';
import type { SoundWish } from '../../operators/foley/track/sound-operator.js';
import type { Graph } from '../../pipeline/graph/graph.js';
import { containerOf } from '../../streams/containers/containers.js';
import { timeOrigin } from '../../streams/file/video-frames.js';
import type { FilmInfo, TrackInfo } from '../../streams/film.js';
import { listen } from './listen.js';

/** Why no sound is made although a graph could. */
export type WhyNoSound =
  /** Its nodes are switched off (`when: never`). */
  | 'never'
  /** What is written has no place for sound: pictures, or data alone. */
  | 'no-film'
  /** The film has sound of its own, and sound is to be made for silent films only. */
  | 'has-sound'
  /** The film has a track of sound that cannot be decoded: nobody knows whether it is silent. */
  | 'unreadable'
  /** Nothing is to be heard in the pictures. */
  | 'nothing-heard';

/** Sound that is to be made for a film. */
export interface PlannedSound {
  readonly wish: SoundWish;
  /** Those that make it, in flow order. */
  readonly nodes: readonly SoundNode[];
  /** The track in whose place the sound comes. */
  readonly replaces: TrackInfo | undefined;
  /** True where that track is heard in it. */
  readonly isContinued: boolean;
  /** Of the new track. */
  readonly title: string;
}

/** What becomes of the sound of a film. */
export interface SoundPlan {
  /** The graph that does it: nodes that would look for sounds in vain are switched off. */
  readonly graph: Graph;
  readonly sound: PlannedSound | undefined;
  /** Keys of metadata that the sound is made of. */
  readonly hears: ReadonlySet<string>;
  /** Why no sound is made; nothing for graphs that never make any. */
  readonly whyNot: { readonly why: WhyNoSound; readonly node: string } | undefined;
}

/** What {@link planSound} needs to know. */
export interface SoundPlanRequest {
  readonly graph: Graph;
  readonly film: FilmInfo;
  /** The film that is written, if one is. */
  readonly output: string | undefined;
  /** Somebody wants to know what operators found, whether or not sound is made of it. */
  readonly wantsMetadata: boolean;
}

/**
 * Decides what sound a film gets. A film has sound of its own when something is heard in one of its tracks, commentaries not counted; to know that, a silent film's sound is
 * decoded as a whole. Where sound is to be made, it makes sure that it can be: a bank that cannot be read is known before any picture is decoded.
 *
 * @throws VitascopeError `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`, and what makers fail with (`OPTION_INVALID`, `INPUT_…`, `DECODER_MISSING`)
 */
export async function planSound(request: SoundPlanRequest): Promise<SoundPlan> {
  const { graph, film, output } = request;
  const all = soundNodes(graph);
  if (all.length === 0) return { graph, sound: undefined, hears: new Set(), whyNot: undefined };
  const nodes = all.filter(({ operator, options }) => operator.sound.wish(options).when !== 'never');
  const wish = combineWishes(nodes.map(({ operator, options }) => operator.sound.wish(options)));
  if (wish === undefined) return without('never', all, request);
  const hasPlace = output !== undefined && containerOf(output).soundCodec !== undefined;
  if (!hasPlace || graph.video === 'copy') return without('no-film', all, request);
  const own = film.tracks.filter(({ kind, dispositions }) => kind === 'audio' && !dispositions.includes('comment'));
  const [main] = own;
  if (wish.when === 'silent') {
    const whyNot = await whyLeave(film, own);
    if (whyNot !== undefined) return without(whyNot, all, request);
  }
  await tryMakers(nodes);
  const isContinued = main !== undefined && wish.when === 'always' && wish.mix !== 'replace';
  const hears = new Set(nodes.flatMap(({ operator }) => operator.sound.hears));
  const sound = { wish, nodes, replaces: main, isContinued, title: titleOf(nodes) };
  return { graph, sound, hears, whyNot: undefined };
}

/** Makes what makes sound, and lets go of it: those that sound is made with come when the pictures are finished, which may be hours later. */
async function tryMakers(nodes: readonly SoundNode[]): Promise<void> {
  await Promise.all(nodes.map(({ operator, options }) => operator.sound.make(options, 0)));
}

/** Why a film that is to have sound only if it has none is left as it is. */
async function whyLeave(film: FilmInfo, tracks: readonly TrackInfo[]): Promise<WhyNoSound | undefined> {
  let isUnreadable = false;
  for (const { index } of tracks) {
    const heard = await listen({ path: film.path, track: index, originUs: timeOrigin(film) });
    if (heard === 'sounding') return 'has-sound';
    isUnreadable ||= heard === 'unreadable';
  }
  return isUnreadable ? 'unreadable' : undefined;
}

function without(why: WhyNoSound, nodes: readonly SoundNode[], { graph, wantsMetadata }: SoundPlanRequest): SoundPlan {
  const idle = wantsMetadata ? [] : nodes.filter((node) => !isNeeded(node, graph));
  const saving = idle.reduce((result, { node }) => switchedOff(result, node), graph);
  return { graph: saving, sound: undefined, hears: new Set(), whyNot: { why, node: nodes[0]?.node ?? '' } };
}

/** True where another node works with what this one attaches. */
function isNeeded({ node, operator }: SoundNode, graph: Graph): boolean {
  return graph.nodes.some(({ name, operator: other }) => {
    return name !== node && other.requires.some((key) => operator.provides.includes(key));
  });
}

function switchedOff(graph: Graph, name: string): Graph {
  const given = graph.nodes.find((node) => node.name === name)?.given;
  return graph.withOptions(name, { ...given, when: 'never' });
}

/** `Foley`, `Foley, accompany`. */
function titleOf(nodes: readonly SoundNode[]): string {
  const names = [...new Set(nodes.map(({ operator }) => operator.name))].join(', ');
  return `${names.charAt(0).toUpperCase()}${names.slice(1)}`;
}
