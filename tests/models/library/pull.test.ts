import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { PullProgress } from '../../../models/library/pull-progress.js';
import { servers } from '../../helpers/model-server.js';
import { workspace } from '../../helpers/workspace.js';
import { failure } from '../helpers.js';
import { entryOf, entryWith, libraryIn, noise, sha256, stateOf } from './library-fixtures.js';

const content = noise(300_000);
const path = workspace();
const start = servers();

describe('pulling a model', () => {
  it('downloads it, checks it and puts it in its place', async () => {
    const server = await start.model();
    const library = libraryIn(path('cache'), entryOf(server.serve('/m.onnx', content), content));
    const model = await library.pull('tiny');
    expect(model).toMatchObject({ id: 'tiny', state: 'downloaded' });
    expect(await readFile(model.file().path)).toEqual(content);
    expect(model.file('model.onnx').sha256).toBe(sha256(content));
    expect(await readdir(path('cache'))).toEqual(expect.arrayContaining(['README.txt', 'models']));
    expect(existsSync(path('cache/downloads/tiny'))).toBe(false);
  });

  it('does not ask again for what is here, unless forced', async () => {
    const server = await start.model();
    const library = libraryIn(path('cache'), entryOf(server.serve('/m.onnx', content), content));
    await library.pull('tiny');
    await library.pull('tiny');
    expect(server.seen).toHaveLength(1);
    await library.pull('tiny', { force: true });
    expect(server.seen).toHaveLength(2);
    expect((await library.find('tiny')).state).toBe('downloaded');
  });

  it('tells how far it is', async () => {
    const server = await start.model();
    const library = libraryIn(path('cache'), entryOf(server.serve('/m.onnx', content), content));
    const events: PullProgress[] = [];
    await library.pull('tiny', { onProgress: (event) => events.push(event) });
    expect(events[0]).toEqual({ id: 'tiny', phase: 'downloading', file: 'model.onnx', bytes: 0, totalBytes: 300_000 });
    expect(events.at(-1)).toMatchObject({ phase: 'downloading', bytes: 300_000, totalBytes: 300_000 });
  });

  it('fetches all files of a model', async () => {
    const server = await start.model();
    const files = ['encoder.onnx', 'decoder.onnx', 'vocab.json'].map((name, i) => {
      const part = noise(1000 + i, i + 1);
      return { name, url: server.serve(`/${name}`, part), sha256: sha256(part) };
    });
    const model = await libraryIn(path('cache'), entryWith(files)).pull('tiny');
    expect(sha256(await readFile(model.file('vocab.json').path))).toBe(files[2]?.sha256);
    expect(() => model.file()).toThrow(
      'model tiny has no file "model.onnx"; it has encoder.onnx, decoder.onnx, vocab.json',
    );
  });
});

describe('a connection that is cut', () => {
  it('goes on where it ended, several times', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', content, { cuts: [50_000, 70_000, 80_000], etag: '"one"' });
    const model = await libraryIn(path('cache'), entryOf(url, content), { fetch: server.fetch }).pull('tiny');
    expect(sha256(await readFile(model.file().path))).toBe(sha256(content));
    expect(server.seen.length).toBe(4);
    expect(server.seen[1]).toMatchObject({ ifRange: '"one"' });
    expect(server.seen[1]?.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(server.sent).toBe(content.length);
  });

  it('does not count against the address as long as bytes come', async () => {
    const server = await start.model();
    const cuts = [70_000, 70_000, 70_000, 70_000];
    const url = server.serve('/m.onnx', content, { cuts, etag: '"one"' });
    const library = libraryIn(path('cache'), entryOf(url, content), { fetch: server.fetch, download: { retries: 1 } });
    expect((await library.pull('tiny')).state).toBe('downloaded');
  });

  it('begins anew when the server ignores the range', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', content, { cuts: [50_000], ignoresRange: true });
    const model = await libraryIn(path('cache'), entryOf(url, content), { fetch: server.fetch }).pull('tiny');
    expect(sha256(await readFile(model.file().path))).toBe(sha256(content));
    expect(server.sent).toBe(content.length + 50_000);
  });

  it('is given up when nothing new comes, and the next pull goes on', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', content, { cuts: [50_000, 0, 0, 0], etag: '"one"' });
    const library = libraryIn(path('cache'), entryOf(url, content), { fetch: server.fetch });
    expect(await failure(library.pull('tiny'))).toMatchObject({ code: 'DOWNLOAD_FAILED', context: { url } });
    expect(await stateOf(library)).toBe('partial');
    await library.pull('tiny');
    expect(server.sent).toBe(content.length);
  });

  it('begins anew when the file changed in between', async () => {
    const server = await start.model();
    const changed = noise(300_000, 7);
    server.serve('/m.onnx', content, { cuts: [50_000, 0, 0, 0], etag: '"one"' });
    const library = libraryIn(path('cache'), entryOf(server.url('/m.onnx'), changed), { fetch: server.fetch });
    await failure(library.pull('tiny'));
    server.serve('/m.onnx', changed, { etag: '"two"' });
    const model = await library.pull('tiny');
    expect(sha256(await readFile(model.file().path))).toBe(sha256(changed));
    expect(server.seen.at(-1)).toMatchObject({ ifRange: '"one"' });
  });

  it('throws a part away when a server that ignores If-Range sends the rest of another file', async () => {
    const server = await start.model();
    const changed = noise(300_000, 7);
    server.serve('/m.onnx', content, { cuts: [50_000, 0, 0, 0], etag: '"one"' });
    const library = libraryIn(path('cache'), entryOf(server.url('/m.onnx'), changed), {
      fetch: (url, { headers: { 'if-range': _, ...headers }, ...init }) => server.fetch(url, { ...init, headers }),
    });
    await failure(library.pull('tiny'));
    server.serve('/m.onnx', changed, { etag: '"two"' });
    expect(sha256(await readFile((await library.pull('tiny')).file().path))).toBe(sha256(changed));
  });
});

