import { join } from 'node:path';
import { z } from 'zod';
import { adapterParameters } from '../catalog/adapter-parameters.js';
import { modelTasks } from '../catalog/families.js';
import { embeddedFolder } from '../model-source.js';
import { fileBytes, namesIn, readJson } from './files.js';
import type { InstalledFile } from './install-record.js';
import { InstalledModel } from './installed-model.js';

const modelJson = z.object({
  id: z.string(),
  task: z.enum(modelTasks),
  family: z.string().optional(),
  title: z.string().optional(),
  version: z.string().optional(),
  /** SPDX id, where the weights have another licence than the package. */
  weightsLicence: z.string().optional(),
  adapter: adapterParameters.optional(),
  files: z.record(z.string(), z.object({ sha256: z.string().optional() })).optional(),
});

/** The models that ship with the package: folders with a `model.json` that names their task. */
export async function embeddedModels(): Promise<readonly InstalledModel[]> {
  const root = embeddedFolder();
  if (root === undefined) return [];
  const models: InstalledModel[] = [];
  for (const id of await namesIn(root)) {
    const model = await modelInFolder(join(root, id));
    if (model?.id === id) models.push(model);
  }
  return models;
}

/** The model of a folder with a `model.json` such as those of the package have; nothing when there is none that can be read. */
export async function modelInFolder(folder: string): Promise<InstalledModel | undefined> {
  const { success, data } = modelJson.safeParse(await readJson(join(folder, 'model.json')));
  return success ? embeddedFrom(folder, data) : undefined;
}

async function embeddedFrom(folder: string, facts: z.output<typeof modelJson>): Promise<InstalledModel> {
  const files: InstalledFile[] = [];
  for (const name of await namesIn(folder)) {
    const bytes = await fileBytes(join(folder, name));
    if (bytes === undefined || name.endsWith('.md') || name === 'model.json') continue;
    files.push({ name, bytes, sha256: facts.files?.[name]?.sha256 ?? '', from: 'package' });
  }
  const entry = {
    id: facts.id,
    title: facts.title ?? facts.id,
    task: facts.task,
    family: facts.family ?? facts.id,
    version: facts.version ?? 'embedded',
    licence: {
      code: 'MIT',
      weights: facts.weightsLicence ?? 'MIT',
      commercial: 'care' as const,
      note: 'see CARD.md beside the model',
    },
    source: 'https://www.npmjs.com/package/vitascope',
    files: [],
    contract: {},
    adapter: facts.adapter ?? {},
    facts: 'Ships with the package; its CARD.md says how it was made and measured.',
  };
  return new InstalledModel(entry, 'embedded', folder, files);
}
