import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flvTarget, rtmpTarget, streamPath } from '../../../streams/rtmp-server/stream-request.js';

describe('the path of a stream', () => {
  it.each(['live/cam1', 'live/cam1.out', 'a/b/c/d', 'live/_x-1'])('may be %s', (path) => {
    expect(streamPath(`/${path}`)).toBe(path);
  });

  it.each([
    'live',
    'live/',
    'live/..',
    '../live/x',
    'live/../x',
    'live/a..b',
    'live/.hidden',
    'live/-x',
    'live//x',
    'a/b/c/d/e',
    'live/a\nb',
    'live/a\0b',
    'live/%2e%2e',
    'live/a\\b',
    'live/ä',
    `live/${'x'.repeat(65)}`,
    'x/'.repeat(200),
  ])('may not be %j', (path) => {
    expect(streamPath(path)).toBeUndefined();
  });

  it('never leads out of a folder', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.array(fc.constantFrom('a', '.', '/', '\\', '\0', '-'), { maxLength: 20 })),
        (given) => {
          const path = streamPath(typeof given === 'string' ? given : given.join(''));
          if (path !== undefined) expect(new URL(`http://h/base/${path}`).pathname).toBe(`/base/${path}`);
        },
      ),
    );
  });
});

describe('what RTMP asks for', () => {
  it('is the application and the name, either with a query', () => {
    expect(rtmpTarget('live?a=1', 'cam1?key=x&a=2')).toEqual({ path: 'live/cam1', query: { key: 'x', a: '2' } });
  });

  it('may have a query that looks like an object', () => {
    expect(rtmpTarget('live', 'cam1?__proto__=x').query.key).toBeUndefined();
  });
});

describe('what HTTP asks for', () => {
  it('ends in .flv', () => {
    expect(flvTarget('/live/cam1.flv?key=x')).toEqual({ path: 'live/cam1', query: { key: 'x' } });
    expect(flvTarget('/live/cam1')).toBeUndefined();
    expect(flvTarget('/live/../x.flv')?.path).toBeUndefined();
  });
});