describe('a server that', () => {
  it.each([
    { lie: 'says too little', lengthError: -1000 },
    { lie: 'says too much', lengthError: 1000 },
  ])('$lie is refused by the size in the catalog', async ({ lengthError }) => {
    const server = await start.model();
    const url = server.serve('/m.onnx', content, { lengthError });
    const error = await failure(libraryIn(path('cache'), entryOf(url, content)).pull('tiny'));
    expect(error).toMatchObject({ code: 'DOWNLOAD_FAILED', context: { url } });
    expect(error.message).toContain(`offers ${300_000 + lengthError} bytes, the file must have 300000`);
    expect(server.seen).toHaveLength(1);
  });

  it('says too little is found out by the digest where no size is known', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', content, { lengthError: -1000 });
    const library = libraryIn(path('cache'), entryWith([{ name: 'model.onnx', url, sha256: sha256(content) }]));
    expect(await failure(library.pull('tiny'))).toMatchObject({ code: 'MODEL_HASH', context: { bytes: 299_000 } });
  });

  it('says too much and ends early is no success', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', content, { lengthError: 1000 });
    const library = libraryIn(path('cache'), entryWith([{ name: 'model.onnx', url, sha256: sha256(content) }]));
    expect(await failure(library.pull('tiny'))).toMatchObject({ code: 'DOWNLOAD_FAILED' });
  });

  it('sends wrong bytes leaves nothing behind', async () => {
    const server = await start.model();
    const wrong = noise(300_000, 3);
    const url = server.serve('/m.onnx', wrong);
    const library = libraryIn(path('cache'), entryOf(url, content));
    expect(await failure(library.pull('tiny'))).toMatchObject({
      code: 'MODEL_HASH',
      context: { url, expected: sha256(content), actual: sha256(wrong) },
    });
    expect(server.seen).toHaveLength(1);
    const left = await readdir(path('cache'), { recursive: true });
    expect(left.filter((name) => /onnx/.test(name))).toEqual([]);
    expect(await stateOf(library)).toBe('available');
  });

  it('does not have the file is asked once', async () => {
    const server = await start.model();
    const url = server.url('/none');
    const error = await failure(libraryIn(path('cache'), entryOf(url, content)).pull('tiny'));
    expect(error).toMatchObject({ code: 'DOWNLOAD_FAILED', context: { url, status: 404 } });
    expect(error.message).toBe(`model tiny: ${url} answered 404: there is no such file`);
    expect(server.seen).toHaveLength(1);
  });

  it('has a problem is asked again', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', content, { statuses: [503, 503] });
    expect((await libraryIn(path('cache'), entryOf(url, content)).pull('tiny')).state).toBe('downloaded');
    expect(server.seen).toHaveLength(3);
  });

  it('drips for ever is given up', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', content, { dripsAfter: 10, etag: '"one"' });
    const library = libraryIn(path('cache'), entryOf(url, content), { download: { retries: 1, stallTimeoutMs: 60 } });
    const error = await failure(library.pull('tiny'));
    expect(error).toMatchObject({ code: 'DOWNLOAD_FAILED' });
    expect(error.message).toContain('stalled: less than a kilobyte came in 0.06 s');
    expect(server.seen).toHaveLength(2);
  });

  it('shows a login page is not taken for the file', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', Buffer.from('<html>'), { type: 'text/html; charset=utf-8' });
    const library = libraryIn(path('cache'), entryWith([{ name: 'model.onnx', url }]));
    expect((await failure(library.pull('tiny'))).message).toContain('sent a web page');
  });

  it('redirects is followed, but not for ever', async () => {
    const server = await start.model();
    server.serve('/real', content);
    const url = server.redirect('/m.onnx', '/real');
    await libraryIn(path('cache'), entryOf(url, content)).pull('tiny');
    const round = server.redirect('/round', '/round');
    const error = await failure(libraryIn(path('other'), entryOf(round, content)).pull('tiny'));
    expect(error.message).toContain('redirects more than 10 times');
  });

  it('redirects from https to http is not followed', async () => {
    const asked: string[] = [];
    const library = libraryIn(path('cache'), entryOf('https://a.test/m.onnx', content), {
      fetch: async (url) => {
        asked.push(url);
        return new Response(null, { status: 302, headers: { location: 'http://a.test/m.onnx' } });
      },
    });
    expect((await failure(library.pull('tiny'))).message).toContain('redirects from https to http://a.test');
    expect(asked).toEqual(['https://a.test/m.onnx']);
  });

  it('is not there at all is named', async () => {
    const server = await start.model();
    const url = server.url('/m.onnx');
    await server.stop();
    const error = await failure(libraryIn(path('cache'), entryOf(url, content)).pull('tiny'));
    expect(error).toMatchObject({ code: 'DOWNLOAD_FAILED' });
    expect(error.message).toContain('ECONNREFUSED');
  });
});

