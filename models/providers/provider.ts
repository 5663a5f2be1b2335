import { VitascopeError } from '../../pipeline/errors.js';

/** Execution providers by the names that ONNX Runtime gives them, in the order in which `auto` tries them. */
export const providerNames = ['tensorrt', 'cuda', 'coreml', 'dml', 'webgpu', 'cpu'] as const;

/** Who computes: a library behind ONNX Runtime, mostly one for a kind of GPU. */
export type ProviderName = (typeof providerNames)[number];

/** What a user asks for: one provider, or the best that is proved on this machine. */
export type ProviderWish = 'auto' | ProviderName;

/** Every {@link ProviderWish}, for option parsers. */
export const providerWishes: readonly ProviderWish[] = ['auto', ...providerNames];

/** @throws VitascopeError `OPTION_INVALID` when `wish` is given and is not a {@link ProviderWish}. */
export function checkProviderWish(who: string, wish: string | undefined): void {
  if (wish === undefined || (providerWishes as readonly string[]).includes(wish)) return;
  throw new VitascopeError(
    'OPTION_INVALID',
    `${who}: provider must be one of ${providerWishes.join(', ')}, got ${wish}`,
    {
      context: { provider: wish, known: providerWishes },
    },
  );
}

/**
 * Why a provider is not used.
 *
 * `absent`: this machine lacks something, which was seen without starting anything. Further kinds come from a probe:
 * `crash`, `hang`, `error` (it does not start or run), `wrong` (its results differ from the CPU's), `unproven` (there was
 * nothing to compare), `slower` (right, but the CPU is faster; refused by `auto` only).
 */
export type RefusalKind = 'absent' | 'crash' | 'hang' | 'error' | 'wrong' | 'unproven' | 'slower';

/** A provider that is not used, and why. */
export interface Refusal {
  readonly provider: ProviderName;
  readonly kind: RefusalKind;
  /** For people. */
  readonly reason: string;
}
