import { describe, expect, it } from 'vitest';
import { openLiveInput } from '../../../streams/live/live-input.js';
import { h264Clip } from '../../fixtures/clips.js';
import { type Answer, liveServer, whole } from '../../helpers/live-server.js';

const confined = { confined: true, copyVideo: true, reconnect: false } as const;

describe('an input that somebody else named', () => {
  const clip = (): Promise<string> => h264Clip({ container: 'ts' });

  it('is read', async () => {
    const server = await liveServer(whole(await clip()));
    const input = await openLiveInput(server.url, confined);
    expect(input.copied?.track.codec).toBe('h264');
    await input.stop();
    await server.close();
  });

  it.each([
    [
      'by a redirect',
      (url: string): Answer =>
        (response) =>
          void response.writeHead(302, { location: url }).end(),
    ],
    [
      'by a playlist',
      (url: string): Answer =>
        (response) =>
          void response.end(`#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:2,\n${url}\n#EXT-X-ENDLIST\n`),
    ],
    [
      'by a list of files',
      (url: string): Answer =>
        (response) =>
          void response.end(`ffconcat version 1.0\nfile '${url}'\n`),
    ],
  ])('leads nowhere else %s', async (_, lead) => {
    const inside = await liveServer(whole(await clip()));
    const outside = await liveServer(lead(inside.url));
    await expect(openLiveInput(outside.url, confined)).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
    expect(outside.requests()).toBeGreaterThan(0);
    expect(inside.requests()).toBe(0);
    await Promise.all([inside.close(), outside.close()]);
  });

  it('of the owner follows redirects', async () => {
    const inside = await liveServer(whole(await clip()));
    const outside = await liveServer((response) => void response.writeHead(302, { location: inside.url }).end());
    const input = await openLiveInput(outside.url, { ...confined, confined: false });
    expect(input.copied?.track.codec).toBe('h264');
    await input.stop();
    await Promise.all([inside.close(), outside.close()]);
  });
});
