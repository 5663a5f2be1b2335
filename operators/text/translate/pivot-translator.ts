import type { TranslateOptions, Translation, Translator } from '../../../models/adapters/translate/translator.js';

/** Two translators, one after the other, by way of a language that both have. */
export class PivotTranslator implements Translator {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly #first: Translator;
  readonly #pivot: string;
  readonly #second: Translator;

  /**
   * @param first Into the language between; disposed with this one, as is `second`.
   * @param pivot The language between, BCP 47.
   */
  constructor(first: Translator, pivot: string, second: Translator) {
    this.from = first.from;
    this.to = second.to;
    this.#first = first;
    this.#pivot = pivot;
    this.#second = second;
  }

  /** Scores are products: both must have been sure. */
  async translate(texts: readonly string[], options: TranslateOptions = {}): Promise<readonly Translation[]> {
    const between = await this.#first.translate(texts, { ...options, to: this.#pivot });
    const last = await this.#second.translate(
      between.map(({ text }) => text),
      { ...options, from: this.#pivot },
    );
    return last.map(({ text, score }, i) => ({ text, score: score * (between[i]?.score ?? 0) }));
  }

  /** Of the first, which reads the text. */
  countTokens(text: string): number {
    return this.#first.countTokens?.(text) ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#first[Symbol.asyncDispose](), this.#second[Symbol.asyncDispose]()]);
  }
}
