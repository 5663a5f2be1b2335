import { VitascopeError } from '../../../pipeline/errors.js';
import type { LoadedModel } from '../../loaded-model.js';
import { inspectModel } from '../../onnx/inspect-model.js';
import { describeTensor, type InlineTensor, inlineTensor, type TensorSpec } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { loadOptionsFor } from '../heavy-model.js';
import { modelTensors } from '../picture/model-tensors.js';
import { nextTokenStage } from './next-token-stage.js';
import { gatherRows, idsTensor } from './rows.js';

/** One text that is being written, among those that are written side by side. */
export interface DecoderRow {
  /** Which of the encoder's inputs it is about. */
  readonly source: number;
  /** Which row of the step before it goes on from; without meaning in the first step. */
  readonly origin: number;
  /** All tokens so far, the start token included. Rows of one step are of one length. */
  readonly tokens: readonly number[];
}

/** The likeliest next tokens, row by row. */
export interface NextTokens {
  /** Tokens a row. */
  readonly width: number;
  /** `[rows, width]`, the likeliest first. */
  readonly tokens: Int32Array;
  readonly logProbabilities: Float32Array;
}

/** What an encoder made of its inputs: what all texts are written from. */
export interface EncoderStates {
  /** `[sources, s, d]` */
  readonly states: InlineTensor;
  /** int64 `[sources, s]`; absent where the decoder takes none. */
  readonly mask?: InlineTensor;
}

/** Writes on all texts by a token. */
export type DecoderStep = (rows: readonly DecoderRow[], signal?: AbortSignal) => Promise<NextTokens>;

const CACHE = 'past_key_values.';

/**
 * A decoder of the transformers.js layout: `input_ids`, `encoder_hidden_states`, perhaps `encoder_attention_mask`, and, when it has a cache,
 * `use_cache_branch` and `past_key_values.*`, whose next values leave as `present.*`. Without a cache all tokens are fed at each step.
 */
export class TextDecoder implements AsyncDisposable {
  readonly #model: LoadedModel;
  /** Inputs of the cache. */
  readonly #cache: readonly TensorSpec[];
  readonly #takes: ReadonlySet<string>;

  private constructor(model: LoadedModel, cache: readonly TensorSpec[]) {
    this.#model = model;
    this.#cache = cache;
    this.#takes = new Set(model.inputs.map(({ name }) => name));
  }

  /** Loads `decoder.onnx`. @throws VitascopeError `MODEL_NOT_FOUND`; `MODEL_INVALID` when it is no such decoder. */
  static async open(who: string, model: ModelFiles, pool: AdapterPool): Promise<TextDecoder> {
    const { path, sha256 } = model.file('decoder.onnx');
    const { outputs } = await modelTensors(who, model, 'decoder.onnx');
    const { inputs } = await inspectModel(path);
    const logits = outputs[0]?.name ?? '';
    const cache = inputs.filter(({ name }) => name.startsWith(CACHE)).map((spec) => cacheSpec(who, spec, model));
    const unknown = inputs.find(({ name }) => !isKnown(name));
    if (unknown !== undefined) {
      throw new VitascopeError(
        'MODEL_INVALID',
        `${who}: the decoder takes "${unknown.name}", which the family does not have`,
        {
          context: { input: unknown.name },
        },
      );
    }
    const source = {
      id: `${model.id}, decoder`,
      path,
      ...(sha256 === undefined ? {} : { sha256 }),
      after: [nextTokenStage(logits)],
    };
    const options = await loadOptionsFor(path);
    const loaded = await pool.load(source, { ...options, session: { ...options.session, variableShapes: true } });
    return new TextDecoder(loaded, cache);
  }

