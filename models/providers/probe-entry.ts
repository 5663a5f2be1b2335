/**
 * Entry of a probe: a process of its own, so that a crash in a driver takes nothing along. Runs the self-test of a model
 * on the CPU and on a provider, on the same kind of worker as production, and tells the parent after each step.
 */
import type { InferencePoolOptions } from '../inference-pool.js';
import { InferencePool } from '../inference-pool.js';
import type { LoadedModel } from '../loaded-model.js';
import type { InlineTensor } from '../tensor.js';
import { type Comparison, compareOutputs, uselessReference } from './compare-outputs.js';
import type { ProbeMessage, ProbeOrder } from './probe-protocol.js';
import type { RefusalKind } from './provider.js';
import { selfTestFeeds } from './self-test.js';

type Outputs = Readonly<Record<string, InlineTensor>>;

/** Runs after the first are repeated until this much time is spent, at most {@link MAX_RUNS}. */
const BUDGET_MS = 600;
const MAX_RUNS = 5;

class Failure extends Error {
  readonly kind: RefusalKind;
  readonly maxError: number | undefined;

  constructor(kind: RefusalKind, reason: string, maxError?: number) {
    super(reason);
    this.kind = kind;
    this.maxError = maxError;
  }
}

process.once('message', (order: ProbeOrder) => {
  probe(order)
    .catch((error: unknown) => {
      const reason = plainReason(error instanceof Error ? error.message : String(error), order.model.id);
      const { kind, maxError } = error instanceof Failure ? error : { kind: 'error' as const, maxError: undefined };
      tell({ phase: 'failed', kind, reason, ...(maxError === undefined ? {} : { maxError }) });
    })
    // The process then ends by itself, as production does: a driver that dies at the end shows here.
    .finally(() => process.disconnect());
});
// A parent that went away wants no answer.
process.once('disconnect', () => setTimeout(() => process.exit(), 10_000).unref());
tell({ phase: 'started' });

async function probe(order: ProbeOrder): Promise<void> {
  const { expected, cpuMs, feeds } = await reference(order);
  tell({ phase: 'reference', cpuMs });
  await withModel(order, { workers: 1, maxCrashes: 0 }, order.settings, async (model, sessionMs) => {
    tell({ phase: 'session', sessionMs });
    const first = await run(model, feeds);
    const { maxError } = agree(order, expected, first.outputs);
    tell({ phase: 'first', firstMs: first.ms, maxError });
    const timed = await measure(model, feeds);
    const again = agree(order, expected, timed.outputs);
    tell({ phase: 'done', ms: timed.ms, maxError: Math.max(maxError, again.maxError) });
  });
}

async function reference(
  order: ProbeOrder,
): Promise<{ expected: Outputs; cpuMs: number; feeds: Record<string, InlineTensor> }> {
  const options = { workers: 1, intraOpThreads: order.cpuThreads, maxCrashes: 0 };
  try {
    return await withModel(order, options, {}, async (model) => {
      const feeds = selfTestFeeds(model.inputs, order.selfTest);
      await run(model, feeds);
      const { outputs, ms } = await measure(model, feeds);
      const wanted = order.selfTest.outputs ?? Object.keys(outputs);
      const expected = Object.fromEntries(Object.entries(outputs).filter(([name]) => wanted.includes(name)));
      const useless = uselessReference(expected);
      if (useless !== undefined) throw new Error(`on the CPU ${useless}`);
      return { expected, cpuMs: ms, feeds };
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(
      'unproven',
      `its self-test gives nothing to compare with (${why}); the model needs a selfTest of its own`,
    );
  }
}

function agree(order: ProbeOrder, expected: Outputs, actual: Outputs): Comparison {
  const comparison = compareOutputs(expected, actual, order.selfTest.tolerance);
  if (comparison.problem === undefined) return comparison;
  throw new Failure('wrong', `its results are not those of the CPU: ${comparison.problem}`, comparison.maxError);
}

async function withModel<T>(
  { model }: ProbeOrder,
  options: InferencePoolOptions,
  session: ProbeOrder['settings'],
  use: (model: LoadedModel, sessionMs: number) => Promise<T>,
): Promise<T> {
  await using pool = new InferencePool(options);
  const start = performance.now();
  const loaded = await pool.load(model, { session, warmup: false });
  return await use(loaded, performance.now() - start);
}

async function run(
  model: LoadedModel,
  feeds: Readonly<Record<string, InlineTensor>>,
): Promise<{ outputs: Outputs; ms: number }> {
  const { outputs, modelMs } = await model.run(feeds);
  return { outputs, ms: modelMs };
}

async function measure(
  model: LoadedModel,
  feeds: Readonly<Record<string, InlineTensor>>,
): Promise<{ outputs: Outputs; ms: number }> {
  const times: number[] = [];
  const start = performance.now();
  let outputs: Outputs;
  do {
    const result = await run(model, feeds);
    outputs = result.outputs;
    times.push(result.ms);
  } while (times.length < MAX_RUNS && performance.now() - start < BUDGET_MS);
  times.sort((a, b) => a - b);
  return { outputs, ms: times[Math.floor(times.length / 2)] as number };
}

/** Without the model's name, and without the place in the runtime's source that its messages begin with. */
function plainReason(message: string, id: string): string {
  return message
    .replace(`model ${id}: `, '')
    .replace(/^\/\S*onnxruntime\S* .*? was false\. /s, '')
    .trim();
}

function tell(message: ProbeMessage): void {
  process.send?.(message);
}
