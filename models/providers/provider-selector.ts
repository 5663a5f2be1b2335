import { VitascopeError } from '../../pipeline/errors.js';
import type { SessionSettings } from '../session-settings.js';
import { chooseProvider, type ProvableModel, type ProviderChoice } from './choose-provider.js';
import type { Proof } from './probe-protocol.js';
import { checkProviderWish, type ProviderName, type ProviderWish, type Refusal } from './provider.js';

/** Who computes a model in a pool. */
export interface ModelProvider {
  readonly model: string;
  readonly provider: ProviderName;
  /** Providers that `auto` passed over, best first. */
  readonly refused: readonly Refusal[];
  /** How the provider was proved; absent for the CPU. */
  readonly selfTest: Proof | undefined;
}

/** Is told who computes a model. */
export type ModelProviderListener = (choice: ModelProvider) => void;

/** What of a model's sessions its provider decides. */
export interface ProviderSettings {
  readonly session: Partial<SessionSettings>;
  readonly replicas: number | undefined;
}

/** A model that a pool loads. */
export interface PlaceableModel extends ProvableModel {
  readonly placement?: 'any' | 'cpu' | undefined;
}

/** The provider that a pool's options ask for. @throws VitascopeError `OPTION_INVALID` */
export function providerWish(options: {
  readonly provider?: ProviderWish | undefined;
  readonly executionProviders?: unknown;
}): ProviderWish {
  checkProviderWish('InferencePool', options.provider);
  if (options.provider !== undefined && options.executionProviders !== undefined) {
    throw new VitascopeError('OPTION_INVALID', 'InferencePool: give provider or executionProviders, not both', {
      context: { provider: options.provider },
    });
  }
  return options.provider ?? 'cpu';
}

/** Chooses a provider for each model of a pool, and remembers what it chose. */
export class ProviderSelector {
  readonly #wish: ProviderWish;
  readonly #listener: ModelProviderListener | undefined;
  readonly #choose: typeof chooseProvider;
  readonly #chosen = new Map<string, ModelProvider>();

  constructor(wish: ProviderWish, listener?: ModelProviderListener, choose: typeof chooseProvider = chooseProvider) {
    this.#wish = wish;
    this.#listener = listener;
    this.#choose = choose;
  }

  /** Every choice so far. */
  get choices(): readonly ModelProvider[] {
    return [...this.#chosen.values()];
  }

  /**
   * What the chosen provider asks of the sessions of a model; nothing on the CPU.
   *
   * @throws VitascopeError `PROVIDER_UNAVAILABLE`
   */
  async settingsFor(model: PlaceableModel): Promise<ProviderSettings> {
    // Graphs that stay on the CPU anyhow are no choice worth telling.
    if (model.placement === 'cpu' || this.#wish === 'cpu') return { session: {}, replicas: undefined };
    const choice = await this.#choose(model, this.#wish);
    this.#note(model, choice);
    // One device does one thing at a time; each further session would hold the weights once more.
    return { session: choice.sessionSettings, replicas: choice.provider === 'cpu' ? undefined : 1 };
  }

  #note(model: PlaceableModel, { provider, refused, selfTest }: ProviderChoice): void {
    if (this.#chosen.has(model.id)) return;
    const choice = { model: model.id, provider, refused, selfTest };
    this.#chosen.set(model.id, choice);
    this.#listener?.(choice);
  }
}
