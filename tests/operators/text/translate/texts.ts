import type { TranslateOptions, Translation, Translator } from '../../../../models/adapters/translate/translator.js';
import type { SeenText } from '../../../../operators/text/texts-meta.js';
import type { LanguageIdentifier, LanguageScores } from '../../../../operators/text/translate/language-identifier.js';
import type { TranslatorChoice } from '../../../../operators/text/translate/sentence-translator.js';

/** A line of text, `row` lines from above. */
export function line(id: number, text: string, row = 2 * id, more: Partial<SeenText> = {}): SeenText {
  const [x, y, width] = [10, 30 * row, 12 * text.length];
  const quad = [
    [x, y],
    [x + width, y],
    [x + width, y + 24],
    [x, y + 24],
  ] as const;
  return { id, quad, text, score: 0.9, opacity: 1, ...more };
}

/** A network that knows what a test says; anything else it gives back, unsure. */
export class FakeTranslator implements Translator {
  readonly from: readonly string[];
  readonly to = ['en'];
  /** Sentences of each call. */
  readonly asked: (readonly string[])[] = [];
  disposed = 0;
  /** Set where a test wants words to be rare. */
  countTokens = (_text: string): number => 1;
  readonly #known: Readonly<Record<string, string | Translation>>;

  constructor(known: Readonly<Record<string, string | Translation>>, from: readonly string[] = ['fr']) {
    this.#known = known;
    this.from = from;
  }

  async translate(texts: readonly string[], _options?: TranslateOptions): Promise<readonly Translation[]> {
    this.asked.push(texts);
    return texts.map((text) => {
      const known = this.#known[text] ?? { text, score: 0.1 };
      return typeof known === 'string' ? { text: known, score: 0.9 } : known;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed++;
  }
}

/** Tells languages as a test says: by the first of its words that a text has. */
export class FakeIdentifier implements LanguageIdentifier {
  readonly asked: string[] = [];
  closed = false;
  readonly #words: Readonly<Record<string, LanguageScores>>;

  constructor(words: Readonly<Record<string, LanguageScores>>) {
    this.#words = words;
  }

  async identify(texts: readonly string[]): Promise<readonly LanguageScores[]> {
    this.asked.push(...texts);
    return texts.map((text) => {
      const word = Object.keys(this.#words).find((known) => text.toLowerCase().includes(known));
      return this.#words[word ?? ''] ?? {};
    });
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** A choice of one network for each of its languages. */
export function choiceOf(translator: Translator): TranslatorChoice {
  return { from: translator.from, open: async () => translator };
}