  /** Begins to write; the steps must follow one another. */
  begin(encoder: EncoderStates): DecoderStep {
    const writer =
      this.#cache.length > 0 ? new CachedWriter(this.#model, this.#cache, this.#takes, encoder) : undefined;
    if (writer !== undefined) return (rows, signal) => writer.step(rows, signal);
    return async (rows, signal) => {
      const feeds = {
        input_ids: idsTensor(rows.map(({ tokens }) => tokens)),
        ...encoderFeeds(encoder, rows, this.#takes),
      };
      return nextTokens((await this.#model.run(feeds, { signal })).outputs);
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#model.close();
  }
}

/** Writes with keys and values of earlier tokens kept. Those of the encoder come from the first step, and stay. */
class CachedWriter {
  readonly #model: LoadedModel;
  readonly #specs: readonly TensorSpec[];
  readonly #takes: ReadonlySet<string>;
  readonly #encoder: EncoderStates;
  /** By input; what lies under the encoder's has a row for each source, else for each row of the last step. */
  readonly #kept = new Map<string, InlineTensor>();
  #started = false;

  constructor(model: LoadedModel, specs: readonly TensorSpec[], takes: ReadonlySet<string>, encoder: EncoderStates) {
    this.#model = model;
    this.#specs = specs;
    this.#takes = takes;
    this.#encoder = encoder;
  }

  async step(rows: readonly DecoderRow[], signal?: AbortSignal): Promise<NextTokens> {
    const first = !this.#started;
    const fed = rows.map(({ tokens }) => (first ? tokens : tokens.slice(-1)));
    const cache = this.#specs.map((spec) => [
      spec.name,
      first ? emptyCache(spec, rows.length) : this.#rowsOf(spec.name, rows),
    ]);
    const feeds = {
      input_ids: idsTensor(fed),
      ...encoderFeeds(this.#encoder, rows, this.#takes),
      ...(Object.fromEntries(cache) as Record<string, InlineTensor>),
      ...(this.#takes.has('use_cache_branch')
        ? { use_cache_branch: inlineTensor('bool', [1], Uint8Array.of(first ? 0 : 1)) }
        : {}),
    };
    const wanted = this.#specs.map(({ name }) => name).filter((name) => first || !isEncoders(name));
    const names = ['tokens', 'logProbabilities', ...wanted.map(presentOf)];
    const targets = Object.fromEntries(names.map((name) => [name, 'inline' as const]));
    const { outputs } = await this.#model.run(feeds, { outputs: targets, signal });
    for (const name of wanted) this.#keep(name, outputs[presentOf(name)] as InlineTensor, rows);
    this.#started = true;
    return nextTokens(outputs);
  }

  #keep(name: string, tensor: InlineTensor, rows: readonly DecoderRow[]): void {
    if (!isEncoders(name)) {
      this.#kept.set(name, tensor);
      return;
    }
    const sources = this.#encoder.states.shape[0] ?? 0;
    const firstRows = Array.from({ length: sources }, (_, source) => rows.findIndex((row) => row.source === source));
    this.#kept.set(name, gatherRows(tensor, firstRows));
  }

  #rowsOf(name: string, rows: readonly DecoderRow[]): InlineTensor {
    const kept = this.#kept.get(name) as InlineTensor;
    return gatherRows(
      kept,
      rows.map(({ source, origin }) => (isEncoders(name) ? source : origin)),
    );
  }
}

function encoderFeeds(
  { states, mask }: EncoderStates,
  rows: readonly DecoderRow[],
  takes: ReadonlySet<string>,
): Record<string, InlineTensor> {
  const sources = rows.map(({ source }) => source);
  const feeds: Record<string, InlineTensor> = {};
  if (takes.has('encoder_hidden_states')) feeds.encoder_hidden_states = gatherRows(states, sources);
  if (takes.has('encoder_attention_mask') && mask !== undefined)
    feeds.encoder_attention_mask = gatherRows(mask, sources);
  return feeds;
}

/** An input of the cache with its heads and their size, which are the catalog's where the file leaves them open. */
function cacheSpec(who: string, spec: TensorSpec, { entry: { adapter } }: ModelFiles): TensorSpec {
  const size = (axis: number, name: string): unknown =>
    typeof spec.shape[axis] === 'number' ? spec.shape[axis] : adapter[name];
  const [heads, headSize] = [size(1, 'heads'), size(3, 'headSize')];
  if (spec.shape.length === 4 && spec.type === 'float32' && typeof heads === 'number' && typeof headSize === 'number') {
    return { ...spec, shape: ['batch', heads, 'n', headSize] };
  }
  throw new VitascopeError(
    'MODEL_INVALID',
    `${who}: "${spec.name}" must be float32 [batch, heads, n, size] with heads and size known, got ${describeTensor(spec)}`,
    { context: { input: spec.name } },
  );
}

/** No tokens yet: the axis of the sequence has a size of zero. */
function emptyCache({ shape }: TensorSpec, rows: number): InlineTensor {
  return inlineTensor('float32', [rows, Number(shape[1]), 0, Number(shape[3])], new Float32Array(0));
}

function nextTokens(outputs: Readonly<Record<string, InlineTensor>>): NextTokens {
  const [tokens, logProbabilities] = [outputs.tokens as InlineTensor, outputs.logProbabilities as InlineTensor];
  return {
    width: tokens.shape[1] ?? 0,
    tokens: tokens.data as Int32Array,
    logProbabilities: logProbabilities.data as Float32Array,
  };
}

function presentOf(name: string): string {
  return name.replace(CACHE, 'present.');
}

function isEncoders(name: string): boolean {
  return name.includes('.encoder.');
}

function isKnown(name: string): boolean {
  const known = ['input_ids', 'encoder_hidden_states', 'encoder_attention_mask', 'use_cache_branch'];
  return known.includes(name) || name.startsWith(CACHE);
}
