import { afterEach, describe, expect, it } from 'vitest';
import type { MediaServer } from '../../../server/media-server.js';
import { type LiveServer, liveServer, whole } from '../../helpers/live-server.js';
import { serveMedia, streamWhen } from '../../helpers/media-server.js';
import { type RtspServer, rtspServer } from '../../helpers/rtsp-server.js';
import { soundingClip } from '../../helpers/sounding-clip.js';

describe('a source of the server', () => {
  let server: MediaServer | undefined;
  let source: LiveServer | RtspServer | undefined;
  afterEach(async () => {
    await server?.close();
    await source?.close();
    server = source = undefined;
  }, 90_000);

  it('says why it cannot be reached, how often it was tried, and no password', async () => {
    const camera = await rtspServer([], { refuses: true });
    source = camera;
    server = await serveMedia(`
sources:
  - { name: off, url: 'http://me:s3cret@127.0.0.1:1/live.flv', graph: copy }
  - { name: locked, url: '${camera.url.replace('//', '//admin:s3cret@')}', graph: copy }
`);
    const off = await streamWhen(server, 'off', ({ words }) => words.some((each) => each.includes('(attempt 2)')));
    expect(off).toMatchObject({ state: 'running' });
    expect(off.words).toEqual([
      'waits for its input: cannot read http://127.0.0.1:1/live.flv: Connection refused (attempt 2)',
    ]);
    const locked = await streamWhen(server, 'locked', ({ words }) => words.some((each) => each.includes('attempt')));
    expect(locked.words.join()).toMatch(/waits for its input: .*401 Unauthorized/);
    expect(JSON.stringify(server.streams.list())).not.toContain('s3cret');
    const metrics = await fetch(`http://127.0.0.1:${server.ports.http}/metrics`);
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toContain('vitascope_stream_up{stream="off"} 1');
  }, 150_000);

  it('is watched with sound that cameras send and viewers cannot play', async () => {
    const clip = await soundingClip({ encoder: 'pcm_alaw', sampleRate: 8000 });
    source = await liveServer(whole(clip));
    server = await serveMedia(`
sources:
  - { name: yard, url: '${source.url}', graph: copy }
`);
    const { outputs, words } = await streamWhen(
      server,
      'yard',
      ({ outputs }) => outputs.length === 3 && outputs.every(({ bytesOut }) => bytesOut > 20_000),
    );
    expect(outputs.map(({ state, trouble }) => [state, trouble])).toEqual(Array(3).fill(['open', null]));
    expect(words.join()).not.toContain('waits for its input');
    const master = await fetch(`http://127.0.0.1:${server.ports.http}/hls/yard/index.m3u8`);
    expect(await master.text()).toMatch(/CODECS="avc1\.[0-9a-f]+,mp4a\.40\.2"/);
  }, 150_000);
});
