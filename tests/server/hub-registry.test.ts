import { describe, expect, it } from 'vitest';
import { sourceSchema } from '../../config/server/stream-settings.js';
import { ffmpegDefinition } from '../../operators/ffmpeg/ffmpeg-filter.js';
import { createGraph } from '../../pipeline/graph/graph.js';
import type { Access } from '../../server/access.js';
import { HubRegistry } from '../../server/hub-registry.js';
import type { StreamHub } from '../../server/stream-hub.js';

/** A registry over a hub with one stream, `cam1`, through a filter; what it is asked for is noted. */
function registry({ allowFileOptions = false } = {}) {
  const asked: unknown[] = [];
  const graph = createGraph({ name: 'filter', nodes: { ffmpeg: { use: ffmpegDefinition, with: { chain: 'null' } } } });
  const settings = { options: ['ffmpeg.chain=null'] };
  const hub = {
    streams: new Map([['cam1', { name: 'cam1', graph, settings }]]),
    supervisor: { ask: async (_: string, question: unknown) => asked.push(question) },
    change: () => undefined,
    startSource: (source: unknown) => {
      asked.push(source);
      throw new Error('no streams are started here');
    },
  };
  const options = {
    access: {} as Access,
    sessions: () => [],
    addresses: () => ({ rtmp: '', http: '' }),
    allowFileOptions: () => allowFileOptions,
  };
  return { streams: new HubRegistry(hub as unknown as StreamHub, options), asked };
}

const yard = { name: 'yard', url: 'rtsp://camera.example/1', transport: 'udp', tlsVerify: false } as const;
const forbidden = { code: 'OPTION_INVALID', message: expect.stringContaining('http.allowFileOptions') };

describe('what callers of the API may do with files of the server', () => {
  it('is not to have streams read them through options', async () => {
    const { streams, asked } = registry();
    await expect(streams.setOptions('cam1', ['ffmpeg.chain=drawtext=textfile=/etc/passwd'])).rejects.toMatchObject(
      forbidden,
    );
    const source = { ...yard, graph: 'colorize', options: ['colorize.model=/etc'] };
    await expect(streams.startSource(source)).rejects.toMatchObject(forbidden);
    expect(asked).toEqual([]);
  });

  it('is not touched by what the configuration has set', async () => {
    const { streams, asked } = registry();
    expect(await streams.setOptions('cam1', ['ffmpeg.lookAhead=8'])).toBe(true);
    expect(asked).toEqual([{ ask: 'options', options: ['ffmpeg.chain=null', 'ffmpeg.lookAhead=8'] }]);
  });

  it('is whatever the configuration allows', async () => {
    const { streams, asked } = registry({ allowFileOptions: true });
    expect(await streams.setOptions('cam1', ['ffmpeg.chain=hflip'])).toBe(true);
    expect(asked).toHaveLength(1);
  });
});

describe('a source that a caller names', () => {
  it('is fetched as the caller wants, and otherwise by the defaults', async () => {
    const { streams, asked } = registry();
    const source = { ...yard, graph: 'colorize', options: ['colorize.strength=0.5'] };
    await expect(streams.startSource(source)).rejects.toThrow('no streams are started here');
    expect(asked).toEqual([sourceSchema.parse(source)]);
  });
});
