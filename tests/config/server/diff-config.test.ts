import { describe, expect, it } from 'vitest';
import { parseServerConfig } from '../../../config/server/config-file.js';
import { diffServerConfig } from '../../../config/server/diff-config.js';

const parse = (text: string) => parseServerConfig(text, 'v.yaml', {}).config;
const running = [{ name: 'a', path: 'live/a' }, { name: 'b', path: 'yard/b' }, { name: 's' }, { name: 'of-a-caller' }];
const source = 'sources: [{ name: s, url: "rtsp://h/1" }]';
const before = parse(`routes: [{ path: live/* }, { path: yard/* }]\n${source}`);
const change = (text: string) => diffServerConfig(before, parse(text), running);

describe('a new configuration', () => {
  it('that says the same concerns nobody', () => {
    expect(diffServerConfig(before, before, running)).toEqual({
      stop: [],
      restart: [],
      keep: ['a', 'b', 's', 'of-a-caller'],
      start: [],
      listeners: [],
      settings: [],
    });
  });

  it('begins streams anew whose graph changed, and leaves the others alone', () => {
    const { restart, keep } = change(`routes: [{ path: live/*, graph: copy }, { path: yard/* }]\n${source}`);
    expect({ restart, keep }).toEqual({ restart: ['a'], keep: ['b', 's', 'of-a-caller'] });
  });

  it('does not disturb streams when keys change', () => {
    const keyed = `routes: [{ path: live/*, publish: { key: s3cret }, play: { key: s3cret } }, { path: yard/* }]\n${source}`;
    expect(change(keyed)).toMatchObject({ restart: [], stop: [], settings: ['routes'] });
  });

  it('moves a stream to a route that fits better', () => {
    const exact = `routes: [{ path: live/* }, { path: live/a, graph: copy }, { path: yard/* }]\n${source}`;
    expect(change(exact).restart).toEqual(['a']);
    expect(change(exact.replace(', graph: copy', '')).restart).toEqual([]);
  });

  it('stops what nothing is for any more, and starts new sources', () => {
    const { stop, start } = change('routes: [{ path: live/* }]\nsources: [{ name: t, url: "rtsp://h/2" }]');
    expect(stop).toEqual(['b', 's']);
    expect(start.map(({ name }) => name)).toEqual(['t']);
  });

  it('begins a source anew whose address changed', () => {
    expect(change(`routes: [{ path: live/* }, { path: yard/* }]\n${source.replace('h/1', 'h/2')}`).restart).toEqual([
      's',
    ]);
  });

  it('names listeners that must be opened anew', () => {
    const text = `rtmp: { port: 1 }\nhttp: { token: 0123456789abcdef }\nroutes: [{ path: live/* }, { path: yard/* }]\n${source}`;
    expect(change(text)).toMatchObject({ listeners: ['rtmp'], settings: ['rtmp', 'http'], restart: [] });
  });

  it('begins all streams anew when HLS changes', () => {
    const text = `hls: { partMs: 100 }\nroutes: [{ path: live/* }, { path: yard/* }]\n${source}`;
    expect(change(text).restart).toEqual(['a', 'b', 's']);
  });
});
