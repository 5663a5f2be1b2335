import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { modelFamilies } from '../../../models/catalog/families.js';
import { LibraryLayout } from '../../../models/library/library-layout.js';
import { ModelLibrary } from '../../../models/library/model-library.js';
import { embeddedModelPath } from '../../../models/model-source.js';
import { encodeModel } from '../../../models/onnx/model-proto.js';
import { servers } from '../../helpers/model-server.js';
import { workspace } from '../../helpers/workspace.js';
import { failure, fixture } from '../helpers.js';
import { entryOf, entryWith, libraryIn, noise, realModel, sha256, stateOf } from './library-fixtures.js';

const content = noise(5000);
const path = workspace();
const start = servers();

/** In the order in which they are listed. */
const shipped = [
  'colorize-small',
  'foley-small',
  'pose-small',
  'text-detect-small',
  'text-read-latin',
  'translate-en-west',
  'translate-west-en',
];

describe('the folder of models', () => {
  it('is VITASCOPE_MODELS unless another one is given', () => {
    const env = { VITASCOPE_MODELS: path('from-env') };
    expect(new ModelLibrary({ env, catalog: [] }).folder).toBe(path('from-env'));
    expect(new ModelLibrary({ env, catalog: [], folder: path('given') }).folder).toBe(path('given'));
  });

  it('lies in the folder for caches otherwise', () => {
    expect(new ModelLibrary({ env: {}, catalog: [] }).folder).toMatch(/vitascope.*models$/);
  });

  it('is named when it cannot be used', async () => {
    await writeFile(path('file'), '');
    const library = libraryIn(path('file/cache'), entryOf('http://a.test/m.onnx', content));
    expect(await failure(library.pull('tiny'))).toMatchObject({ code: 'MODEL_CACHE' });
  });
});

describe('finding a model', () => {
  it('takes embedded ones from the package', async () => {
    const model = await libraryIn(path('cache'), []).find('colorize-small');
    expect(model).toMatchObject({ state: 'embedded', entry: { task: 'colorize', licence: { commercial: 'care' } } });
    expect(model.file('model.onnx').path).toBe(embeddedModelPath('colorize-small'));
    expect((await libraryIn(path('cache'), []).pull('colorize-small')).state).toBe('embedded');
  });

  it('says how to get one that is not here', async () => {
    const library = libraryIn(path('cache'), entryOf('https://a.test/m.onnx', content));
    const error = await failure(library.find('tiny'));
    expect(error.code).toBe('MODEL_NOT_FOUND');
    expect(error.message).toBe('model tiny is not downloaded; run `vitascope models pull tiny` (5 kB, MIT)');
  });

  it('guesses what was meant', async () => {
    const library = libraryIn(path('cache'), entryOf('https://a.test/m.onnx', content));
    expect((await failure(library.find('tinny'))).message).toBe('there is no model "tinny"; did you mean "tiny"?');
    expect((await failure(library.pull('colorize-smal'))).message).toContain('did you mean "colorize-small"?');
    expect((await failure(library.find('../../etc'))).message).toContain('`vitascope models list` shows all');
  });

  it('says what to do with one that nobody offers', async () => {
    const library = libraryIn(path('cache'), entryWith([]));
    expect((await failure(library.find('tiny'))).message).toContain('nobody offers it as ONNX');
    expect((await failure(library.pull('tiny'))).message).toContain('nobody offers it as ONNX');
  });

  it('notices files that are missing or cut, and pull mends them', async () => {
    const server = await start.model();
    const library = libraryIn(path('cache'), entryOf(server.serve('/m.onnx', content), content));
    await truncate((await library.pull('tiny')).file().path, 100);
    expect(await failure(library.find('tiny'))).toMatchObject({ code: 'MODEL_INVALID' });
    expect(await stateOf(library)).toBe('partial');
    await library.pull('tiny');
    expect(await readFile((await library.find('tiny')).file().path)).toEqual(content);
  });
});

