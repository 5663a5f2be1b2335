import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { signedUrls } from '../../cli/commands/config-sign.js';
import { parseServerConfig } from '../../config/server/config-file.js';
import { Access } from '../../server/access.js';
import { verify } from '../../streams/rtmp-server/stream-keys.js';
import { startCli } from '../helpers/cli.js';
import { workspace } from '../helpers/workspace.js';

const PUBLISH = 'publish-secret-16';
const PLAY = 'play-secret-16-chars';
const FILE = `
rtmp: { port: 2935 }
routes:
  - path: live/*
    publish: { signed: ${PUBLISH} }
    play: { signed: ${PLAY} }
  - path: live/open
sources: [{ name: yard, url: "rtsp://camera.example/1", play: { signed: ${PLAY} } }]
`;

const { config } = parseServerConfig(FILE, 'v.yaml', {});
const queryOf = (text: string) => Object.fromEntries(new URLSearchParams(text));

describe('vitascope config sign', () => {
  const path = workspace();

  it('prints a query and URLs that the server takes, for as long as it was told', async () => {
    await writeFile(path('v.yaml'), FILE);
    const before = Math.floor(Date.now() / 1000);
    const args = ['config', 'sign', 'live/cam1', '--action', 'publish', '--for', '2h', '--config', path('v.yaml')];
    const { code, stdout } = await startCli(args);
    const [line = '', url] = stdout.split('\n');
    expect(code).toBe(0);
    expect(url).toBe(`rtmp://localhost:2935/live/cam1?${line}`);
    const query = queryOf(line);
    const seconds = Number(query.expires) - before;
    expect(seconds - 7200).toBeGreaterThanOrEqual(0);
    expect(verify(query, { action: 'publish', path: 'live/cam1' }, PUBLISH, Date.now())).toBeUndefined();
  });

  it.each([
    ['a route without a secret', ['live/open'], 'route live/open has no play.signed'],
    ['a path without a route', ['studio/a'], 'no route or source takes studio/a'],
    ['publishing to a source', ['live/yard', '--action', 'publish'], 'yard is a source'],
    ['a time that is none', ['live/cam1', '--for', 'soon'], 'expected something like 90s'],
    ['no time at all', ['live/cam1', '--for', '0h'], 'expected something like 90s'],
  ])('says what is wrong with %s, and ends with 2', async (_, args, message) => {
    await writeFile(path('v.yaml'), FILE);
    const { code, stderr, stdout } = await startCli(['config', 'sign', ...args, '--config', path('v.yaml')]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});

describe('signed URLs', () => {
  const access = new Access({
    config: () => config,
    playOf: (at) => (at === 'live/yard' ? config.sources[0]?.play : undefined),
    refusesPublish: () => undefined,
    secret: 'x',
    now: () => 0,
  });
  const asks = (action: 'publish' | 'play', at: string, query: string) =>
    access.authorize({ action, path: at, query: queryOf(query), ip: '', protocol: 'rtmp' });

  it('let in who has them, with and without .out, and only to what they were signed for', async () => {
    const { query, urls } = signedUrls(config, 'live/cam1.out', 'play', 100);
    expect(urls).toEqual([
      `rtmp://localhost:2935/live/cam1.out?${query}`,
      `http://localhost:8080/live/cam1.flv?${query}`,
      `http://localhost:8080/hls/cam1/index.m3u8?${query}`,
    ]);
    expect(await asks('play', 'live/cam1.out', query)).toMatchObject({ ok: true });
    expect(await asks('play', 'live/cam1', query)).toMatchObject({ ok: true });
    expect(await asks('play', 'live/cam2', query)).toMatchObject({ ok: false });
    expect(await asks('publish', 'live/cam1', query)).toMatchObject({ ok: false });
  });

  it('are there for sources as well', async () => {
    const { query } = signedUrls(config, '/live/yard', 'play', 100);
    expect(await asks('play', 'live/yard.out', query)).toMatchObject({ ok: true });
  });
});
