import type { AdapterParameters } from '../catalog/adapter-parameters.js';
import type { CatalogContract } from '../catalog/catalog-entry.js';
import type { InferencePool } from '../inference-pool.js';

/** What adapters need of an inference pool. */
export type AdapterPool = Pick<InferencePool, 'load'>;

/** A model whose files are on this machine, as adapters see it; an `InstalledModel` of the library is one. */
export interface ModelFiles {
  readonly id: string;
  readonly entry: {
    readonly family: string;
    readonly adapter: AdapterParameters;
    /** Tensors by file; without it, those of the file count in their order. */
    readonly contract?: Readonly<Record<string, CatalogContract>> | undefined;
  };
  /** A file of the model by its name in the catalog, `model.onnx` by default. @throws VitascopeError `MODEL_NOT_FOUND` */
  file(name?: string): { readonly path: string; readonly sha256: string | undefined };
}