describe('a licence that forbids commercial use', () => {
  it('must be accepted', async () => {
    const server = await start.model();
    const licence = { code: 'MIT', weights: 'CC-BY-NC-4.0', commercial: 'no' } as const;
    const library = libraryIn(path('cache'), entryOf(server.serve('/m.onnx', content), content, { licence }));
    const error = await failure(library.pull('tiny'));
    expect(error).toMatchObject({ code: 'MODEL_LICENCE', context: { weights: 'CC-BY-NC-4.0' } });
    expect(error.message).toContain('--accept-licence');
    expect(server.seen).toEqual([]);
    expect((await failure(library.find('tiny'))).message).toContain('pull tiny --accept-licence`');
    expect((await library.pull('tiny', { acceptLicence: true })).state).toBe('downloaded');
  });
});

describe('listing models', () => {
  it('tells what is here and what could be', async () => {
    const server = await start.model();
    const one = entryOf(server.serve('/m.onnx', content), content, { id: 'one' });
    const two = entryOf('https://a.test/m.onnx', content, { id: 'two', task: 'upscale' });
    const library = libraryIn(path('cache'), [one, two]);
    await library.pull('one');
    const all = await library.list();
    expect(all.map(({ id, state }) => [id, state])).toEqual([
      ...shipped.map((id) => [id, 'embedded']),
      ['one', 'downloaded'],
      ['two', 'available'],
    ]);
    expect(all.at(-1)).toMatchObject({ bytes: 0, download: { bytes: 5000, known: 'exact' }, digest: 'published' });
    expect(all.at(-2)?.bytes).toBeGreaterThan(5000);
    expect((await library.list({ task: 'upscale' })).map(({ id }) => id)).toEqual(['two']);
  });
});

describe('another version of a model', () => {
  it('lies beside the one that is in use, until it is pruned', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', content);
    const old = await libraryIn(path('cache'), entryOf(url, content)).pull('tiny');
    const library = libraryIn(path('cache'), entryOf(url, content, { version: '2.0' }));
    expect((await failure(library.find('tiny'))).message).toContain('(1.0 is here, this release wants 2.0)');
    const fresh = await library.pull('tiny');
    expect(await readFile(old.file().path)).toEqual(content);
    expect(fresh.folder).not.toBe(old.folder);
    const dry = await library.prune({ dryRun: true });
    expect(dry.removed).toMatchObject([{ id: 'tiny', path: old.folder, what: 'outdated' }]);
    expect(existsSync(old.folder)).toBe(true);
    expect(await library.prune()).toEqual(dry);
    expect(existsSync(old.folder)).toBe(false);
    expect((await library.find('tiny')).folder).toBe(fresh.folder);
  });
});

describe('pruning', () => {
  it('removes unfinished downloads, and downloaded models only when told', async () => {
    const server = await start.model();
    const good = entryOf(server.serve('/m.onnx', content), content);
    const broken = entryOf(server.serve('/b.onnx', content, { cuts: [1000, 0, 0, 0] }), content, { id: 'broken' });
    const library = libraryIn(path('cache'), [good, broken], { fetch: server.fetch });
    await library.pull('tiny');
    await failure(library.pull('broken'));
    await library.add(fixture('double').path, { id: 'mine', task: 'stylize' });
    expect((await library.prune()).removed).toMatchObject([{ id: 'broken', what: 'unfinished' }]);
    await mkdir(path('cache/.derived'));
    await writeFile(path('cache/.derived/copy.onnx'), realModel);
    const everything = [{ id: 'tiny', what: 'downloaded' }, { what: 'derived' }];
    expect((await library.prune({ all: true })).removed).toMatchObject(everything);
    expect(existsSync(path('cache/.derived'))).toBe(false);
    expect((await library.list()).map(({ state }) => state)).toEqual([
      ...shipped.map(() => 'embedded'),
      'available',
      'available',
      'added',
    ]);
  });

  it('leaves alone what another process is working on', async () => {
    const server = await start.model();
    let finish = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const library = libraryIn(path('cache'), entryOf(server.serve('/m.onnx', content, { gate }), content));
    let begun = (): void => undefined;
    const downloading = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const pulling = library.pull('tiny', { onProgress: ({ phase }) => phase === 'downloading' && begun() });
    await downloading;
    while ((await stateOf(library)) !== 'partial') await new Promise((resolve) => setImmediate(resolve));
    expect(await library.prune({ all: true })).toMatchObject({ removed: [], busy: ['tiny'] });
    finish();
    expect((await pulling).state).toBe('downloaded');
  });
});

