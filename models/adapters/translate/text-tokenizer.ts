import { Tokenizer } from '@huggingface/tokenizers';
import { asVitascopeError, hasCode } from '../../../pipeline/errors.js';
import type { ModelFiles } from '../adapter.js';
import { readJson } from './generation.js';

/** Turns text into tokens and back, as `tokenizer.json` says. */
export class TextTokenizer {
  readonly #tokenizer: Tokenizer;

  private constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /** Reads `tokenizer.json`, and `tokenizer_config.json` where there is one. @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID` */
  static async open(who: string, model: ModelFiles): Promise<TextTokenizer> {
    const description = await readJson(who, model.file('tokenizer.json').path);
    const config = await optionalJson(who, model);
    try {
      return new TextTokenizer(new Tokenizer(description as object, config as object));
    } catch (error) {
      throw asVitascopeError(error, 'MODEL_INVALID', `${who}: tokenizer.json`);
    }
  }

  /** Without special tokens. */
  encode(text: string): readonly number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** Special tokens are left out. */
  decode(tokens: readonly number[]): string {
    return tokens.length === 0 ? '' : this.#tokenizer.decode([...tokens], { skip_special_tokens: true }).trim();
  }

  /** The number of a token, if there is one of that name. */
  idOf(token: string): number | undefined {
    return this.#tokenizer.token_to_id(token);
  }
}

async function optionalJson(who: string, model: ModelFiles): Promise<unknown> {
  try {
    return await readJson(who, model.file('tokenizer_config.json').path);
  } catch (error) {
    if (hasCode(error, 'MODEL_NOT_FOUND')) return {};
    throw error;
  }
}
