import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../config/load-graph.js';
import { KeyPictures } from '../../jobs/key-pictures.js';
import { LiveStream } from '../../jobs/live-stream.js';
import type { KeyPicture } from '../../streams/libav/still-picture.js';
import { h264Clip } from '../fixtures/media.js';
import { expectBalanced } from '../helpers/frames.js';
import { jpegSize } from '../helpers/jpeg.js';
import { liveServer, whole } from '../helpers/live-server.js';
import { Recorder } from './recorder.js';

describe('a snapshot of a live stream', () => {
  it('is the last key frame of the first rendition', () =>
    expectBalanced(async () => {
      const server = await liveServer(whole(await h264Clip({ container: 'ts' })));
      const output = new Recorder();
      const stream = await LiveStream.open({
        input: server.url,
        inputOptions: { reconnect: false, catchUpMs: 60_000 },
        graph: await loadGraph('transcode'),
        renditions: [
          { name: 'a', height: 120, outputs: [output] },
          { name: 'b', outputs: [new Recorder()] },
        ],
      });
      expect(await stream.snapshot()).toBeUndefined();
      await stream.run();
      await server.close();
      expect(jpegSize(await stream.snapshot())).toEqual({ width: 160, height: 120 });
      expect(jpegSize(await stream.snapshot(60))).toEqual({ width: 80, height: 60 });
      expect(jpegSize(await stream.snapshot(1080))).toEqual({ width: 160, height: 120 });
      await expect(stream.snapshot(0)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    }));
});

describe('KeyPictures', () => {
  it('makes one JPEG for all that ask at the same time, and another for another key frame', async () => {
    const server = await liveServer(whole(await h264Clip({ container: 'ts' })));
    const output = new Recorder();
    const graph = await loadGraph('copy');
    const inputOptions = { reconnect: false } as const;
    const stream = await LiveStream.open({ input: server.url, inputOptions, graph, outputs: [output] });
    await stream.run();
    await server.close();
    const [track] = output.tracks;
    if (track?.kind !== 'video') throw new Error('no video');
    const keys = output.of('video').filter(({ isKey }) => isKey);
    const [a, b] = keys.map(({ data }): KeyPicture => ({ stream: track.stream, data })) as [KeyPicture, KeyPicture];
    const pictures = new KeyPictures();
    const first = pictures.still(a, 60);
    expect(pictures.still(a, 60)).toBe(first);
    expect(pictures.still(a, undefined)).not.toBe(first);
    expect(pictures.still(b, 60)).not.toBe(first);
    expect((await first).equals(await pictures.still(b, 60))).toBe(false);
  });
});
