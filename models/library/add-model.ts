import { copyFile, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { VitascopeError } from '../../pipeline/errors.js';
import type { AdapterParameters } from '../catalog/adapter-parameters.js';
import { type CatalogContract, MODEL_FILE_NAME, MODEL_ID } from '../catalog/catalog-entry.js';
import {
  familiesOf,
  isModelTask,
  type ModelFamily,
  type ModelTask,
  modelFamilies,
  modelTasks,
} from '../catalog/families.js';
import { inspectModel, type ModelInspection, type ModelLimits } from '../onnx/inspect-model.js';
import { inCache } from './cache-errors.js';
import { sha256Of, syncFolder } from './files.js';
import { type InstalledFile, writeRecord } from './install-record.js';
import type { ModelEntry, ModelLicence } from './model-entry.js';

/** What a person says of a model of their own. */
export interface AddModelOptions {
  /** A new id: lower-case words, digits, dots and hyphens. */
  readonly id: string;
  readonly task: ModelTask;
  /** Which adapter reads it. Default: the only one for the task, or `image-to-image` where that is one of them. */
  readonly family?: ModelFamily;
  /** Default: the id. */
  readonly title?: string;
  /** Default `1`. */
  readonly version?: string;
  /** Default: unknown, commercial use `care`. */
  readonly licence?: Partial<ModelLicence>;
  /** A page about the model. */
  readonly source?: string;
  /** Parameters of the adapter: layout, channels, range, size and so on. Default: none, the adapter's own defaults. */
  readonly adapter?: AdapterParameters;
  /** Tensors by name of the `.onnx` file. Default: as the file tells them. */
  readonly contract?: Readonly<Record<string, CatalogContract>>;
  /** Links to the file in place of a copy; it must then stay where it is. Not for models with weights in other files. Default false. */
  readonly link?: boolean;
  /** Takes the place of a model that was added under the same id. Default false. */
  readonly replace?: boolean;
  /** What the file may be. */
  readonly limits?: ModelLimits;
}

interface SourceFile {
  readonly from: string;
  readonly name: string;
}

/** @throws VitascopeError `OPTION_INVALID` */
export function checkAddOptions(options: AddModelOptions): ModelFamily {
  const { id, task, family } = options;
  if (!MODEL_ID.test(id)) {
    throw invalid('id', `an id must be lower-case words, digits, dots and hyphens, got "${id}"`);
  }
  if (!isModelTask(task)) throw invalid('task', `the task must be one of ${modelTasks.join(', ')}, got "${task}"`);
  const families = familiesOf(task);
  if (family !== undefined) {
    if (families.includes(family)) return family;
    throw invalid('family', `the family for ${task} must be one of ${families.join(', ')}, got "${family}"`);
  }
  const [only, ...more] = families;
  if (only !== undefined && more.length === 0) return only;
  if (families.includes('image-to-image')) return 'image-to-image';
  throw invalid('family', `say which family reads it; for ${task}: ${families.join(', ')}`);
}

/**
 * Copies or links a model into a folder of its own and writes its record.
 *
 * @param path An `.onnx` file, whose weights in other files come along; or a folder with all files that the family needs.
 * @param folder The folder to fill; it must not exist.
 * @throws VitascopeError `OPTION_INVALID`, `MODEL_NOT_FOUND`, `MODEL_INVALID`, `MODEL_CACHE`, `MODEL_CACHE_FULL`.
 */
export async function addModelFiles(
  path: string,
  folder: string,
  family: ModelFamily,
  options: AddModelOptions,
): Promise<void> {
  const sources = await sourceFiles(resolve(path), family, options);
  const inspections = await inspectAll(sources, options);
  const external = [...inspections].flatMap(([{ from, name }, { externalFiles }]) =>
    externalFiles.map((file) => ({ from: join(dirname(from), file), name: file, of: name })),
  );
  if (options.link === true && external.length > 0) {
    throw invalid('link', `${path} keeps weights in ${external.map(({ name }) => name).join(', ')}: it must be copied`);
  }
  const names = new Set(sources.map(({ name }) => name));
  const further = external.filter(({ name }) => !names.has(name) && names.add(name));
  const files: InstalledFile[] = [];
  for (const source of [...sources, ...further]) files.push(await bring(source, folder, options.link === true));
  const contracts = Object.fromEntries(
    [...inspections].map(([{ name }, found]) => [name, options.contract?.[name] ?? contractOf(found)]),
  );
  await writeRecord(folder, entryOf(path, family, contracts, options), files);
  await syncFolder(folder);
}

async function sourceFiles(path: string, family: ModelFamily, { id }: AddModelOptions): Promise<readonly SourceFile[]> {
  const needed: readonly string[] = modelFamilies[family].files;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new VitascopeError('MODEL_NOT_FOUND', `model ${id}: there is no file ${path}`, { context: { id, path } });
  }
  if (!found.isDirectory()) {
    if (needed.length === 1) return [{ from: path, name: needed[0] as string }];
    throw invalid('path', `${family} needs ${needed.join(', ')}: give a folder with them, got the file ${path}`);
  }
  const inside = await readdir(path, { withFileTypes: true });
  const names = inside.filter((item) => !item.isDirectory() && MODEL_FILE_NAME.test(item.name)).map(({ name }) => name);
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length === 0) return names.map((name) => ({ from: join(path, name), name }));
  throw new VitascopeError('MODEL_NOT_FOUND', `model ${id}: ${path} has no ${missing.join(', ')}; ${family} needs it`, {
    context: { id, path, missing },
  });
}

async function inspectAll(
  sources: readonly SourceFile[],
  { limits }: AddModelOptions,
): Promise<Map<SourceFile, ModelInspection>> {
  const inspections = new Map<SourceFile, ModelInspection>();
  for (const source of sources) {
    if (source.name.endsWith('.onnx')) inspections.set(source, await inspectModel(source.from, limits));
  }
  return inspections;
}

async function bring({ from, name }: SourceFile, folder: string, link: boolean): Promise<InstalledFile> {
  const to = join(folder, name);
  await inCache(to, async () => {
    await mkdir(dirname(to), { recursive: true });
    await (link ? symlink(from, to) : copyFile(from, to));
  });
  const { size } = await inCache(to, () => stat(to));
  return { name, bytes: size, sha256: await sha256Of(to), from };
}

function contractOf({ inputs, outputs }: ModelInspection): CatalogContract {
  const copy = (specs: ModelInspection['inputs']): CatalogContract['inputs'] =>
    specs.map(({ name, type, shape }) => ({ name, type, shape: [...shape] }));
  return { inputs: copy(inputs), outputs: copy(outputs) };
}

function entryOf(
  path: string,
  family: ModelFamily,
  contract: Record<string, CatalogContract>,
  { id, task, title, version, licence, source, adapter }: AddModelOptions,
): ModelEntry {
  return {
    id,
    title: title ?? id,
    task,
    family,
    version: version ?? '1',
    licence: { code: 'unknown', weights: 'unknown', commercial: 'care', ...licence },
    source: source ?? resolve(path),
    files: [],
    contract,
    adapter: adapter ?? {},
    facts: `Added from ${basename(path)}.`,
  };
}

function invalid(option: string, why: string): VitascopeError {
  return new VitascopeError('OPTION_INVALID', `adding a model: ${why}`, { context: { option } });
}
