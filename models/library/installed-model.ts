import { join } from 'node:path';
import { VitascopeError } from '../../pipeline/errors.js';
import type { InstalledFile } from './install-record.js';
import type { ModelEntry, ModelState } from './model-entry.js';

/** A model whose files are on this machine. */
export class InstalledModel {
  readonly id: string;
  readonly entry: ModelEntry;
  readonly state: Extract<ModelState, 'embedded' | 'downloaded' | 'added'>;
  /** Where its files lie. Nothing but the library writes there. */
  readonly folder: string;
  readonly files: readonly InstalledFile[];

  /** Made by a `ModelLibrary`. */
  constructor(entry: ModelEntry, state: InstalledModel['state'], folder: string, files: readonly InstalledFile[]) {
    this.id = entry.id;
    this.entry = entry;
    this.state = state;
    this.folder = folder;
    this.files = files;
  }

  /**
   * One of its files.
   *
   * @param name Default: `model.onnx`, or the one `.onnx` file that it has.
   * @returns Path, and the digest it had when it was installed, hex; `undefined` for files of the package that have none written down.
   * @throws VitascopeError `MODEL_NOT_FOUND` when the model has no such file.
   */
  file(name?: string): { readonly path: string; readonly sha256: string | undefined } {
    const wanted = name ?? this.#mainFile();
    const found = this.files.find((file) => file.name === wanted);
    if (found !== undefined) return { path: join(this.folder, found.name), sha256: found.sha256 || undefined };
    const names = this.files.map((file) => file.name);
    throw new VitascopeError(
      'MODEL_NOT_FOUND',
      `model ${this.id} has no file "${wanted}"; it has ${names.join(', ') || 'none'}`,
      { context: { id: this.id, file: wanted, files: names } },
    );
  }

  #mainFile(): string {
    const graphs = this.files.map((file) => file.name).filter((name) => name.endsWith('.onnx'));
    return graphs.length === 1 && graphs[0] !== undefined ? graphs[0] : 'model.onnx';
  }
}
