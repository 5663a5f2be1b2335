import type { SeenText } from '../texts-meta.js';
import { isTranslatable } from './faithful.js';
import type { LanguageIdentifier, LanguageScores } from './language-identifier.js';
import { RecentMap } from './recent-map.js';
import { SceneLanguages } from './scene-languages.js';
import { blocksOf, splitLike, type TextBlock } from './text-blocks.js';
import type { TextOutcome, TextTranslator } from './text-translator.js';

/** Texts that are remembered, with their translations. */
const REMEMBERED = 4096;
/** Texts of one frame that are translated; the rest stays as it is. */
const MOST_TEXTS = 200;

interface Remembered extends TextOutcome {
  /** Of the scene's languages when the text's could not be told: it is tried again when these have changed. */
  readonly undecidedAt?: number;
}

/** What {@link SceneTranslator} works with. */
export interface SceneTranslatorOptions {
  readonly translator: TextTranslator;
  /** Language of all texts, BCP 47. Default: each text's own is told by {@link identifier}. */
  readonly from?: string | undefined;
  readonly identifier?: LanguageIdentifier | undefined;
}

/** Translates the texts of one stream: each once, whatever frames it is in. */
export class SceneTranslator {
  readonly #options: SceneTranslatorOptions;
  readonly #languages = new SceneLanguages();
  readonly #scores = new RecentMap<LanguageScores>(REMEMBERED);
  readonly #outcomes = new RecentMap<Remembered>(REMEMBERED);

  constructor(options: SceneTranslatorOptions) {
    this.#options = options;
  }

  /** The texts with what is known of them, in their order. */
  attach(texts: readonly SeenText[]): readonly SeenText[] {
    const told = new Map<SeenText, SeenText>();
    for (const block of this.#blocksOf(texts)) {
      const outcome = this.#outcomes.get(block.text);
      const parts = splitOutcome(block, outcome?.translation);
      for (const [i, line] of block.lines.entries()) told.set(line, withOutcome(line, outcome?.language, parts[i]));
    }
    return texts.map((text) => told.get(text) ?? text);
  }

  /** Texts that {@link translateAll} would have work with. */
  missing(texts: readonly SeenText[]): readonly string[] {
    return this.#blocksOf(texts)
      .map(({ text }) => text)
      .filter((text) => this.#isMissing(text));
  }

  /**
   * Translates the texts of a frame, so that {@link attach} knows them.
   *
   * @throws what telling languages and the networks throw.
   */
  async translateAll(texts: readonly SeenText[]): Promise<void> {
    await this.#translate(this.missing(texts));
    // What these have told of the scene may decide about others.
    await this.#translate(this.missing(texts));
  }

  async #translate(texts: readonly string[]): Promise<void> {
    const wanted = [...new Set(texts)];
    const { translator, from } = this.#options;
    const found = new Map<string, TextOutcome>();
    for (const text of wanted) {
      const known = translator.lookUp(text, from);
      if (known !== undefined) found.set(text, known);
    }
    // Clearest first: what the limit leaves out is looked up again with the next frame.
    const rest = wanted.filter((text) => !found.has(text)).slice(0, MOST_TEXTS);
    if (from === undefined) await this.#learn(rest);
    await Promise.all(
      rest.map(async (text) => {
        const language = from ?? this.#languageOf(text);
        this.#outcomes.set(text, language === undefined ? this.#undecided() : await this.#outcome(text, language));
      }),
    );
    for (const [text, outcome] of found) this.#outcomes.set(text, outcome);
  }

  async #outcome(text: string, language: string): Promise<TextOutcome> {
    const { translator } = this.#options;
    return translator.lookUp(text, language) ?? (await translator.translate(text, language));
  }

  #blocksOf(texts: readonly SeenText[]): readonly TextBlock[] {
    const { translator, from } = this.#options;
    return blocksOf(texts, (text) => translator.lookUp(text, from) !== undefined);
  }

  #isMissing(text: string): boolean {
    const outcome = this.#outcomes.get(text);
    if (outcome === undefined) return true;
    const { undecidedAt } = outcome;
    return undecidedAt !== undefined && undecidedAt !== this.#languages.revision;
  }

  #undecided(): Remembered {
    return { undecidedAt: this.#languages.revision };
  }

  async #learn(texts: readonly string[]): Promise<void> {
    const unknown = texts.filter((text) => isTranslatable(text) && this.#scores.get(text) === undefined);
    if (unknown.length === 0) return;
    const scores = (await this.#options.identifier?.identify(unknown)) ?? [];
    for (const [i, text] of unknown.entries()) {
      const ofText = scores[i] ?? {};
      this.#scores.set(text, ofText);
      this.#languages.learn(text, ofText);
    }
  }

  #languageOf(text: string): string | undefined {
    const scores = this.#scores.get(text);
    return scores === undefined ? undefined : this.#languages.decide(text, scores);
  }
}

function splitOutcome({ lines }: TextBlock, translation: string | undefined): readonly (string | undefined)[] {
  if (translation === undefined || lines.length === 1) return [translation];
  return splitLike(
    translation,
    lines.map(({ text }) => text),
  );
}

function withOutcome(line: SeenText, language: string | undefined, translation: string | undefined): SeenText {
  const { language: _, translation: __, ...rest } = line;
  return {
    ...rest,
    ...(language === undefined ? {} : { language }),
    ...(translation === undefined ? {} : { translation }),
  };
}
