import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { VitascopeError } from '../../pipeline/errors.js';
import type { SessionSettings } from '../session-settings.js';
import { digest, machineFingerprint, stampOf } from './fingerprint.js';
import { type Host, thisHost } from './host.js';
import { type ProviderKnowledge, providers } from './knowledge.js';
import { ProbeCache } from './probe-cache.js';
import type { ProbeOrder, ProbeOutcome, Proof } from './probe-protocol.js';
import { checkProviderWish, type ProviderName, type ProviderWish, providerNames, type Refusal } from './provider.js';
import { type RunProbeOptions, runProbe } from './run-probe.js';
import type { SelfTest } from './self-test.js';

/** What choosing needs to know of a model. */
export interface ProvableModel {
  readonly id: string;
  readonly path: string;
  /** Tells versions of the file apart; without it, size and time do. */
  readonly sha256?: string | undefined;
  readonly selfTest?: SelfTest | undefined;
}

/** A provider for a model, and how it came to be chosen. */
export interface ProviderChoice {
  readonly provider: ProviderName;
  /** What of the session's settings to change. */
  readonly sessionSettings: Partial<SessionSettings>;
  /** Providers that `auto` would have liked better. */
  readonly refused: readonly Refusal[];
  /** How it was proved; absent for the CPU, which is the yardstick. */
  readonly selfTest: Proof | undefined;
}

/** How to choose. All have defaults. */
export interface ChooseOptions {
  /** Folder where probes are remembered. Default: `vitascope/providers` in the user's cache folder. */
  readonly cacheFolder?: string | undefined;
  /** Probe again, whatever is remembered. Default false. */
  readonly fresh?: boolean | undefined;
  /** Time for each probe, milliseconds. Default: by provider, half a minute for most. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @internal */
  readonly host?: Host | undefined;
  /** @internal */
  readonly probe?: ((order: ProbeOrder, options: RunProbeOptions) => Promise<ProbeOutcome>) | undefined;
}

/** A provider on its own: what came out of trying it. */
export type Assessment =
  | { readonly provider: ProviderName; readonly proof: Proof | undefined }
  | { readonly provider: ProviderName; readonly refusal: Refusal };

/**
 * Chooses who computes a model. `auto` takes the first provider that this machine has, that gives the CPU's results in
 * the model's self-test, and that is not slower than the CPU; it ends at the CPU at worst. A name takes that provider if
 * it gives the CPU's results, slow or not.
 *
 * Probes run in child processes and are remembered. Where nothing is worth a try, none is started.
 *
 * @throws VitascopeError `PROVIDER_UNAVAILABLE` when a provider that was named does not work; `OPTION_INVALID`.
 */
export async function chooseProvider(
  model: ProvableModel,
  wanted: ProviderWish,
  options: ChooseOptions = {},
): Promise<ProviderChoice> {
  checkProviderWish('chooseProvider', wanted);
  if (wanted !== 'auto') return await chooseNamed(model, wanted, options);
  const refused: Refusal[] = [];
  for (const name of providerNames) {
    const assessment = await assessProvider(model, name, options);
    if ('refusal' in assessment) {
      refused.push(assessment.refusal);
      continue;
    }
    const slower = refuseSlower(name, assessment.proof);
    if (slower === undefined) return choiceOf(name, assessment.proof, refused);
    refused.push(slower);
  }
  return choiceOf('cpu', undefined, refused);
}

/**
 * Tries one provider on a model, whether it is fast or not.
 *
 * @throws the reason of `options.signal`
 */
export async function assessProvider(
  model: ProvableModel,
  name: ProviderName,
  options: ChooseOptions = {},
): Promise<Assessment> {
  const host = options.host ?? thisHost();
  const knowledge = providers[name];
  const reason = knowledge.lacks(host);
  if (reason !== undefined) return { provider: name, refusal: { provider: name, kind: 'absent', reason } };
  if (name === 'cpu') return { provider: name, proof: undefined };
  const outcome = await probeOnce(model, knowledge, host, options);
  if (outcome.works) return { provider: name, proof: outcome.proof };
  return { provider: name, refusal: { provider: name, kind: outcome.kind, reason: outcome.reason } };
}

