import type { TranslateOptions, Translation, Translator } from '../../../models/adapters/translate/translator.js';
import { hasCode } from '../../../pipeline/index.js';
import { NameKeeper, type Sentence } from './name-keeper.js';

/** What translates into one language: networks that are opened when the first text in their language comes. */
export interface TranslatorChoice {
  /** Languages that there are networks for, BCP 47. */
  readonly from: readonly string[];
  /** Opens the network for a language of {@link from}; languages may share one. */
  open(from: string): Promise<Translator>;
}

interface Request {
  readonly text: string;
  readonly hasLostCase: boolean;
  readonly resolve: (translation: Translation | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Translates texts sentence by sentence, as the networks have learned it. Texts that are asked for at the same time share batches. */
export class SentenceTranslator implements AsyncDisposable {
  readonly #choice: TranslatorChoice;
  readonly #options: TranslateOptions;
  readonly #opened = new Map<string, Promise<Translator>>();
  readonly #waiting = new Map<string, Request[]>();

  /** @param options What holds for all texts; `to` must be given. */
  constructor(choice: TranslatorChoice, options: TranslateOptions) {
    this.#choice = choice;
    this.#options = options;
  }

  get from(): readonly string[] {
    return this.#choice.from;
  }

  /** Opens the network that is wanted first, so that the first text need not wait for it. What it throws is thrown where a text wants it. */
  async prepare(): Promise<void> {
    const [first] = this.#choice.from;
    if (first !== undefined) await this.#translatorFor(first).catch(() => undefined);
  }

  /**
   * Translates a text.
   *
   * @param hasLostCase The text was written in capitals, or each word with one: names are then looked for among all words.
   * @returns With the lowest score of its sentences; nothing for a text that is longer than the network can take, and one whose names the network loses.
   * @throws what opening the network and running it throws.
   */
  translate(text: string, from: string, hasLostCase = false): Promise<Translation | undefined> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(from);
      const request = { text, hasLostCase, resolve, reject };
      if (waiting !== undefined) {
        waiting.push(request);
        return;
      }
      this.#waiting.set(from, [request]);
      setImmediate(() => void this.#flush(from));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = [...this.#opened.values()];
    this.#opened.clear();
    const settled = await Promise.all(opened.map((translator) => translator.catch(() => undefined)));
    await Promise.all([...new Set(settled)].map((translator) => translator?.[Symbol.asyncDispose]()));
  }

  async #flush(from: string): Promise<void> {
    const requests = this.#waiting.get(from) ?? [];
    this.#waiting.delete(from);
    try {
      const translator = await this.#translatorFor(from);
      const sentences = requests.map(({ text, hasLostCase }) =>
        sentencesOf(text, from).map((sentence): Sentence => ({ text: sentence, hasLostCase })),
      );
      const translated = await this.#run(new NameKeeper(translator), sentences.flat(), from);
      let at = 0;
      for (const [i, { resolve }] of requests.entries()) {
        const count = sentences[i]?.length ?? 0;
        resolve(joined(translated.slice(at, at + count)));
        at += count;
      }
    } catch (error) {
      for (const { reject } of requests) reject(error);
    }
  }

  /** All at once; one by one where one of them is too long. */
  async #run(
    keeper: NameKeeper,
    sentences: readonly Sentence[],
    from: string,
  ): Promise<readonly (Translation | undefined)[]> {
    const options = { ...this.#options, from };
    try {
      return await keeper.translate(sentences, options);
    } catch (error) {
      if (!hasCode(error, 'INFERENCE_INPUT')) throw error;
      if (sentences.length === 1) return [undefined];
      const each: (Translation | undefined)[] = [];
      for (const sentence of sentences) each.push(...(await this.#run(keeper, [sentence], from)));
      return each;
    }
  }

  #translatorFor(from: string): Promise<Translator> {
    const opened = this.#opened.get(from) ?? this.#choice.open(from);
    this.#opened.set(from, opened);
    return opened;
  }
}

/** What ends with a full stop and no sentence: titles before names, initials. */
const SHORTENED = /(?:^|[\s'’])(?:(?!I)\p{Lu}|Mr|Mrs|Ms|Mme|Mlle|Dr|Prof|St|Ste|Sr|Sra|Srta|Hr|Fr|Nr)\.\s*$/u;

function sentencesOf(text: string, language: string): string[] {
  const sentences: string[] = [];
  for (const { segment } of new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)) {
    const before = sentences.at(-1);
    if (before !== undefined && SHORTENED.test(before)) sentences.splice(-1, 1, before + segment);
    else sentences.push(segment);
  }
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => sentence !== '');
}

function joined(sentences: readonly (Translation | undefined)[]): Translation | undefined {
  if (sentences.length === 0 || sentences.includes(undefined)) return undefined;
  const known = sentences as readonly Translation[];
  return {
    text: known.map(({ text }) => text).join(' '),
    score: Math.min(...known.map(({ score }) => score)),
  };
}
