import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { StreamView } from '../../server/http/stream-registry.js';
import { type CliRun, startCli } from '../helpers/cli.js';
import { cameraClip, eventually, isGone } from '../helpers/media-server.js';
import { workspace } from '../helpers/workspace.js';

/** A server that says where it is, and how it ends. */
async function serve(
  ...args: string[]
): Promise<{ url: string; banner: string; child: ChildProcess; ended: Promise<CliRun> }> {
  let banner = '';
  let ended: Promise<CliRun> | undefined;
  const child = await new Promise<ChildProcess>((resolve, reject) => {
    ended = startCli(['serve', '--rtmp-port', '0', '--http-port', '0', ...args], (text, started) => {
      banner += text;
      if (banner.includes('Page and API')) resolve(started);
    });
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
  const [, url = ''] = /Page and API +(http:\S+)\//.exec(banner) ?? [];
  return { url, banner, child, ended: ended as Promise<CliRun> };
}

const streams = async (url: string): Promise<StreamView[]> =>
  (await (await fetch(`${url}/api/streams`)).json()) as StreamView[];
const source = (name: string, clip: string): string =>
  `  - { name: ${name}, url: ${JSON.stringify(`file://${clip}`)}, graph: copy }\n`;

describe('vitascope serve', () => {
  const at = workspace();

  it('says where to publish, with a key, and where to watch', async () => {
    const { banner, child, ended } = await serve('--publish-key', 'abc def', '--graph', 'transcode');
    expect(banner).toMatch(/live\/\* → transcode\n {2}Publish {5}rtmp:\/\/localhost:\d+\/live\/cam1\?key=abc%20def\n/);
    expect(banner).toMatch(/OBS +server rtmp:\/\/localhost:\d+\/live {3}stream key cam1\?key=abc%20def\n/);
    expect(banner).toMatch(
      /Watch +rtmp:\/\/localhost:\d+\/live\/cam1\.out\n +http:\S+\/live\/cam1\.flv\n +http:\S+\/hls\/cam1\/index\.m3u8/,
    );
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr).not.toContain('abc def');
  }, 90_000);

  it('makes a key when none is given', async () => {
    const keys = await Promise.all(
      [1, 2].map(async () => {
        const { banner, child, ended } = await serve();
        child.kill('SIGINT');
        expect((await ended).code).toBe(0);
        return /\?key=(\S+)/.exec(banner)?.[1] ?? '';
      }),
    );
    expect(keys[0]).toMatch(/^[\w-]{12}$/);
    expect(keys[1]).not.toBe(keys[0]);
  }, 90_000);

  it('applies changes of its configuration, and keeps the old one when the new one is wrong', async () => {
    const clip = await cameraClip();
    const file = at('vitascope.yaml');
    await writeFile(file, `routes: []\nsources:\n${source('one', clip)}`);
    const { url, child, ended } = await serve('--config', file);
    const [first] = await eventually(
      () => streams(url),
      (all) => all[0]?.state === 'running',
    );
    await writeFile(file, `routes: []\nsources:\n${source('one', clip)}${source('two', clip)}`);
    await eventually(
      () => streams(url),
      (all) => all.length === 2,
    );
    await writeFile(file, 'routes: []\nsorces: []\n');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const [kept, added] = await streams(url);
    expect(kept?.pid).toBe(first?.pid);
    expect(added?.name).toBe('two');
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr).toContain('the configuration has been applied');
    expect(stderr).toContain('unknown key; did you mean \\"sources\\"?');
    for (const { pid } of [kept, added] as StreamView[]) expect(isGone(pid)).toBe(true);
  }, 150_000);

  it('leaves no process behind when it is killed', async () => {
    const file = at('vitascope.yaml');
    await writeFile(file, `routes: []\nsources:\n${source('one', await cameraClip())}`);
    const { url, child, ended } = await serve('--config', file);
    const [stream] = await eventually(
      () => streams(url),
      (all) => all[0]?.state === 'running',
    );
    child.kill('SIGKILL');
    await ended;
    await eventually(
      () => isGone(stream?.pid ?? null),
      (gone) => gone,
    );
  }, 90_000);

  it('says why it cannot start', async () => {
    const { url, child, ended } = await serve();
    const port = new URL(url).port;
    const { code, stderr } = await startCli(['serve', '--rtmp-port', '0', '--http-port', port]);
    expect(code).toBe(1);
    expect(stderr).toContain('LISTEN_FAILED');
    expect((await startCli(['serve', '--config', at('none.yaml')])).stderr).toContain('CONFIG_INVALID');
    child.kill('SIGTERM');
    await ended;
  }, 90_000);
});