/**
 * Says at once, without a model, that a provider cannot work on this machine.
 *
 * @throws VitascopeError `PROVIDER_UNAVAILABLE` that says what to install; `OPTION_INVALID`.
 */
export function assertProviderPresent(wanted: ProviderWish, host: Host = thisHost()): void {
  checkProviderWish('provider', wanted);
  if (wanted === 'auto') return;
  const reason = providers[wanted].lacks(host);
  if (reason !== undefined) throw unavailable({ provider: wanted, kind: 'absent', reason }, host);
}

/** Why `auto` passes over a provider that works; nothing when it is as fast as the CPU. */
export function refuseSlower(provider: ProviderName, proof: Proof | undefined): Refusal | undefined {
  if (proof === undefined || proof.ms <= proof.cpuMs) return undefined;
  const time = `${proof.atLeast ? 'more than ' : ''}${milliseconds(proof.ms)}`;
  const reason = `it gives the right results, but takes ${time} where the CPU takes ${milliseconds(proof.cpuMs)}`;
  return { provider, kind: 'slower', reason };
}

/** `0.42 ms`, `18.3 ms`, `4120 ms` */
export function milliseconds(ms: number): string {
  return `${ms < 1 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

async function chooseNamed(model: ProvableModel, name: ProviderName, options: ChooseOptions): Promise<ProviderChoice> {
  const assessment = await assessProvider(model, name, options);
  if ('refusal' in assessment) throw unavailable(assessment.refusal, options.host ?? thisHost(), model);
  return choiceOf(name, assessment.proof, []);
}

function choiceOf(provider: ProviderName, selfTest: Proof | undefined, refused: readonly Refusal[]): ProviderChoice {
  return { provider, sessionSettings: providers[provider].settings, refused, selfTest };
}

function unavailable({ provider, kind, reason }: Refusal, host: Host, model?: ProvableModel): VitascopeError {
  const { title, advice } = providers[provider];
  const on = model === undefined ? '' : ` for model ${model.id}`;
  const next =
    kind === 'absent' || kind === 'error'
      ? `to get it, ${advice(host)}`
      : 'use --provider auto or cpu, and see docs/gpu.md';
  return new VitascopeError(
    'PROVIDER_UNAVAILABLE',
    `provider ${provider} (${title}) cannot be used${on}: ${reason}; ${next}`,
    {
      context: { provider, kind, reason, model: model?.id },
    },
  );
}

/** Probes under way in this process, so that streams which start together share them. */
const underWay = new Map<string, Promise<ProbeOutcome>>();

async function probeOnce(
  model: ProvableModel,
  knowledge: ProviderKnowledge,
  host: Host,
  options: ChooseOptions,
): Promise<ProbeOutcome> {
  const order: ProbeOrder = {
    provider: knowledge.name,
    model: { id: model.id, path: resolve(model.path) },
    settings: knowledge.settings,
    selfTest: model.selfTest ?? {},
    cpuThreads: availableParallelism(),
  };
  const timeoutMs = options.timeoutMs ?? knowledge.timeoutMs;
  const file = model.sha256 ?? [order.model.path, stampOf(order.model.path)];
  const key = digest([file, order.provider, order.settings, order.selfTest, machineFingerprint(host)]);
  const cache = new ProbeCache(options.cacheFolder);
  const known = options.fresh === true ? undefined : await cache.get(key, timeoutMs);
  if (known !== undefined) return known;
  const running = underWay.get(key);
  if (running !== undefined) return await running;
  const probing = (options.probe ?? runProbe)(order, { timeoutMs, signal: options.signal });
  underWay.set(key, probing);
  try {
    const outcome = await probing;
    await cache.put(key, outcome, timeoutMs);
    return outcome;
  } finally {
    underWay.delete(key);
  }
}
