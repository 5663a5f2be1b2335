import {
  type Assessment,
  assessProvider,
  type ChooseOptions,
  refuseSlower,
} from '../../models/providers/choose-provider.js';
import { runtimeVersion } from '../../models/providers/fingerprint.js';
import { thisHost } from '../../models/providers/host.js';
import { providers } from '../../models/providers/knowledge.js';
import { type ProviderName, providerNames, type Refusal } from '../../models/providers/provider.js';
import { timeOnCpu } from '../../models/providers/time-on-cpu.js';
import { planThreads } from '../../models/session-settings.js';
import { findModelFolder } from '../../operators/colorize/model-folder.js';
import type { InferenceReport, ProviderReport } from './report.js';

const MODEL = 'colorize-small';

/**
 * Tries every provider on the embedded colour model. One after another, since times that are taken side by side say nothing, and
 * jobs go by the same ones.
 */
export async function inferenceReport(options: ChooseOptions): Promise<InferenceReport> {
  const cpu = await cpuReport();
  const others: ProviderReport[] = [];
  for (const name of providerNames.filter((n) => n !== 'cpu')) others.push(await providerReport(name, options));
  const auto = others.find(({ works, refusal }) => works && refusal === null)?.provider ?? 'cpu';
  const { workers, intraOpThreads } = planThreads({});
  return {
    runtime: runtimeVersion(),
    backends: await backends(),
    model: MODEL,
    providers: [...others, cpu],
    auto,
    workers,
    intraOpThreads,
  };
}

async function backends(): Promise<InferenceReport['backends']> {
  try {
    return (await import('../../models/providers/backends.js')).runtimeBackends();
  } catch {
    // That it does not load is told by the CPU's self-test.
    return [];
  }
}

async function cpuReport(): Promise<ProviderReport> {
  try {
    const ms = await timeOnCpu(model());
    return { ...blank('cpu'), works: true, ms, cpuMs: ms, maxError: 0 };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...blank('cpu'), refusal: { kind: 'error', reason }, advice: 'run npm ci again, or npm rebuild' };
  }
}

async function providerReport(name: ProviderName, options: ChooseOptions): Promise<ProviderReport> {
  return describeAssessment(await assessProvider(model(), name, options));
}

/** An assessment as the report has it. */
export function describeAssessment(assessment: Assessment): ProviderReport {
  const { provider } = assessment;
  if ('refusal' in assessment) {
    const { kind, reason } = assessment.refusal;
    return { ...blank(provider), refusal: { kind, reason }, advice: adviceFor(assessment.refusal) };
  }
  const { proof } = assessment;
  const slower = refuseSlower(provider, proof);
  return {
    ...blank(provider),
    works: true,
    refusal: slower === undefined ? null : { kind: slower.kind, reason: slower.reason },
    ms: proof?.ms ?? null,
    atLeast: proof?.atLeast ?? false,
    cpuMs: proof?.cpuMs ?? null,
    maxError: proof?.maxError ?? null,
  };
}

function adviceFor({ provider, kind }: Refusal): string | null {
  const { advice, possible } = providers[provider];
  const host = thisHost();
  if (kind === 'hang') return 'give it more time with vitascope doctor --timeout';
  if (kind !== 'absent' && kind !== 'error') return 'update the driver; see docs/gpu.md';
  return possible(host) ? advice(host) : null;
}

function blank(provider: ProviderName): ProviderReport {
  const { title } = providers[provider];
  return {
    provider,
    title,
    works: false,
    refusal: null,
    advice: null,
    ms: null,
    atLeast: false,
    cpuMs: null,
    maxError: null,
  };
}

/** As jobs load it, so that both go by the same probes. */
function model() {
  return findModelFolder(MODEL).source('model.onnx');
}