describe('the mirrors of a file', () => {
  it('are tried in order', async () => {
    const server = await start.model();
    const mirrors = [server.serve('/wrong', noise(300_000, 9)), server.serve('/good', content)];
    const file = {
      name: 'model.onnx',
      url: server.url('/none'),
      mirrors,
      bytes: content.length,
      sha256: sha256(content),
    };
    const model = await libraryIn(path('cache'), entryWith([file])).pull('tiny');
    expect(model.files[0]?.from).toBe(mirrors[1]);
    expect(server.seen.map((request) => request.path)).toEqual(['/none', '/wrong', '/good']);
  });

  it('are all named when all fail', async () => {
    const server = await start.model();
    const file = { name: 'model.onnx', url: server.url('/a'), mirrors: [server.url('/b')] };
    const error = await failure(libraryIn(path('cache'), entryWith([file])).pull('tiny'));
    expect(error.message).toContain('/a answered 404');
    expect(error.message).toContain('/b answered 404');
  });

  it('may go on with what another one began', async () => {
    const server = await start.model();
    const url = server.serve('/a', content, { cuts: [50_000, 0, 0, 0] });
    const mirrors = [server.serve('/b', content)];
    const file = { name: 'model.onnx', url, mirrors, bytes: content.length, sha256: sha256(content) };
    await libraryIn(path('cache'), entryWith([file]), { fetch: server.fetch }).pull('tiny');
    expect(server.sent).toBe(content.length);
  });
});

describe('stopping a pull', () => {
  it('leaves a part that the next one goes on with', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', content, { dripsAfter: 100_000, etag: '"one"' });
    const library = libraryIn(path('cache'), entryOf(url, content));
    const controller = new AbortController();
    const onProgress = ({ bytes }: PullProgress): void => {
      if (bytes >= 100_000) controller.abort();
    };
    const pulling = library.pull('tiny', { signal: controller.signal, onProgress });
    expect(await failure(pulling)).toMatchObject({ code: 'ABORTED' });
    server.serve('/m.onnx', content, { etag: '"one"' });
    await library.pull('tiny');
    const from = Number(/\d+/.exec(server.seen.at(-1)?.range ?? '')?.[0]);
    expect(from).toBeGreaterThanOrEqual(100_000);
  });

  it('before it begins asks for nothing', async () => {
    const server = await start.model();
    const library = libraryIn(path('cache'), entryOf(server.serve('/m.onnx', content), content));
    expect(await failure(library.pull('tiny', { signal: AbortSignal.abort() }))).toMatchObject({ code: 'ABORTED' });
    expect(server.seen).toEqual([]);
  });
});
