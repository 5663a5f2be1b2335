import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaServer } from '../../../server/media-server.js';
import { openLiveInput } from '../../../streams/live/live-input.js';
import { eventually, FlvPlayer, serveMedia, streamWhen, TestPublisher } from '../../helpers/media-server.js';

let server: MediaServer;
let publisher: TestPublisher;

beforeAll(async () => {
  server = await serveMedia(`
routes:
  - path: live/*
    graph: transcode
    publish: { key: s3cret }
    renditions:
      - { name: big, height: 180, bitrateKbps: 400 }
      - { name: small, height: 90, bitrateKbps: 150 }
  - path: closed/*
    graph: copy
    publish: { key: s3cret }
    play: { key: watchme }
limits: { streams: 2 }
`);
  publisher = await TestPublisher.start(server, 'live/cam1?key=s3cret');
  await streamWhen(server, 'cam1', ({ outputs, state }) => state === 'running' && (outputs[0]?.bytesOut ?? 0) > 50_000);
}, 150_000);

afterAll(async () => {
  await publisher?.stop();
  await server?.close();
}, 90_000);

const http = (path: string): string => `http://127.0.0.1:${server.ports.http}${path}`;

describe('a published stream', () => {
  it('can be watched by RTMP', async () => {
    const url = `rtmp://127.0.0.1:${server.ports.rtmp}/live/cam1.out`;
    const input = await openLiveInput(url, { copyVideo: true, reconnect: false });
    expect(input.copied?.track).toMatchObject({ codec: 'h264', stream: { width: 320, height: 180 } });
    expect(input.audio?.track).toMatchObject({ codec: 'aac', channels: 2 });
    let packets = 0;
    input.copied?.packets.subscribe(() => {
      packets++;
    });
    await eventually(
      () => packets,
      (count) => count > 25,
    );
    await input.stop();
  });

  it('can be watched by HTTP-FLV, with times that rise', async () => {
    const player = new FlvPlayer(http('/live/cam1.flv'));
    const media = await eventually(
      () => player.media,
      (all) => all.length > 60,
    );
    player.stop();
    for (const type of [8, 9]) {
      const times = media.filter((tag) => tag.type === type).map(({ timestampMs }) => timestampMs);
      expect(times.length).toBeGreaterThan(5);
      expect(times.every((time, i) => i === 0 || time >= (times[i - 1] as number))).toBe(true);
    }
  });

  it('can be watched by HLS, in all its renditions', async () => {
    const master = await (await fetch(http('/hls/cam1/index.m3u8'))).text();
    expect(master).toMatch(/RESOLUTION=320x180.*\nbig\/media\.m3u8/);
    expect(master).toMatch(/RESOLUTION=160x90.*\nsmall\/media\.m3u8/);
    const input = await openLiveInput(http('/hls/cam1/small/media.m3u8'), { copyVideo: true, reconnect: false });
    expect(input.copied?.track.stream).toMatchObject({ width: 160, height: 90 });
    await input.stop();
  });

  it('has its key frames at the same moments in all renditions', async () => {
    const playlists = await Promise.all(
      ['big', 'small'].map(async (name) => (await fetch(http(`/hls/cam1/${name}/media.m3u8`))).text()),
    );
    const lengths = playlists.map((text) => [...text.matchAll(/^#EXTINF:([\d.]+)/gm)].map(([, length]) => length));
    expect(lengths[0]?.length).toBeGreaterThan(0);
    const [big = [], small = []] = lengths;
    const common = Math.min(big.length, small.length);
    expect(big.slice(0, common)).toEqual(small.slice(0, common));
  });

  it('gives a picture', async () => {
    const answer = await fetch(http('/api/streams/cam1/snapshot.jpg?height=90'));
    expect(answer.status).toBe(200);
    const jpeg = Buffer.from(await answer.arrayBuffer());
    expect(jpeg.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect(jpeg.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
  });

  it('says what it does', () => {
    expect(server.streams.list()[0]).toMatchObject({
      name: 'cam1',
      path: 'live/cam1',
      kind: 'published',
      graph: 'transcode',
      words: expect.arrayContaining(['runs']),
      outputs: [{ kind: 'rtmp', state: 'open' }, { kind: 'http-flv' }, { kind: 'hls', state: 'open' }],
    });
  });
});

describe('a client', () => {
  it.each([
    ['live/cam1?key=s3cret', 'already has a publisher'],
    ['live/cam2?key=wrong', 'wrong key to publish'],
    ['live/cam2', 'a key is needed to publish'],
    ['other/cam2?key=s3cret', 'no route for'],
    ['live/cam2.out?key=s3cret', 'no route for'],
    ['live/cam2?internal=0123', 'that is not for clients'],
    ['closed/cam1?key=s3cret', 'belongs to another stream'],
  ])('that wants to publish %s is told: %s', async (path, reason) => {
    const refused = await TestPublisher.start(server, path);
    const troubles = await eventually(
      () => refused.troubles,
      (all) => all.length > 0,
    );
    await refused.stop();
    expect(troubles[0]).toContain(reason);
    expect(server.streams.list()).toHaveLength(1);
  });

  it('watches what asks for a key only with the key', async () => {
    const closed = await TestPublisher.start(server, 'closed/cam2?key=s3cret');
    await streamWhen(server, 'cam2', ({ outputs }) => (outputs[0]?.bytesOut ?? 0) > 10_000);
    const status = async (path: string): Promise<number> => {
      const abort = new AbortController();
      const answer = await fetch(http(path), { signal: abort.signal });
      abort.abort();
      return answer.status;
    };
    expect(await status('/closed/cam2.flv')).toBe(403);
    expect(await status('/closed/cam2.flv?key=watchme')).toBe(200);
    expect(await status('/hls/cam2/index.m3u8')).toBe(403);
    expect(await status('/hls/cam2/index.m3u8?key=s3cret')).toBe(403);
    const master = await (await fetch(http('/hls/cam2/index.m3u8?key=watchme'))).text();
    expect(master).toContain('main/media.m3u8?key=watchme');
    expect(await status('/hls/cam3/index.m3u8')).toBe(404);

    const third = await TestPublisher.start(server, 'live/cam3?key=s3cret');
    const troubles = await eventually(
      () => third.troubles,
      (all) => all.length > 0,
    );
    expect(troubles[0]).toContain('2 streams run, which is as many as this server takes');
    await Promise.all([closed.stop(), third.stop()]);
  });
});
