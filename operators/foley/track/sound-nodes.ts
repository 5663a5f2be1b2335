import type { Graph } from '../../../pipeline/index.js';
import type { FoleyTime, MixMode } from '../mix/existing-sound.js';
import { isSoundOperator, type SoundOperatorDefinition, type SoundWish } from './sound-operator.js';

/** A node of a graph of which sound can be made. */
export interface SoundNode {
  readonly node: string;
  readonly operator: SoundOperatorDefinition;
  /** Complete, as the operator's schema gave them. */
  readonly options: unknown;
}

/** From the weakest to the strongest. */
const TIMES: readonly FoleyTime[] = ['silent', 'always', 'replace'];
const MODES: readonly MixMode[] = ['keep', 'duck', 'replace'];

/** The nodes of a graph of which sound can be made, in flow order, those that wish for none among them. */
export function soundNodes(graph: Graph): readonly SoundNode[] {
  return graph.nodes.flatMap(({ name, operator, options }) =>
    isSoundOperator(operator) ? [{ node: name, operator, options }] : [],
  );
}

/**
 * What becomes of a stream's sound where several nodes make some: the strongest wish wins, `replace` before `always` before `silent`, and `replace` before `duck`
 * before `keep`. Nodes that `never` make sound have no say.
 *
 * @returns Nothing where no sound is made.
 */
export function combineWishes(wishes: readonly SoundWish[]): SoundWish | undefined {
  const times = new Set<string>(wishes.map(({ when }) => when));
  const when = TIMES.findLast((time) => times.has(time));
  const modes = new Set<string>(wishes.filter((wish) => wish.when !== 'never').map(({ mix }) => mix));
  const mix = MODES.findLast((mode) => modes.has(mode));
  return when === undefined || mix === undefined ? undefined : { when, mix };
}
