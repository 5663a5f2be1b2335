import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { CatalogFile } from '../../../models/catalog/catalog-entry.js';
import { tarGzOf, tarOf, zipOf } from '../../helpers/archives.js';
import { type ModelServer, servers } from '../../helpers/model-server.js';
import { workspace } from '../../helpers/workspace.js';
import { failure } from '../helpers.js';
import { entryWith, libraryIn, noise, sha256 } from './library-fixtures.js';

const model = noise(500_000);
const path = workspace();
const start = servers();

const formats = [
  { format: 'zip' as const, pack: zipOf },
  { format: 'tar' as const, pack: tarOf },
  { format: 'tar.gz' as const, pack: tarGzOf },
];

describe.each(formats)('a $format archive', ({ format, pack }) => {
  const file = (url: string, more: Partial<CatalogFile> = {}, member = 'sdk/end2end.onnx'): CatalogFile => ({
    name: 'model.onnx',
    url,
    sha256: sha256(model),
    archive: { format, member },
    ...more,
  });
  const pull = (server: ModelServer, archive: Buffer, more?: Partial<CatalogFile>, member?: string) =>
    libraryIn(path('cache'), entryWith([file(server.serve('/archive', archive), more, member)])).pull('tiny');
  const other = { name: 'sdk/detail.json', content: noise(3000, 2) };
  const good = { name: 'sdk/end2end.onnx', content: model };

  it('gives its member, and does not stay', async () => {
    const server = await start.model();
    const installed = await pull(server, pack([other, good, other]), { bytes: model.length });
    expect(await readFile(installed.file().path)).toEqual(model);
    expect(await readdir(installed.folder)).toEqual(['.vitascope.json', 'model.onnx']);
  });

  it('gives a member by its bare name', async () => {
    const server = await start.model();
    expect((await pull(server, pack([other, good]), {}, 'end2end.onnx')).state).toBe('downloaded');
    const twice = pack([good, { ...good, name: 'other/end2end.onnx' }]);
    server.serve('/archive', twice);
    const entry = entryWith([file(server.url('/archive'), {}, 'end2end.onnx')]);
    const error = await failure(libraryIn(path('b'), entry).pull('tiny'));
    expect(error.message).toContain('holds "sdk/end2end.onnx" and "other/end2end.onnx", both may be "end2end.onnx"');
  });

  it('is fetched once for several members', async () => {
    const server = await start.model();
    const url = server.serve('/archive', pack([good, other]));
    const second = { name: 'detail.json', url, archive: { format, member: 'sdk/detail.json' } };
    const installed = await libraryIn(path('cache'), entryWith([file(url), second])).pull('tiny');
    expect(await readFile(installed.file('detail.json').path)).toEqual(other.content);
    expect(server.seen).toHaveLength(1);
  });

  it('without the member is refused and removed', async () => {
    const server = await start.model();
    expect(await failure(pull(server, pack([other])))).toMatchObject({ code: 'MODEL_INVALID' });
    const left = await readdir(path('cache/downloads'), { recursive: true });
    expect(left.filter((name) => /archive|onnx/.test(name))).toEqual([]);
  });

  it('must have its digest, and so must the member', async () => {
    const server = await start.model();
    const archive = pack([good]);
    const wrongMember = await failure(pull(server, archive, { sha256: '0'.repeat(64) }));
    expect(wrongMember).toMatchObject({ code: 'MODEL_HASH', context: { actual: sha256(model) } });
    const archiveInfo = { format, member: 'sdk/end2end.onnx', sha256: '0'.repeat(64), bytes: archive.length };
    const wrongArchive = await failure(pull(server, archive, { archive: archiveInfo }));
    expect(wrongArchive).toMatchObject({ code: 'MODEL_HASH', context: { actual: sha256(archive) } });
    archiveInfo.sha256 = sha256(archive);
    expect((await pull(server, archive, { archive: archiveInfo })).state).toBe('downloaded');
  });

  it.each(['../../escaped.onnx', '/escaped.onnx', 'sdk/../../escaped.onnx'])(
    'with %s in it is refused',
    async (name) => {
      const server = await start.model();
      const error = await failure(pull(server, pack([{ ...good, name }, good]), {}, 'escaped.onnx'));
      expect(error).toMatchObject({ code: 'MODEL_INVALID' });
      expect(existsSync(path('escaped.onnx'))).toBe(false);
    },
  );

  it('with a link in place of the member is refused', async () => {
    const server = await start.model();
    const link = { ...good, content: Buffer.from('/etc/passwd'), link: true };
    expect((await failure(pull(server, pack([link])))).message).toContain('as a link or folder');
  });

  it('that is a bomb is refused before it goes off', async () => {
    const server = await start.model();
    const zeros = Buffer.alloc(80 << 20);
    const error = await failure(pull(server, pack([{ ...good, content: zeros }]), { bytes: 1000 }));
    expect(error).toMatchObject({ code: 'MODEL_INVALID' });
    expect(existsSync(path('cache/models'))).toBe(false);
    if (format === 'tar') return;
    expect(await failure(pull(server, pack([{ ...good, content: zeros }])))).toMatchObject({ code: 'MODEL_INVALID' });
  });

  it('that lies about the size of its member is refused', async () => {
    const server = await start.model();
    const liar = { ...good, toldBytes: 1000 };
    expect(await failure(pull(server, pack([liar])))).toMatchObject({
      code: expect.stringMatching(/MODEL_INVALID|MODEL_HASH/) as string,
    });
  });

  it('that is cut in the middle is refused', async () => {
    const server = await start.model();
    const archive = pack([good]);
    const error = await failure(pull(server, archive.subarray(0, archive.length / 2)));
    expect(error).toMatchObject({ code: 'MODEL_INVALID' });
    expect(await failure(pull(server, noise(3000)))).toMatchObject({ code: 'MODEL_INVALID' });
  });
});
