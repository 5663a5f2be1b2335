import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelLibrary } from '../../models/library/model-library.js';
import type { ModelContract } from '../../models/model-contract.js';
import { inspectModel, type ModelLimits } from '../../models/onnx/inspect-model.js';
import { VitascopeError } from '../../pipeline/index.js';
import { type AddedModelFlags, describeAddedModel } from './added-model.js';
import { describeModel } from './describe-model.js';

/** Flags of `vitascope models add`. */
export interface AddFlags extends AddedModelFlags {
  readonly id: string;
  readonly title?: string;
  readonly licence?: string;
  readonly link?: boolean;
  readonly replace?: boolean;
  readonly allowCustomOps?: boolean;
  readonly json?: boolean;
}

/** Inspects a model, adds it, and prints what became of it. */
export async function addModel(library: ModelLibrary, path: string, flags: AddFlags): Promise<void> {
  const limits: ModelLimits = { allowCustomOps: flags.allowCustomOps === true };
  const { task, family, contract, adapter } = describeAddedModel(flags, await inspectGraphs(path, limits));
  const model = await library.add(path, {
    id: flags.id,
    task,
    family,
    contract,
    adapter,
    limits,
    link: flags.link === true,
    replace: flags.replace === true,
    ...(flags.title !== undefined && { title: flags.title }),
    ...(flags.licence !== undefined && { licence: { code: flags.licence, weights: flags.licence } }),
  });
  if (flags.json === true) {
    process.stdout.write(
      `${JSON.stringify({ ...model.entry, state: model.state, folder: model.folder }, undefined, 2)}\n`,
    );
    return;
  }
  process.stdout.write(`${describeModel(model.entry, model.state, model.folder)}\n`);
}

/** What the graphs say, by their names in the library: a file is `model.onnx`, those of a folder keep their names. */
async function inspectGraphs(path: string, limits: ModelLimits): Promise<ReadonlyMap<string, ModelContract>> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new VitascopeError('MODEL_NOT_FOUND', `models add: there is no file or folder ${path}`);
  if (!found.isDirectory()) return new Map([['model.onnx', await inspectModel(path, limits)]]);
  const graphs = new Map<string, ModelContract>();
  for (const name of (await readdir(path)).sort()) {
    if (name.endsWith('.onnx')) graphs.set(name, await inspectModel(join(path, name), limits));
  }
  if (graphs.size > 0) return graphs;
  throw new VitascopeError('MODEL_NOT_FOUND', `models add: the folder ${path} holds no .onnx file`);
}
