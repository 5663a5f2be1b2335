import { join } from 'node:path';
import type { ModelFiles } from '../../../models/adapters/adapter.js';
import type { CatalogEntry } from '../../../models/catalog/catalog-entry.js';
import { findCatalogEntry } from '../../../models/catalog/load-catalog.js';
import { fileBytes } from '../../../models/library/files.js';
import { ModelLibrary } from '../../../models/library/model-library.js';
import type { ModelFinder } from '../../../operators/library-model.js';
import { VitascopeError } from '../../../pipeline/errors.js';

type Found = Awaited<ReturnType<ModelFinder['find']>>;

/** Networks in `weights/public/text` of the shared folder, by the names that they have here: files, and the entry of the catalog that they are like. */
const publicModels: Readonly<
  Record<string, { readonly like: string; readonly files: Readonly<Record<string, string>> }>
> = {
  'ppocr-v3': { like: 'ppocr-det-v4', files: { 'model.onnx': 'ch_PP-OCRv3_det_infer.onnx' } },
  tesseract: { like: 'tesseract-eng', files: { 'model.onnx': 'eng.onnx', 'alphabet.json': 'eng.json' } },
};

/** Titles of what is measured, in tables. */
const titles: Readonly<Record<string, string>> = { 'ppocr-v3': 'PP-OCRv3', tesseract: 'Tesseract (English)' };

/** How a model is called in tables: an id, or the last part of a folder. */
export function modelTitle(model: string): string {
  return titles[model] ?? model.split(/[/\\]/).findLast((part) => part !== '') ?? model;
}

/**
 * Finds models by id in the library of this machine, and `ppocr-v3` and `tesseract` in the shared folder.
 *
 * @param shared Folder that holds `weights/public/text`.
 */
export function textModelFinder(shared: string): ModelFinder {
  const library = new ModelLibrary();
  return {
    find: async (id) => {
      const known = Object.hasOwn(publicModels, id) ? publicModels[id] : undefined;
      return known === undefined
        ? library.find(id)
        : publicModel(id, findCatalogEntry(known.like), known.files, shared);
    },
  };
}

/** Opens a model; or says why it cannot, when it is not on this machine. */
export async function openedOrWhy<Opened>(open: () => Promise<Opened>): Promise<Opened | string> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof VitascopeError && error.code === 'MODEL_NOT_FOUND') return error.message;
    throw error;
  }
}

async function publicModel(
  id: string,
  { family, adapter, task, contract }: CatalogEntry,
  files: Readonly<Record<string, string>>,
  shared: string,
): Promise<Found> {
  const folder = join(shared, 'weights/public/text');
  for (const name of Object.values(files)) {
    if ((await fileBytes(join(folder, name))) === undefined) return missing(`there is no ${join(folder, name)}`);
  }
  const file: ModelFiles['file'] = (name = 'model.onnx') =>
    files[name] === undefined
      ? missing(`${id} has no ${name}`)
      : { path: join(folder, files[name]), sha256: undefined };
  return { id, entry: { family, adapter, task, contract }, file };
}

function missing(message: string): never {
  throw new VitascopeError('MODEL_NOT_FOUND', message);
}
