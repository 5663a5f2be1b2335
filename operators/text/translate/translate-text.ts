import { Observable, type OperatorFunction } from 'rxjs';
import type { z } from 'zod';
import { defaultInferencePool } from '../../../models/default-pool.js';
import type { InferencePool } from '../../../models/inference-pool.js';
import { mapOrdered, type OperatorDefinition, type VideoSample } from '../../../pipeline/index.js';
import type { ModelFinder } from '../../library-model.js';
import { parseOptions } from '../../options.js';
import type { TextsMeta } from '../texts-meta.js';
import { readGlossary } from './glossary.js';
import type { LanguageIdentifier } from './language-identifier.js';
import type { TranslatorChoice } from './sentence-translator.js';
import { type TranslateTextSettings, translateTextOptions } from './translate-options.js';
import { TranslationDesk } from './translation-desk.js';
import { expectTranslators } from './translator-choice.js';

/** Options of {@link translateText}: those of graphs, and what programs bring along. */
export interface TranslateTextOptions extends z.input<typeof translateTextOptions> {
  /** Where the models run. Default: the pool that all operators share. It stays the caller's. */
  readonly pool?: Pick<InferencePool, 'load'> | undefined;
  /** Where the models are found. Default: the `ModelLibrary` of the environment. */
  readonly library?: ModelFinder | undefined;
  /** Translates in the place of `model`. What it opens is disposed at the end. */
  readonly translators?: TranslatorChoice | undefined;
  /** Tells languages in the place of the one of the package. It is closed at the end. */
  readonly identifier?: LanguageIdentifier | undefined;
}

/**
 * Translates the texts of pictures: video with `texts` → video with `texts` that have a `language` and, where there is one, a `translation`. Each text is
 * translated once; lines that go on in the next are translated together, and the translation is spread over them again.
 *
 * A glossary comes first, then a list of what stands on signs, then a network. Capitals, numbers and the end of a text survive. What is in an unknown
 * language, or what the network is not sure of, gets no translation.
 *
 * Frames pass as they are, in order. Models are loaded when the first text wants them, and a frame waits for its translations; live (`every: 'auto'`) the
 * first frame waits until they are loaded, and none after it.
 *
 * @throws VitascopeError `OPTION_INVALID`, `MODEL_NOT_FOUND`, `INPUT_NOT_FOUND` (the glossary) at once; the stream fails with `MODEL_INVALID` and with what
 * the inference pool fails with, such as `WORKER_LOST`.
 * @example film.video.pipe(readText(), translateText({ to: 'en' }), paintText())
 */
export function translateText<Meta extends TextsMeta>(
  options: TranslateTextOptions = {},
): OperatorFunction<VideoSample<Meta>, VideoSample<Meta>> {
  const { pool, library, translators, identifier, ...rest } = options;
  const settings = parseOptions('translate-text', translateTextOptions, rest);
  if (translators === undefined && library === undefined) expectTranslators(settings);
  const glossary = settings.glossary === undefined ? undefined : readGlossary(settings.glossary);
  return (source) =>
    new Observable((subscriber) => {
      const desk = new TranslationDesk(settings, {
        glossary,
        library,
        translators,
        identifier,
        pool: pool ?? defaultInferencePool(),
      });
      subscriber.add(() => void desk.close());
      source
        .pipe(mapOrdered((sample) => (settings.every === 'auto' ? desk.take(sample) : desk.serve(sample))))
        .subscribe(subscriber);
    });
}

/** Texts of so many frames tell the language of the scene. */
const WARMUP_FRAMES = 125;

export const translateTextDefinition: OperatorDefinition<TranslateTextSettings> = {
  name: 'translate-text',
  summary: 'Tells the languages of texts that were read and translates them, as data; pictures stay as they are.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: ['texts'],
  provides: [],
  keepsPictures: true,
  options: translateTextOptions,
  demand: () => ({ holds: 2, needs: 1 }),
  warmupFrames: ({ from }) => (from === 'auto' ? WARMUP_FRAMES : 0),
  create: (options) => {
    const operator = translateText(options);
    return ([video]) => [operator(video as Observable<VideoSample<TextsMeta>>)];
  },
};
