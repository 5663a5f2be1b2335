import { configureDefaultInferencePool } from '../models/default-pool.js';
import { assertProviderPresent, milliseconds } from '../models/providers/choose-provider.js';
import type { ProviderWish } from '../models/providers/provider.js';
import type { ModelProvider } from '../models/providers/provider-selector.js';

/** A note about a provider: for programs, and in words where a person should read it. */
export interface ProviderNote {
  readonly json: object;
  readonly text: string | undefined;
}

/**
 * Makes the operators' models go to a provider, from now on.
 *
 * @throws VitascopeError `PROVIDER_UNAVAILABLE` at once where a named provider cannot work on this machine.
 */
export function useProvider(wish: ProviderWish, tell: (note: ProviderNote) => void): void {
  assertProviderPresent(wish);
  configureDefaultInferencePool({ provider: wish, onProvider: (choice) => tell(noteOf(choice)) });
}

/**
 * One line for each choice that is news: another provider than the CPU, or one that was tried and refused. What the machine never
 * had is no news.
 */
export function noteOf(choice: ModelProvider): ProviderNote {
  const { model, provider, refused, selfTest } = choice;
  const tried = refused.filter(({ kind }) => kind !== 'absent');
  const speed =
    selfTest === undefined
      ? ''
      : ` (${selfTest.atLeast ? 'more than ' : ''}${milliseconds(selfTest.ms)} a run, CPU ${milliseconds(selfTest.cpuMs)})`;
  const reasons = tried.map((refusal) => `; ${refusal.provider} was refused: ${refusal.reason}`);
  const isNews = provider !== 'cpu' || tried.length > 0;
  return {
    json: { type: 'note', note: 'provider', model, provider, refused, selfTest: selfTest ?? null },
    text: isNews ? `${model} runs on ${provider}${speed}${reasons.join('')}` : undefined,
  };
}
