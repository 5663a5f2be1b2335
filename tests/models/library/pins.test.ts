import { readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { tarGzOf } from '../../helpers/archives.js';
import { servers } from '../../helpers/model-server.js';
import { workspace } from '../../helpers/workspace.js';
import { failure } from '../helpers.js';
import { entryWith, libraryIn, noise, realModel, sha256 } from './library-fixtures.js';

const path = workspace();
const start = servers();

describe('a file whose digest nobody publishes', () => {
  const other = noise(2000);

  it('is pinned by its first download, and must be the same later', async () => {
    const server = await start.model();
    const url = server.serve('/v.json', other);
    const library = libraryIn(path('cache'), entryWith([{ name: 'vocab.json', url }]));
    const digest = async () => (await library.list()).find(({ id }) => id === 'tiny')?.digest;
    expect(await digest()).toBe('not pinned yet');
    await library.pull('tiny');
    expect(await digest()).toBe('pinned on first use');
    const pins = JSON.parse(await readFile(path('cache/pins.json'), 'utf8')) as Record<string, unknown>;
    expect(pins).toEqual({
      'tiny@1.0/vocab.json': { sha256: sha256(other), bytes: 2000, url, pinned: expect.any(String) },
    });
    expect((await library.verify(['tiny']))[0]).toMatchObject({ ok: true, files: [{ digest: 'pinned on first use' }] });
    await library.remove('tiny');
    server.serve('/v.json', noise(2000, 5));
    const error = await failure(library.pull('tiny'));
    expect(error).toMatchObject({ code: 'MODEL_HASH', context: { expected: sha256(other) } });
    expect(error.message).toContain(`delete its line in ${path('cache/pins.json')}`);
  });

  it('is pinned inside an archive as well', async () => {
    const server = await start.model();
    const pack = (content: Buffer) => tarGzOf([{ name: 'a/v.json', content }]);
    const url = server.serve('/a.tar.gz', pack(other));
    const file = { name: 'vocab.json', url, archive: { format: 'tar.gz' as const, member: 'v.json' } };
    const library = libraryIn(path('cache'), entryWith([file]));
    await library.pull('tiny');
    server.serve('/a.tar.gz', pack(noise(2000, 5)));
    const error = await failure(library.pull('tiny', { force: true }));
    expect(error).toMatchObject({ code: 'MODEL_HASH' });
    expect((await library.find('tiny')).files[0]?.sha256).toBe(sha256(other));
  });

  it('is not pinned when it is no model', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', noise(2000));
    const library = libraryIn(path('cache'), entryWith([{ name: 'model.onnx', url }]));
    expect(await failure(library.pull('tiny'))).toMatchObject({ code: 'MODEL_INVALID' });
    server.serve('/m.onnx', realModel);
    expect((await library.pull('tiny')).file().sha256).toBe(sha256(realModel));
  });

  it('is not fetched again when a later file of the model fails', async () => {
    const server = await start.model();
    const files = ['a.json', 'b.json'].map((name) => ({ name, url: server.url(`/${name}`) }));
    server.serve('/a.json', other);
    const library = libraryIn(path('cache'), entryWith(files));
    await failure(library.pull('tiny'));
    server.serve('/b.json', noise(1000, 4));
    await library.pull('tiny');
    expect(server.seen.filter((request) => request.path === '/a.json')).toHaveLength(1);
  });
});

describe('pins.json', () => {
  it('that is damaged stops pulls', async () => {
    const server = await start.model();
    const url = server.serve('/v.json', noise(100));
    const library = libraryIn(path('cache'), entryWith([{ name: 'vocab.json', url }]));
    await library.pull('tiny');
    await writeFile(path('cache/pins.json'), '{"tiny');
    const error = await failure(library.pull('tiny', { force: true }));
    expect(error).toMatchObject({ code: 'MODEL_CACHE', context: { path: path('cache/pins.json') } });
    await rm(path('cache/pins.json'));
    expect((await library.pull('tiny', { force: true })).state).toBe('downloaded');
  });

  it('keeps the pins of models that are pulled at the same time', async () => {
    const server = await start.model();
    const ids = ['one', 'two', 'three', 'four'];
    const catalog = ids.map((id, i) =>
      entryWith([{ name: 'v.json', url: server.serve(`/${id}`, noise(50, i)) }], { id }),
    );
    await Promise.all(ids.map((id) => libraryIn(path('cache'), catalog).pull(id)));
    const pins = JSON.parse(await readFile(path('cache/pins.json'), 'utf8')) as Record<string, unknown>;
    expect(Object.keys(pins)).toEqual(['four@1.0/v.json', 'one@1.0/v.json', 'three@1.0/v.json', 'two@1.0/v.json']);
  });
});
