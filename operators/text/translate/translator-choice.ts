import type { AdapterPool } from '../../../models/adapters/adapter.js';
import { openTranslator, type Translator } from '../../../models/adapters/translate/translator.js';
import { builtinCatalog } from '../../../models/catalog/load-catalog.js';
import { VitascopeError } from '../../../pipeline/index.js';
import { expectModel, findModel, type ModelFinder } from '../../library-model.js';
import { type EmbeddedTranslator, embeddedTranslators, type Leg, routesTo } from './embedded-translators.js';
import { PivotTranslator } from './pivot-translator.js';
import type { TranslatorChoice } from './sentence-translator.js';
import type { TranslateTextSettings } from './translate-options.js';

const OPERATOR = 'translate-text';

/** What {@link chooseTranslators} goes by. */
export type TranslatorWish = Pick<TranslateTextSettings, 'model' | 'from' | 'to'>;

/**
 * Looks, at once, whether there can be a model for the languages; nothing is opened.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, which says what there is; `OPTION_INVALID` when source and target are one language.
 */
export function expectTranslators({ model, from, to }: TranslatorWish): void {
  if (from === to) {
    throw new VitascopeError('OPTION_INVALID', `${OPERATOR}: from and to must be two languages, got ${to} for both`);
  }
  if (model === undefined) {
    if (routesTo(embeddedTranslators(), from, to).size === 0) throw noTranslator(from, to);
  } else expectModel(OPERATOR, model, 'translate');
}

/**
 * The networks that translate into a language; each is opened once, when a text wants it. The caller disposes what it had opened.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`; `OPTION_INVALID` for a model that has not the languages.
 */
export async function chooseTranslators(
  wish: TranslatorWish,
  pool: AdapterPool,
  library?: ModelFinder,
): Promise<TranslatorChoice> {
  const { model, from, to } = wish;
  if (model === undefined) return embeddedChoice(routesTo(embeddedTranslators(), from, to), pool, library);
  const files = await findModel(OPERATOR, model, 'translate', library);
  const { from: takes = from === 'auto' ? [] : [from], to: gives = [to] } = files.entry.adapter;
  if (translates({ from: takes, to: gives }, from, to)) {
    let opened: Promise<Translator> | undefined;
    const open = (): Promise<Translator> => {
      opened ??= openTranslator(files, pool);
      return opened;
    };
    return { from: takes.filter((source) => source !== to), open };
  }
  throw new VitascopeError(
    'OPTION_INVALID',
    `${OPERATOR}: model ${model} must translate ${from} to ${to}, it translates ${takes.join(', ')} to ${gives.join(', ')}`,
    { context: { operator: OPERATOR, model, from, to } },
  );
}

/** Each network is opened once, whichever languages want it. */
function embeddedChoice(
  routes: ReadonlyMap<string, readonly Leg[]>,
  pool: AdapterPool,
  library: ModelFinder | undefined,
): TranslatorChoice {
  const opened = new Map<string, Promise<Translator>>();
  const network = (id: string): Promise<Translator> => {
    const translator =
      opened.get(id) ?? findModel(OPERATOR, id, 'translate', library).then((files) => openTranslator(files, pool));
    opened.set(id, translator);
    return translator;
  };
  return {
    from: [...routes.keys()],
    open: async (source) => {
      const [first, second] = routes.get(source) ?? [];
      const translator = await network(first?.id ?? source);
      if (first === undefined || second === undefined) return translator;
      try {
        return new PivotTranslator(translator, first.to, await network(second.id));
      } catch (error) {
        await translator[Symbol.asyncDispose]();
        throw error;
      }
    },
  };
}

function translates(
  { from: takes, to: gives }: Pick<EmbeddedTranslator, 'from' | 'to'>,
  from: string,
  to: string,
): boolean {
  return gives.includes(to) && (from === 'auto' ? takes.some((source) => source !== to) : takes.includes(from));
}

function noTranslator(from: string, to: string): VitascopeError {
  const others = builtinCatalog()
    .filter(({ task, adapter }) => task === 'translate' && adapter.to?.includes(to) === true)
    .filter(({ adapter }) => from === 'auto' || adapter.from?.includes(from) === true)
    .map(({ id }) => id);
  const pair = from === 'auto' ? `into ${to}` : `${from} to ${to}`;
  const advice =
    others.length === 0
      ? 'name one of your own: --set translate.model=PATH'
      : `name another (translate.model), such as ${others.slice(0, 4).join(', ')}; \`vitascope models pull ID\` downloads it`;
  return new VitascopeError('MODEL_NOT_FOUND', `${OPERATOR}: no model of the package translates ${pair}; ${advice}`, {
    context: { from, to, models: others },
  });
}