describe('verifying', () => {
  it('hashes what is here', async () => {
    const server = await start.model();
    const library = libraryIn(path('cache'), entryOf(server.serve('/m.onnx', content), content));
    const model = await library.pull('tiny');
    const reports = await library.verify();
    expect(reports.map(({ id, ok }) => [id, ok])).toEqual([...shipped.map((id) => [id, true]), ['tiny', true]]);
    await writeFile(model.file().path, noise(5000, 2));
    expect((await library.verify(['tiny']))[0]).toMatchObject({
      ok: false,
      files: [{ name: 'model.onnx', ok: false, expected: sha256(content), actual: sha256(noise(5000, 2)) }],
    });
    await rm(model.file().path);
    expect((await library.verify(['tiny']))[0]?.files[0]).toMatchObject({ ok: false, actual: undefined });
    expect(await failure(library.verify(['none']))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
});

describe('adding a model', () => {
  const library = () => libraryIn(path('cache'), entryOf('https://a.test/m.onnx', content));

  it('copies it, and tells its tensors', async () => {
    const adapter = { channels: 'RGB' as const, range: [0, 255] as [number, number] };
    const model = await library().add(fixture('double').path, { id: 'mine', task: 'stylize', adapter });
    expect(model).toMatchObject({ id: 'mine', state: 'added', entry: { family: 'image-to-image', adapter } });
    expect(model.entry.contract['model.onnx']?.inputs[0]).toMatchObject({ name: 'x', type: 'float32' });
    expect(await readFile(model.file().path)).toEqual(realModel);
    expect(await stateOf(library(), 'mine')).toBe('added');
    expect((await library().verify(['mine']))[0]).toMatchObject({ ok: true, files: [{ digest: 'as added' }] });
  });

  it('may link to it, and notices when it changed', async () => {
    await writeFile(path('own.onnx'), realModel);
    const model = await library().add(path('own.onnx'), { id: 'mine', task: 'stylize', link: true });
    await copyFile(fixture('add').path, path('own.onnx'));
    expect((await library().verify(['mine']))[0]?.ok).toBe(false);
    await library().remove('mine');
    expect(existsSync(path('own.onnx'))).toBe(true);
    expect(existsSync(model.folder)).toBe(false);
  });

  it('brings weights in other files along, which cannot be linked', async () => {
    const externalData = [{ key: 'location', value: 'own.data' }];
    const weights = { name: 'w', dims: [4], dataType: 1, dataLocation: 1, externalData };
    const output = { name: 'y', type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'n' }] } } } };
    const opsetImport = [{ domain: '', version: 18 }];
    await writeFile(
      path('own.onnx'),
      encodeModel({ irVersion: 8, opsetImport, graph: { output: [output], initializer: [weights] } }),
    );
    await writeFile(path('own.data'), noise(16));
    const options = { id: 'mine', task: 'stylize' } as const;
    expect((await failure(library().add(path('own.onnx'), { ...options, link: true }))).message).toContain(
      'must be copied',
    );
    const model = await library().add(path('own.onnx'), options);
    expect(model.files.map(({ name }) => name)).toEqual(['model.onnx', 'own.data']);
    expect(await readFile(model.file('own.data').path)).toEqual(noise(16));
  });

  it('takes a folder for families with several files', async () => {
    await mkdir(path('opus'));
    await copyFile(fixture('double').path, path('opus/encoder.onnx'));
    await copyFile(fixture('add').path, path('opus/decoder.onnx'));
    const adding = () => library().add(path('opus'), { id: 'my-opus', task: 'translate' });
    const others = modelFamilies.seq2seq.files.filter((name) => !name.endsWith('.onnx'));
    expect((await failure(adding())).message).toContain(`has no ${others.join(', ')}; seq2seq needs it`);
    for (const name of others) await writeFile(path(`opus/${name}`), '{}');
    expect((await adding()).files.map(({ name }) => name).sort()).toEqual([...modelFamilies.seq2seq.files].sort());
  });

  it.each(['colorize-small', 'tiny', 'Mine', '../mine', ''])('refuses the id "%s"', async (id) => {
    const error = await failure(library().add(fixture('double').path, { id, task: 'stylize' }));
    expect(error).toMatchObject({ code: 'OPTION_INVALID', context: { option: 'id' } });
  });

  it('replaces an added one only when told', async () => {
    const options = { id: 'mine', task: 'stylize' } as const;
    await library().add(fixture('double').path, options);
    expect(await failure(library().add(fixture('add').path, options))).toMatchObject({ code: 'OPTION_INVALID' });
    const model = await library().add(fixture('add').path, { ...options, replace: true });
    expect(await readFile(model.file().path)).toEqual(await readFile(fixture('add').path));
  });

  it('asks for the family where the task has several', async () => {
    const adding = library().add(fixture('double').path, { id: 'mine', task: 'pose' });
    expect((await failure(adding)).message).toContain('say which family reads it; for pose: posenet');
  });

  it('refuses what is no model, and leaves nothing', async () => {
    await writeFile(path('bad.onnx'), content);
    const adding = library().add(path('bad.onnx'), { id: 'mine', task: 'stylize' });
    expect(await failure(adding)).toMatchObject({ code: 'MODEL_INVALID' });
    expect(await failure(library().add(path('none.onnx'), { id: 'mine', task: 'stylize' }))).toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
    expect((await library().list()).some(({ id }) => id === 'mine')).toBe(false);
  });
});

