import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { MediaServer } from '../../../server/media-server.js';
import { sign } from '../../../streams/rtmp-server/stream-keys.js';
import { look } from '../../fixtures/look.js';
import {
  cameraClip,
  eventually,
  FlvPlayer,
  isGone,
  serveMedia,
  streamWhen,
  TestPublisher,
  testConfig,
} from '../../helpers/media-server.js';
import { workspace } from '../../helpers/workspace.js';

const servers: MediaServer[] = [];
const publishers: TestPublisher[] = [];
afterEach(async () => {
  await Promise.all(publishers.splice(0).map((publisher) => publisher.stop()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
}, 90_000);

async function serve(yaml: string): Promise<MediaServer> {
  const server = await serveMedia(yaml);
  servers.push(server);
  return server;
}
async function publish(server: MediaServer, path: string): Promise<TestPublisher> {
  const publisher = await TestPublisher.start(server, path);
  publishers.push(publisher);
  return publisher;
}
const http = (server: MediaServer, path: string, init?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.ports.http}${path}`, init);
const runs = { state: 'running' } as const;
const hasMedia = ({ outputs }: { outputs: readonly { bytesOut: number }[] }): boolean =>
  (outputs[0]?.bytesOut ?? 0) > 10_000;

describe('the end of the server', () => {
  const path = workspace();

  it('leaves no process, ends playlists and files', async () => {
    const server = await serve(`
routes:
  - path: live/*
    graph: transcode
    outputs: { record: { enabled: true, folder: ${JSON.stringify(path('recordings'))} } }
`);
    await publish(server, 'live/cam1');
    const { pid } = await streamWhen(
      server,
      'cam1',
      ({ metrics, outputs }) => metrics !== null && hasMedia({ outputs }),
    );
    const hls = server.streams.hls('cam1');
    await eventually(
      async () => (await hls?.handle({ path: 'main/media.m3u8' }))?.body.toString() ?? '',
      (text) => text.includes('#EXTINF'),
    );
    const player = new FlvPlayer(`http://127.0.0.1:${server.ports.http}/live/cam1.flv`);
    await eventually(
      () => player.tags.length,
      (length) => length > 10,
    );
    await streamWhen(server, 'cam1', ({ outputs }) => (outputs.at(-1)?.bytesOut ?? 0) > 0);
    expect(server.streams.list()[0]?.outputs.at(-1)).toMatchObject({ kind: 'record', state: 'open' });
    const [ended] = await Promise.all([server.close(), server.close()]);
    expect(ended).toBeUndefined();
    expect(isGone(pid)).toBe(true);
    expect((await hls?.handle({ path: 'main/media.m3u8' }))?.body.toString()).toMatch(/#EXT-X-ENDLIST\n$/);
    await eventually(
      () => player.ended,
      (isEnded) => isEnded,
    );
    await expect(http(server, '/healthz')).rejects.toThrow();

    const files = await readdir(path('recordings/cam1'));
    expect(files).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.mkv$/)]);
    const { streams } = look(path(`recordings/cam1/${files[0]}`));
    expect(streams.map(({ codec }) => codec)).toEqual(['h264', 'aac']);
    expect(streams[0]?.frames.length).toBeGreaterThan(20);
  }, 150_000);
});

describe('a publisher that does not come back', () => {
  it('ends its stream, whose HLS can still be watched to its end', async () => {
    const server = await serve(`
routes: [{ path: live/*, graph: copy }]
supervisor: { heartbeatMs: 200, hangMs: 2000, awayMs: 500, holdPictureMs: 200 }
`);
    const publisher = await publish(server, 'live/cam1');
    const { pid } = await streamWhen(server, 'cam1', hasMedia);
    await eventually(
      async () => await (await http(server, '/hls/cam1/main/media.m3u8')).text(),
      (text) => text.includes('#EXTINF'),
    );
    await publisher.stop();
    await eventually(
      () => server.streams.list(),
      (all) => all.length === 0,
    );
    expect(isGone(pid)).toBe(true);
    const playlist = await (await http(server, '/hls/cam1/main/media.m3u8')).text();
    expect(playlist).toMatch(/#EXT-X-ENDLIST\n$/);
    const [, uri] = /^(\S+\.m4s)$/m.exec(playlist) ?? [];
    expect((await http(server, `/hls/cam1/main/${uri}`)).status).toBe(200);

    await publish(server, 'live/cam1');
    await streamWhen(server, 'cam1', hasMedia);
    await eventually(
      async () => await (await http(server, '/hls/cam1/main/media.m3u8')).text(),
      (text) => !text.includes('ENDLIST'),
    );
  }, 150_000);
});

describe('a change of the configuration', () => {
  it('concerns no streams but those it names', async () => {
    const routes = (crf: string): string => `
routes:
  - { path: live/*, graph: copy }
  - { path: made/*, graph: transcode, encoder: { options: { crf: "${crf}" } } }
`;
    const server = await serve(routes('30'));
    await publish(server, 'live/cam1');
    await publish(server, 'made/cam2');
    const kept = await streamWhen(server, 'cam1', hasMedia);
    const changed = await streamWhen(server, 'cam2', hasMedia);
    const player = new FlvPlayer(`http://127.0.0.1:${server.ports.http}/live/cam1.flv`);
    await eventually(
      () => player.tags.length,
      (length) => length > 10,
    );

    expect(await server.reload(testConfig(routes('35')))).toEqual([]);

    const again = await streamWhen(server, 'cam2', (view) => view.pid !== changed.pid && hasMedia(view));
    expect(again).toMatchObject({ ...runs, restarts: 0 });
    expect(isGone(changed.pid)).toBe(true);
    expect(server.streams.list().find(({ name }) => name === 'cam1')).toMatchObject({ ...runs, pid: kept.pid });
    expect(player.ended).toBe(false);
    player.stop();
  }, 150_000);

  it('starts and ends sources, and changes keys of new viewers', async () => {
    const url = JSON.stringify(`file://${await cameraClip()}`);
    const server = await serve(`
routes: []
sources: [{ name: yard, url: ${url}, graph: copy }]
`);
    const { pid } = await streamWhen(server, 'yard', hasMedia);
    expect((await http(server, '/hls/yard/index.m3u8')).status).toBe(200);

    await server.reload(
      testConfig(`
routes: []
sources:
  - { name: yard, url: ${url}, graph: copy, play: { key: watchme } }
  - { name: gate, url: ${url}, graph: copy }
`),
    );
    await streamWhen(server, 'gate', hasMedia);
    expect(server.streams.list().find(({ name }) => name === 'yard')?.pid).toBe(pid);
    expect((await http(server, '/hls/yard/index.m3u8')).status).toBe(403);
    expect((await http(server, '/hls/yard/index.m3u8?key=watchme')).status).toBe(200);

    await server.reload(testConfig('routes: []\nsources: []'));
    expect(server.streams.list()).toEqual([]);
    expect(isGone(pid)).toBe(true);
  }, 150_000);

  it('that takes a route away ends its streams, and hangs up on their publishers', async () => {
    const server = await serve('routes: [{ path: live/*, graph: copy }]');
    const publisher = await publish(server, 'live/cam1');
    await streamWhen(server, 'cam1', hasMedia);
    await server.reload(testConfig('routes: [{ path: other/*, graph: copy }]'));
    expect(server.streams.list()).toEqual([]);
    expect(
      await eventually(
        () => publisher.troubles,
        (all) => all.length > 1,
      ),
    ).toEqual(expect.arrayContaining([expect.stringContaining('no route for')]));
  }, 150_000);

  it('that cannot be applied changes nothing', async () => {
    const server = await serve('routes: [{ path: live/*, graph: copy }]');
    await expect(server.reload(testConfig('routes: [{ path: live/*, graph: nothing }]'))).rejects.toMatchObject({
      code: 'GRAPH_NOT_FOUND',
    });
    await publish(server, 'live/cam1');
    expect(await streamWhen(server, 'cam1', hasMedia)).toMatchObject({ graph: 'copy' });
  }, 150_000);

  it('says what applies only after a restart', async () => {
    const server = await serve('routes: []');
    const changed = testConfig(
      'routes: []\nrtmp: { port: 1 }\nhttp: { port: 2, host: "127.0.0.2" }\nlimits: { streams: 3, players: 7 }',
    );
    expect(await server.reload(changed)).toEqual(['rtmp.port', 'http.host', 'http.port', 'limits.streams']);
    expect((await http(server, '/healthz')).status).toBe(200);
  });
});

describe('callers of the API', () => {
  it('start and end sources', async () => {
    const server = await serve('pull: { allowPrivate: true }\nroutes: [{ path: live/*, graph: copy }]');
    await publish(server, 'live/cam1');
    await streamWhen(server, 'cam1', hasMedia);
    const url = `http://127.0.0.1:${server.ports.http}/live/cam1.flv`;
    const body = JSON.stringify({ name: 'again', url, graph: 'copy' });
    const headers = { 'content-type': 'application/json' };
    expect((await http(server, '/api/sources', { method: 'POST', body, headers })).status).toBe(201);
    expect((await http(server, '/api/sources', { method: 'POST', body, headers })).status).toBe(409);
    const { pid } = await streamWhen(server, 'again', hasMedia);
    expect((await http(server, '/api/sources/cam1', { method: 'DELETE' })).status).toBe(404);
    expect((await http(server, '/api/sources/again', { method: 'DELETE' })).status).toBe(204);
    expect(isGone(pid)).toBe(true);
  }, 150_000);

  it('change options while a stream runs, and processes that follow have them too', async () => {
    const server = await serve('routes: [{ path: live/*, graph: colorize, options: ["colorize.every=5"] }]');
    await publish(server, 'live/cam1');
    const { pid } = await streamWhen(server, 'cam1', hasMedia);
    const change = (option: string): Promise<Response> =>
      http(server, '/api/streams/cam1/options', {
        method: 'PATCH',
        body: JSON.stringify({ options: [option] }),
        headers: { 'content-type': 'application/json' },
      });
    expect((await change('colorize.strength=7')).status).toBe(400);
    expect((await change('colorize.nothing=1')).status).toBe(400);
    expect((await change('colorize.strength=0.25')).status).toBe(200);
    const view = await streamWhen(server, 'cam1', hasMedia);
    expect(view).toMatchObject({ pid, restarts: 0, options: { colorize: { strength: 0.25, every: 5 } } });
    process.kill(pid as number, 'SIGKILL');
    await streamWhen(
      server,
      'cam1',
      ({ restarts, state, metrics }) => restarts === 1 && state === 'running' && metrics !== null,
    );
    expect(server.streams.list()[0]).toMatchObject({ options: { colorize: { strength: 0.25 } } });
  }, 150_000);
});

describe('signed URLs', () => {
  it('let publishers in until they expire', async () => {
    const secret = '0123456789abcdef0123';
    const server = await serve(`routes: [{ path: live/*, graph: copy, publish: { signed: ${secret} } }]`);
    const query = (expires: number): string => sign({ action: 'publish', path: 'live/cam1', expires }, secret);
    const late = await publish(server, `live/cam1?${query(1_000)}`);
    expect(
      (
        await eventually(
          () => late.troubles,
          (all) => all.length > 0,
        )
      )[0],
    ).toContain('the signed URL has expired');
    await publish(server, `live/cam1?${query(Math.ceil(Date.now() / 1000) + 600)}`);
    await streamWhen(server, 'cam1', hasMedia);
  }, 150_000);
});
