import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelFiles } from '../models/adapters/adapter.js';
import { MODEL_ID } from '../models/catalog/catalog-entry.js';
import type { ModelTask } from '../models/catalog/families.js';
import { modelInFolder } from '../models/library/embedded-models.js';
import type { InstalledModel } from '../models/library/installed-model.js';
import { LibraryLayout } from '../models/library/library-layout.js';
import { librarySettings } from '../models/library/library-settings.js';
import { notDownloaded, unknownModel } from '../models/library/missing-model.js';
import type { ModelEntry } from '../models/library/model-entry.js';
import { ModelLibrary } from '../models/library/model-library.js';
import { embeddedFolder } from '../models/model-source.js';
import { VitascopeError } from '../pipeline/index.js';

/** What operators need of a model library. */
export interface ModelFinder {
  find(id: string): Promise<ModelFiles & { readonly entry: Pick<ModelEntry, 'task'> }>;
}

/**
 * Looks, at once, whether a model can be on this machine, so that a graph with a missing one is refused before it runs. Nothing is opened:
 * {@link findModel} still may find it damaged.
 *
 * @param model Id, or path of a folder with a `model.json`.
 * @param task For messages.
 * @throws VitascopeError `MODEL_NOT_FOUND`, which says how to get it; `OPTION_INVALID` for the path of a file.
 */
export function expectModel(operator: string, model: string, task: ModelTask): void {
  if (isPath(model)) expectFolder(operator, model);
  else expectInLibrary(model, task);
}

/**
 * A model for an operator.
 *
 * @param model Id, or path of a folder with a `model.json`.
 * @param library Where ids are looked for. Default: the one of the environment.
 * @throws VitascopeError `MODEL_NOT_FOUND`; `MODEL_INVALID` when it is damaged; `OPTION_INVALID` when it is for another task.
 */
export async function findModel(
  operator: string,
  model: string,
  task: ModelTask,
  library?: ModelFinder,
): Promise<ModelFiles> {
  const found = isPath(model) ? await inFolder(operator, model) : await (library ?? new ModelLibrary()).find(model);
  if (found.entry.task === task) return found;
  throw new VitascopeError(
    'OPTION_INVALID',
    `${operator}: model must be one for ${task}, ${model} is for ${found.entry.task}`,
    { context: { operator, model, task: found.entry.task } },
  );
}

function isPath(model: string): boolean {
  return /[/\\]|\.onnx$/.test(model);
}

function expectFolder(operator: string, path: string): void {
  if (path.endsWith('.onnx')) {
    throw new VitascopeError(
      'OPTION_INVALID',
      `${operator}: model must be the id of a model or a folder, got ${path}; add a file with \`vitascope models add FILE --id ID --like OTHER\``,
      { context: { operator, model: path } },
    );
  }
  if (existsSync(join(path, 'model.json'))) return;
  throw new VitascopeError('MODEL_NOT_FOUND', `${operator}: there is no model at ${path}`, { context: { path } });
}

async function inFolder(operator: string, path: string): Promise<InstalledModel> {
  const found = await modelInFolder(path);
  if (found !== undefined) return found;
  throw new VitascopeError('MODEL_INVALID', `${operator}: ${join(path, 'model.json')} does not describe a model`, {
    context: { path },
  });
}

function expectInLibrary(id: string, task: ModelTask): void {
  const { folder, catalog } = librarySettings({});
  const layout = new LibraryLayout(folder);
  if (MODEL_ID.test(id) && (isEmbedded(id) || existsSync(layout.addedOf(id)))) return;
  const entry = catalog.find((known) => known.id === id);
  if (entry === undefined) throw unknownModel(id, catalog, task);
  if (!existsSync(layout.modelOf(entry))) throw notDownloaded(entry, []);
}

function isEmbedded(id: string): boolean {
  const folder = embeddedFolder();
  return folder !== undefined && existsSync(join(folder, id, 'model.json'));
}
