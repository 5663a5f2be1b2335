import { basename } from 'node:path';
import type { ModelFiles } from '../../../../models/adapters/adapter.js';
import type { AdapterParameters } from '../../../../models/catalog/adapter-parameters.js';
import { VitascopeError } from '../../../../pipeline/errors.js';

/** Files of a model under the names that the catalog gives them. */
export function modelFiles(
  family: string,
  paths: Readonly<Record<string, string>>,
  adapter: AdapterParameters = {},
): ModelFiles {
  return {
    id: basename(Object.values(paths)[0] ?? family),
    entry: { family, adapter },
    file: (name = 'model.onnx') => {
      const path = paths[name];
      if (path === undefined) throw new VitascopeError('MODEL_NOT_FOUND', `there is no ${name}`);
      return { path, sha256: undefined };
    },
  };
}
