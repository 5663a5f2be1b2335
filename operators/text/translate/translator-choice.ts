import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AdapterPool, ModelFiles } from '../../../models/adapters/adapter.js';
import { openTranslator, type Translator } from '../../../models/adapters/translate/translator.js';
import { builtinCatalog } from '../../../models/catalog/load-catalog.js';
import { modelInFolder } from '../../../models/library/embedded-models.js';
import { embeddedFolder } from '../../../models/model-source.js';
import { VitascopeError } from '../../../pipeline/index.js';
import { expectModel, findModel, type ModelFinder } from '../../library-model.js';
import type { TranslatorChoice } from './sentence-translator.js';
import type { TranslateTextSettings } from './translate-options.js';

const OPERATOR = 'translate-text';

/** A translator of the package. */
interface EmbeddedTranslator {
  readonly id: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

const embeddedJson = z.object({
  id: z.string(),
  task: z.literal('translate'),
  adapter: z.object({ from: z.array(z.string()), to: z.array(z.string()) }),
});

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
    const fitting = embeddedTranslators().filter((each) => translates(each, from, to));
    if (fitting.length === 0) throw noTranslator(from, to);
  } else if (!isPath(model)) expectModel(model, 'translate');
  else if (!existsSync(join(model, 'model.json'))) {
    throw new VitascopeError('MODEL_NOT_FOUND', `${OPERATOR}: there is no model at ${model}`, {
      context: { path: model },
    });
  }
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
  const opened = new Map<string, Promise<Translator>>();
  const open = (files: ModelFiles): Promise<Translator> => {
    const translator = opened.get(files.id) ?? openTranslator(files, pool);
    opened.set(files.id, translator);
    return translator;
  };
  if (model === undefined) {
    const fitting = embeddedTranslators().filter((each) => translates(each, from, to));
    const idOf = (source: string): string => fitting.find((each) => each.from.includes(source))?.id ?? source;
    return {
      from: [...new Set(fitting.flatMap((each) => each.from))].filter((source) => source !== to),
      open: async (source) => open(await findModel(OPERATOR, idOf(source), 'translate', library)),
    };
  }
  const files = await namedModel(model, library);
  const { from: takes = from === 'auto' ? [] : [from], to: gives = [to] } = files.entry.adapter;
  if (translates({ from: takes, to: gives }, from, to)) {
    return { from: takes.filter((source) => source !== to), open: () => open(files) };
  }
  throw new VitascopeError(
    'OPTION_INVALID',
    `${OPERATOR}: model ${model} must translate ${from} to ${to}, it translates ${takes.join(', ')} to ${gives.join(', ')}`,
    { context: { operator: OPERATOR, model, from, to } },
  );
}

async function namedModel(model: string, library: ModelFinder | undefined): Promise<ModelFiles> {
  if (!isPath(model)) return findModel(OPERATOR, model, 'translate', library);
  const files = await modelInFolder(model);
  if (files?.entry.task === 'translate') return files;
  throw new VitascopeError(
    'MODEL_INVALID',
    `${OPERATOR}: ${join(model, 'model.json')} does not describe a model for translate`,
    { context: { path: model, task: files?.entry.task } },
  );
}

type Languages = Pick<EmbeddedTranslator, 'from' | 'to'>;

function translates({ from: takes, to: gives }: Languages, from: string, to: string): boolean {
  return gives.includes(to) && (from === 'auto' ? takes.some((source) => source !== to) : takes.includes(from));
}

/** Those of one pair come before those of several. */
function embeddedTranslators(): readonly EmbeddedTranslator[] {
  const root = embeddedFolder();
  if (root === undefined) return [];
  const models: EmbeddedTranslator[] = [];
  for (const name of readdirSync(root)) {
    const path = join(root, name, 'model.json');
    if (!name.startsWith('translate-') || !existsSync(path)) continue;
    const { data } = embeddedJson.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (data !== undefined) models.push({ id: data.id, ...data.adapter });
  }
  return models.sort((a, b) => a.from.length + a.to.length - b.from.length - b.to.length);
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

function isPath(model: string): boolean {
  return /[/\\]|\.onnx$/.test(model);
}