describe('removing a model', () => {
  it('frees its bytes', async () => {
    const server = await start.model();
    const library = libraryIn(path('cache'), entryOf(server.serve('/m.onnx', content), content));
    await library.pull('tiny');
    expect(await library.remove('tiny')).toBeGreaterThan(5000);
    expect(await stateOf(library)).toBe('available');
    expect(await failure(library.remove('tiny'))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(await failure(library.remove('colorize-small'))).toMatchObject({ code: 'OPTION_INVALID' });
  });
});

describe('a full disk', () => {
  it('is noticed before anything is asked for', async () => {
    const server = await start.model();
    const freeBytes = async () => 4999;
    const library = libraryIn(path('cache'), entryOf(server.serve('/m.onnx', content), content), { freeBytes });
    const error = await failure(library.pull('tiny'));
    expect(error).toMatchObject({ code: 'MODEL_CACHE_FULL', context: { needed: 5000, free: 4999 } });
    expect(server.seen).toEqual([]);
  });

  it('is noticed when the server tells the size', async () => {
    const server = await start.model();
    const file = { name: 'model.onnx', url: server.serve('/m.onnx', content), sha256: sha256(content) };
    const library = libraryIn(path('cache'), entryWith([file]), { freeBytes: async () => 4999 });
    expect(await failure(library.pull('tiny'))).toMatchObject({ code: 'MODEL_CACHE_FULL' });
    expect(server.seen).toHaveLength(1);
  });

  it.skipIf(!existsSync('/dev/full'))('in the middle of a download is named', async () => {
    const server = await start.model();
    const entry = entryOf(server.serve('/m.onnx', content), content);
    const folder = new LibraryLayout(path('cache')).downloadOf(entry);
    await mkdir(folder, { recursive: true });
    await symlink('/dev/full', `${folder}/model.onnx.part`);
    const error = await failure(libraryIn(path('cache'), entry).pull('tiny'));
    expect(error).toMatchObject({ code: 'MODEL_CACHE_FULL', cause: { code: 'ENOSPC' } });
    expect(server.seen).toHaveLength(1);
  });
});
