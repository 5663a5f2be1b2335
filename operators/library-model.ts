import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelFiles } from '../models/adapters/adapter.js';
import { MODEL_ID } from '../models/catalog/catalog-entry.js';
import type { ModelTask } from '../models/catalog/families.js';
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
 * @param task For messages.
 * @throws VitascopeError `MODEL_NOT_FOUND`, which says how to get it.
 */
export function expectModel(id: string, task?: ModelTask): void {
  const { folder, catalog } = librarySettings({});
  const layout = new LibraryLayout(folder);
  if (MODEL_ID.test(id) && (isEmbedded(id) || existsSync(layout.addedOf(id)))) return;
  const entry = catalog.find((known) => known.id === id);
  if (entry === undefined) throw unknownModel(id, catalog, task);
  if (!existsSync(layout.modelOf(entry))) throw notDownloaded(entry, []);
}

/**
 * A model for an operator.
 *
 * @param library Default: the one of the environment.
 * @throws VitascopeError `MODEL_NOT_FOUND`; `MODEL_INVALID` when it is damaged; `OPTION_INVALID` when it is for another task.
 */
export async function findModel(
  operator: string,
  id: string,
  task: ModelTask,
  library?: ModelFinder,
): Promise<ModelFiles> {
  const model = await (library ?? new ModelLibrary()).find(id);
  if (model.entry.task === task) return model;
  throw new VitascopeError(
    'OPTION_INVALID',
    `${operator}: model must be one for ${task}, ${id} is for ${model.entry.task}`,
    { context: { operator, model: id, task: model.entry.task } },
  );
}

function isEmbedded(id: string): boolean {
  const folder = embeddedFolder();
  return folder !== undefined && existsSync(join(folder, id, 'model.json'));
}
