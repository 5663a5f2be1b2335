import { VitascopeError } from '../../../pipeline/errors.js';
import type { LoadedModel } from '../../loaded-model.js';
import type { InlineTensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { loadOptionsFor } from '../heavy-model.js';
import { unknownFamily } from '../unknown-family.js';
import { type GenerationConfig, generationConfig } from './generation.js';
import { languageToken, type TranslatorStyle } from './language-tokens.js';
import { idsTensor } from './rows.js';
import { type SearchRules, searchTexts } from './search.js';
import { type EncoderStates, TextDecoder } from './text-decoder.js';
import { TextTokenizer } from './text-tokenizer.js';

/** How a translation is searched for. */
export interface TranslateOptions {
  /** Language of the texts, BCP 47. Default: the model's, if it takes only one. */
  readonly from?: string | undefined;
  /** Language of the translations, BCP 47. Default: the model's, if it gives only one. */
  readonly to?: string | undefined;
  /** Translations that are followed at once; 1 is greedy, and fastest. Default: what the model's maker used, at most 4. */
  readonly beams?: number | undefined;
  /** Tokens of a translation at most. Default: twice those of the text and 32, and what the model can take. */
  readonly maxTokens?: number | undefined;
  /** No sequence of so many tokens comes twice, so that a model that has lost itself ends; 0 allows it. Default 6. */
  readonly noRepeat?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A translated text. */
export interface Translation {
  readonly text: string;
  /** Geometric mean of the probabilities of its tokens, 0–1. */
  readonly score: number;
}

/** Translates texts. */
export interface Translator extends AsyncDisposable {
  /** Languages that it takes, and gives, BCP 47. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /**
   * Translates each text by itself: sentences or short paragraphs, as subtitles have them. Empty ones stay empty.
   *
   * @returns In the order of the texts.
   * @throws VitascopeError `OPTION_INVALID` for a language that the model does not have; `INFERENCE_INPUT` for a text that is longer than the model can
   * take; what `LoadedModel.run` throws; the signal's reason.
   */
  translate(texts: readonly string[], options?: TranslateOptions): Promise<readonly Translation[]>;
  /** Tokens that the model makes of a text: words that it has seen often are one, others are many. Absent where nothing counts them. */
  countTokens?(text: string): number;
}

/** Texts that are translated side by side. */
const BATCH = 8;
const MAX_BEAMS = 4;
const NO_REPEAT = 6;

/**
 * Opens a model of the family `seq2seq`: Marian (OPUS-MT), M2M100 or NLLB in the layout of transformers.js.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`.
 */
export async function openTranslator(model: ModelFiles, pool: AdapterPool): Promise<Translator> {
  const who = `openTranslator(${model.id})`;
  if (model.entry.family !== 'seq2seq') throw unknownFamily(who, model, ['seq2seq']);
  const style = styleOf(who, model);
  const [config, tokenizer] = await Promise.all([generationConfig(who, model), TextTokenizer.open(who, model)]);
  const { path, sha256 } = model.file('encoder.onnx');
  const options = await loadOptionsFor(path);
  const encoder = await pool.load(
    { id: `${model.id}, encoder`, path, ...(sha256 === undefined ? {} : { sha256 }) },
    { ...options, session: { ...options.session, variableShapes: true } },
  );
  try {
    const decoder = await TextDecoder.open(who, model, pool);
    return new Seq2SeqTranslator(who, model, { style, config, tokenizer, encoder, decoder });
  } catch (error) {
    await encoder.close();
    throw error;
  }
}

function styleOf(who: string, { entry }: ModelFiles): TranslatorStyle {
  const { style = 'marian' } = entry.adapter;
  if (style === 'marian' || style === 'm2m' || style === 'nllb') return style;
  throw new VitascopeError('MODEL_INVALID', `${who}: style must be marian, m2m or nllb, got ${JSON.stringify(style)}`);
}

interface Parts {
  readonly style: TranslatorStyle;
  readonly config: GenerationConfig;
  readonly tokenizer: TextTokenizer;
  readonly encoder: LoadedModel;
  readonly decoder: TextDecoder;
}

interface Source {
  readonly index: number;
  readonly tokens: readonly number[];
}

class Seq2SeqTranslator implements Translator {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly #who: string;
  readonly #style: TranslatorStyle;
  readonly #parts: Parts;

  constructor(who: string, model: ModelFiles, parts: Parts) {
    const { from = [], to = [] } = model.entry.adapter;
    this.#who = who;
    this.#style = parts.style;
    this.#parts = parts;
    this.from = from;
    this.to = to;
  }

  async translate(texts: readonly string[], options: TranslateOptions = {}): Promise<readonly Translation[]> {
    const from = this.#language('from', this.from, options.from);
    const to = this.#language('to', this.to, options.to);
    const results: Translation[] = texts.map(() => ({ text: '', score: 1 }));
    const sources = texts
      .map((text, index): Source => ({ index, tokens: this.#tokens(text, from) }))
      .filter(({ index }) => texts[index]?.trim() !== '')
      // Texts of like lengths share a batch, so that little of it is padding.
      .sort((a, b) => a.tokens.length - b.tokens.length);
    for (let at = 0; at < sources.length; at += BATCH) {
      const batch = sources.slice(at, at + BATCH);
      const written = await this.#translateBatch(batch, to, options);
      batch.forEach(({ index }, i) => {
        results[index] = written[i] as Translation;
      });
    }
    return results;
  }

  countTokens(text: string): number {
    return this.#parts.tokenizer.encode(text).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#parts.encoder.close(), this.#parts.decoder[Symbol.asyncDispose]()]);
  }

  async #translateBatch(
    batch: readonly Source[],
    to: string | undefined,
    options: TranslateOptions,
  ): Promise<Translation[]> {
    const { decoder, tokenizer } = this.#parts;
    const encoded = await this.#encode(batch, options.signal);
    const rules = this.#rules(batch, to, options);
    const written = await searchTexts(decoder.begin(encoded), batch.length, rules, options.signal);
    return written.map(({ tokens, score }) => ({ text: tokenizer.decode(tokens), score }));
  }

  async #encode(batch: readonly Source[], signal: AbortSignal | undefined): Promise<EncoderStates> {
    const { encoder, config } = this.#parts;
    const feeds = {
      input_ids: idsTensor(
        batch.map(({ tokens }) => tokens),
        config.pad ?? 0,
      ),
      attention_mask: idsTensor(batch.map(({ tokens }) => tokens.map(() => 1))),
    };
    const { outputs } = await encoder.run(feeds, { signal });
    const states = outputs[encoder.outputs[0]?.name ?? ''] as InlineTensor;
    return { states, mask: feeds.attention_mask };
  }

  #rules(batch: readonly Source[], to: string | undefined, options: TranslateOptions): SearchRules {
    const { config } = this.#parts;
    const start = to === undefined ? [config.start] : [config.start, this.#languageId(to)];
    const longest = Math.max(...batch.map(({ tokens }) => tokens.length));
    return {
      start,
      end: config.end,
      banned: new Set(config.banned),
      maxTokens: Math.min(options.maxTokens ?? 2 * longest + 32, config.maxTokens - start.length),
      noRepeat: options.noRepeat ?? NO_REPEAT,
      beams: options.beams ?? Math.min(config.beams, MAX_BEAMS),
      lengthPenalty: config.lengthPenalty,
    };
  }

  #tokens(text: string, from: string | undefined): readonly number[] {
    const { tokenizer, config } = this.#parts;
    const language = from === undefined ? [] : [this.#languageId(from)];
    const tokens = [...language, ...tokenizer.encode(text), config.end];
    if (tokens.length <= config.maxTokens) return tokens;
    throw new VitascopeError(
      'INFERENCE_INPUT',
      `${this.#who}: a text must have at most ${config.maxTokens} tokens, got ${tokens.length}: ${text.slice(0, 40)}…`,
      { context: { maxTokens: config.maxTokens, tokens: tokens.length } },
    );
  }

  /** The language's token; `undefined` for models that have none. */
  #language(option: 'from' | 'to', known: readonly string[], wanted: string | undefined): string | undefined {
    const language = wanted ?? (known.length === 1 ? known[0] : undefined);
    if (language === undefined || (known.length > 0 && !known.includes(language))) {
      const got = language === undefined ? 'nothing' : `"${language}"`;
      throw new VitascopeError(
        'OPTION_INVALID',
        `${this.#who}: ${option} must be one of ${known.join(', ')}, got ${got}`,
        {
          context: { option, known, got: language },
        },
      );
    }
    return languageToken(this.#style, language);
  }

  #languageId(token: string): number {
    const id = this.#parts.tokenizer.idOf(token);
    if (id !== undefined) return id;
    throw new VitascopeError('OPTION_INVALID', `${this.#who}: the model has no language "${token}"`, {
      context: { token },
    });
  }
}
