import { describe, expect, it } from 'vitest';
import { addressesOf } from '../../../models/library/mirror.js';
import { ModelLibrary } from '../../../models/library/model-library.js';
import { servers } from '../../helpers/model-server.js';
import { workspace } from '../../helpers/workspace.js';
import { failure } from '../helpers.js';
import { entryOf, entryWith, libraryIn, noise, sha256 } from './library-fixtures.js';

const content = noise(5000);
const path = workspace();
const start = servers();

describe('offline', () => {
  const settings = [
    { by: 'the option', options: { offline: true } },
    { by: 'VITASCOPE_OFFLINE', options: { env: { VITASCOPE_OFFLINE: '1' } } },
  ];

  it.each(settings)('by $by never opens a connection', async ({ options }) => {
    const server = await start.model();
    const entry = entryOf(server.serve('/m.onnx', content), content);
    const error = await failure(libraryIn(path('cache'), entry, options).pull('tiny'));
    expect(error).toMatchObject({ code: 'OFFLINE', context: { id: 'tiny', folder: path('cache') } });
    expect(server.seen).toEqual([]);
  });

  it('finds and pulls what is here', async () => {
    const server = await start.model();
    const entry = entryOf(server.serve('/m.onnx', content), content);
    await libraryIn(path('cache'), entry).pull('tiny');
    const offline = libraryIn(path('cache'), entry, { offline: true });
    expect((await offline.pull('tiny')).state).toBe('downloaded');
    expect((await offline.find('tiny')).state).toBe('downloaded');
  });

  it.each(['', '0', 'false'])('is not meant by VITASCOPE_OFFLINE=%j', (value) => {
    expect(libraryIn(path('cache'), [], { env: { VITASCOPE_OFFLINE: value } }).offline).toBe(false);
  });
});

describe('a mirror', () => {
  it.each([
    ['https://huggingface.co/a/b/model.onnx', 'http://in.house/m/huggingface.co/a/b/model.onnx'],
    ['https://host.test:8443/x.zip?download=1', 'http://in.house/m/host.test:8443/x.zip?download=1'],
  ])('has %s at %s', (url, mirrored) => {
    expect(addressesOf({ url }, 'http://in.house/m')).toEqual([mirrored]);
  });

  it('is asked in place of the file and its mirrors', async () => {
    const server = await start.model();
    server.serve('/base/far.test/m.onnx', content);
    const file = {
      name: 'model.onnx',
      url: 'https://near.test/m.onnx',
      mirrors: ['https://far.test/m.onnx'],
      sha256: sha256(content),
    };
    const env = { VITASCOPE_MODEL_MIRROR: server.url('/base/') };
    const model = await libraryIn(path('cache'), entryWith([file]), { env }).pull('tiny');
    expect(model.files[0]?.from).toBe(server.url('/base/far.test/m.onnx'));
    expect(server.seen.map((request) => request.path)).toEqual(['/base/near.test/m.onnx', '/base/far.test/m.onnx']);
  });

  it.each(['ftp://a.test', 'in.house', 'https://a.test/?x=1'])('cannot be %s', (mirror) => {
    expect(() => new ModelLibrary({ folder: path('cache'), mirror, catalog: [] })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});

describe('a proxy', () => {
  it.each(['HTTP_PROXY', 'http_proxy'])('named by %s is used', async (name) => {
    const server = await start.model();
    server.serve('/m.onnx', content);
    const proxy = await start.proxy(server.host);
    const entry = entryOf('http://models.test/m.onnx', content);
    const model = await libraryIn(path('cache'), entry, { env: { [name]: proxy.url } }).pull('tiny');
    expect(model.state).toBe('downloaded');
    expect(proxy.asked).toEqual(['GET http://models.test/m.onnx']);
  });

  it.each(['HTTPS_PROXY', 'https_proxy'])('named by %s tunnels https', async (name) => {
    const server = await start.model();
    const proxy = await start.proxy(server.host);
    const entry = entryOf('https://models.test/m.onnx', content);
    const options = { env: { [name]: proxy.url }, download: { retries: 0 } };
    expect(await failure(libraryIn(path('cache'), entry, options).pull('tiny'))).toMatchObject({
      code: 'DOWNLOAD_FAILED',
    });
    expect(proxy.asked).toEqual(['CONNECT models.test:443']);
  });

  it('is not used for hosts of NO_PROXY', async () => {
    const server = await start.model();
    const proxy = await start.proxy(server.host);
    const entry = entryOf(server.serve('/m.onnx', content), content);
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: 'a.test,127.0.0.1' };
    expect((await libraryIn(path('cache'), entry, { env }).pull('tiny')).state).toBe('downloaded');
    expect(proxy.asked).toEqual([]);
  });

  it('with a broken address is named', async () => {
    const entry = entryOf('http://models.test/m.onnx', content);
    const library = libraryIn(path('cache'), entry, { env: { HTTPS_PROXY: 'not an address' } });
    expect(await failure(library.pull('tiny'))).toMatchObject({
      code: 'OPTION_INVALID',
      context: { option: 'HTTPS_PROXY' },
    });
  });
});

describe('an injected fetch', () => {
  it('makes all requests', async () => {
    const asked: string[] = [];
    const library = libraryIn(path('cache'), entryOf('https://models.test/m.onnx', content), {
      fetch: async (url) => {
        asked.push(url);
        return new Response(new Uint8Array(content));
      },
    });
    await library.pull('tiny');
    expect(asked).toEqual(['https://models.test/m.onnx']);
  });
});
