import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferencePool } from '../../../models/inference-pool.js';
import { embeddedModelPath } from '../../../models/model-source.js';
import { findModelFolder } from '../../../operators/colorize/model-folder.js';

const manifestPath = embeddedModelPath('colorize-small', 'model.json');

interface Manifest {
  readonly files: Readonly<
    Record<
      string,
      { readonly bytes: number; readonly sha256: string; readonly inputs: object[]; readonly outputs: object[] }
    >
  >;
}

const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as Manifest;
const files = Object.entries(manifest.files);
let folder: string;
let pool: InferencePool;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitascope-colorize-'));
  pool = new InferencePool({ workers: 1 });
});
afterAll(async () => {
  await pool.dispose();
  await rm(folder, { recursive: true });
});

describe('the files of colorize-small', () => {
  it('are those that model.json lists', async () => {
    const present = (await readdir(dirname(manifestPath))).filter((name) => name.endsWith('.onnx')).sort();
    expect(present).toEqual(files.map(([name]) => name).sort());
  });

  it.each(files)('%s has the size and digest that model.json gives', async (name, { bytes, sha256 }) => {
    const path = embeddedModelPath('colorize-small', name);
    expect((await stat(path)).size).toBe(bytes);
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(sha256);
  });

  it.each(files)('%s takes and gives what model.json says, and nothing else', async (name, { inputs, outputs }) => {
    // Loading checks digest, names, types and shapes.
    await using model = await pool.load(findModelFolder('colorize-small').source(name));
    expect(model.inputs).toHaveLength(inputs.length);
    expect(model.outputs).toHaveLength(outputs.length);
  });
});

describe('findModelFolder', () => {
  it('reads an embedded model by its id', () => {
    const { id, temperature, cutThreshold } = findModelFolder('colorize-small');
    expect({ id, temperature, cutThreshold }).toEqual({ id: 'colorize-small', temperature: 0.4, cutThreshold: 0.5 });
  });

  it('reads a folder by its path, and its model.json by its own', async () => {
    await cp(manifestPath, join(folder, 'model.json'));
    expect(findModelFolder(folder).source('model.onnx').path).toBe(join(folder, 'model.onnx'));
    expect(findModelFolder(join(folder, 'model.json')).id).toBe('colorize-small');
  });

  it.each(['no-such-model', '/no/such/folder', './no-such-folder'])('does not find %s', (model) => {
    expect(() => findModelFolder(model)).toThrow(expect.objectContaining({ code: 'MODEL_NOT_FOUND' }));
  });

  it('refuses a model.json that is no JSON, or not one of a colour model', async () => {
    const path = join(folder, 'other.json');
    for (const text of ['{', '{}', JSON.stringify({ ...manifest, task: 'pose' })]) {
      await writeFile(path, text);
      expect(() => findModelFolder(path)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
    }
  });

  it('refuses to give a file that model.json does not list', () => {
    const missing = () => findModelFolder('colorize-small').source('other.onnx');
    expect(missing).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });
});
