import type { AdapterPool } from '../../../models/adapters/adapter.js';
import { attach, reportCadence, reportModelMs, type VideoSample } from '../../../pipeline/index.js';
import type { ModelFinder } from '../../library-model.js';
import { ModelClock } from '../../model-clock.js';
import type { TextsMeta } from '../texts-meta.js';
import type { Glossary } from './glossary.js';
import { type LanguageIdentifier, sharedLanguageIdentifier } from './language-identifier.js';
import { SceneTranslator } from './scene-translator.js';
import { SentenceTranslator, type TranslatorChoice } from './sentence-translator.js';
import { TextTranslator } from './text-translator.js';
import type { TranslateTextSettings } from './translate-options.js';
import { chooseTranslators } from './translator-choice.js';

/** Neighbours of the languages that are translated: whoever does not know Italian takes it for Spanish. */
const KNOWN_LANGUAGES = ['en', 'fr', 'es', 'de', 'it', 'pt', 'nl'];

/** What the desk works with. */
export interface DeskTools {
  readonly pool: AdapterPool;
  readonly glossary?: Glossary | undefined;
  readonly library?: ModelFinder | undefined;
  readonly translators?: TranslatorChoice | undefined;
  readonly identifier?: LanguageIdentifier | undefined;
}

/** Where the frames of one run get their translations. Before the first text comes nothing is loaded but what tells languages, as it takes long; and, where frames do not wait, the first network, for which the first frame does wait. */
export class TranslationDesk {
  readonly #settings: TranslateTextSettings;
  readonly #tools: DeskTools;
  readonly #clock = new ModelClock();
  readonly #identifier: LanguageIdentifier | undefined;
  #sentences: SentenceTranslator | undefined;
  #opening: Promise<SceneTranslator> | undefined;
  #scene: SceneTranslator | undefined;
  #isBusy = false;
  #prepared: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(settings: TranslateTextSettings, tools: DeskTools) {
    this.#settings = settings;
    this.#tools = tools;
    if (settings.from === 'auto') {
      this.#identifier = tools.identifier ?? sharedLanguageIdentifier(languagesFor(settings.to));
    }
  }

  /** Attaches the translations of all texts of a frame. The sample stays the caller's. @throws what models throw. */
  async serve<Meta extends TextsMeta>(sample: VideoSample<Meta>): Promise<VideoSample<Meta>> {
    const { texts } = sample.meta;
    if (texts.length === 0) return sample;
    const scene = await this.#open();
    const missing = scene.missing(texts);
    if (missing.length > 0) {
      const { modelMs } = await this.#clock.measure(() => scene.translateAll(texts));
      reportModelMs(sample, modelMs);
    }
    reportCadence(sample, missing.length > 0);
    return attach(sample, { texts: scene.attach(texts) });
  }

  /** Attaches those that are known, and has the others translated meanwhile. @throws what models threw since the frame before. */
  async take<Meta extends TextsMeta>(sample: VideoSample<Meta>): Promise<VideoSample<Meta>> {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#prepared ??= this.#prepare();
    await this.#prepared;
    const { texts } = sample.meta;
    if (texts.length > 0 && !this.#isBusy) {
      const missing = this.#scene?.missing(texts) ?? texts.map(({ text }) => text);
      if (missing.length > 0) void this.#translateMeanwhile(texts);
      reportCadence(sample, missing.length > 0);
    }
    return attach(sample, { texts: this.#scene?.attach(texts) ?? texts });
  }

  /** Runs that were asked for before still end. Never rejects: whoever waited has been told. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    await this.#sentences?.[Symbol.asyncDispose]().catch(() => undefined);
    await this.#identifier?.close().catch(() => undefined);
  }

  /** What cannot be opened is told of where a text wants it. */
  async #prepare(): Promise<void> {
    const scene = await this.#open().catch(() => undefined);
    if (scene !== undefined)
      await Promise.all([this.#sentences?.prepare(), this.#identifier?.identify([]).catch(() => undefined)]);
  }

  async #translateMeanwhile(texts: TextsMeta['texts']): Promise<void> {
    this.#isBusy = true;
    try {
      const scene = await this.#open();
      await scene.translateAll(texts);
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#isBusy = false;
    }
  }

  #open(): Promise<SceneTranslator> {
    this.#opening ??= this.#makeScene();
    return this.#opening;
  }

  async #makeScene(): Promise<SceneTranslator> {
    const { to, from, beams, signs, minScore } = this.#settings;
    const { pool, library, translators, glossary } = this.#tools;
    const choice = translators ?? (await chooseTranslators(this.#settings, this.#clock.timed(pool), library));
    this.#sentences = new SentenceTranslator(choice, { to, beams });
    const translator = new TextTranslator({ to, sentences: this.#sentences, glossary, signs, minScore });
    const language = from === 'auto' ? undefined : from;
    this.#scene = new SceneTranslator({ translator, from: language, identifier: this.#identifier });
    return this.#scene;
  }
}

function languagesFor(to: string): readonly string[] {
  return KNOWN_LANGUAGES.includes(to) ? KNOWN_LANGUAGES : [...KNOWN_LANGUAGES, to];
}
