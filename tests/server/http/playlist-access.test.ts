import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessQuery, withAccess } from '../../../server/http/playlist-access.js';

const query = (text: string) => accessQuery(new URLSearchParams(text));

describe('the access in a query', () => {
  it.each([
    ['key=abc', 'key=abc'],
    ['_HLS_msn=3&key=abc&_HLS_part=1', 'key=abc'],
    ['sig=xyz&expires=1800000000', 'expires=1800000000&sig=xyz'],
    ['key=a&key=b', 'key=a'],
    ['key=a%22%0A%26b', 'key=a%22%0A%26b'],
    ['token=abc', undefined],
    ['', undefined],
  ])('of %s is %s', (text, expected) => {
    expect(query(text)).toBe(expected);
  });
});

describe('a playlist with access', () => {
  it('leads on with it from every URI', () => {
    const playlist = `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.600000
#EXT-X-MAP:URI="init-1.mp4",BYTERANGE="20@0"
#EXT-X-PART:DURATION=0.200000,URI="a.1.m4s",INDEPENDENT=YES
#EXTINF:2.000000,
a.m4s
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="a.2.m4s"
#EXT-X-RENDITION-REPORT:URI="../720p/media.m3u8",LAST-MSN=3,LAST-PART=1
`;
    expect(withAccess(playlist, 'key=abc')).toBe(`#EXTM3U
#EXT-X-VERSION:6
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.600000
#EXT-X-MAP:URI="init-1.mp4?key=abc",BYTERANGE="20@0"
#EXT-X-PART:DURATION=0.200000,URI="a.1.m4s?key=abc",INDEPENDENT=YES
#EXTINF:2.000000,
a.m4s?key=abc
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="a.2.m4s?key=abc"
#EXT-X-RENDITION-REPORT:URI="../720p/media.m3u8?key=abc",LAST-MSN=3,LAST-PART=1
`);
  });

  it.each([
    ['main/media.m3u8', 'main/media.m3u8?key=k'],
    ['main/media.m3u8?a=1', 'main/media.m3u8?a=1&key=k'],
    ['a.m4s#t=1', 'a.m4s?key=k#t=1'],
    ['a.m4s\r', 'a.m4s?key=k\r'],
    ['https://other.example/a.m4s', 'https://other.example/a.m4s'],
    ['//other.example/a.m4s', '//other.example/a.m4s'],
    ['#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://1"', '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://1"'],
    ['#EXT-X-MEDIA:NAME="x,URI=",URI="y.m3u8"', '#EXT-X-MEDIA:NAME="x,URI=",URI="y.m3u8?key=k"'],
    ['#EXT-X-MEDIA:XURI="y.m3u8"', '#EXT-X-MEDIA:XURI="y.m3u8"'],
    ['#EXTINF:2,URI="title"', '#EXTINF:2,URI="title"'],
    ['# a comment, URI="x"', '# a comment, URI="x"'],
    ['', ''],
  ])('turns %j into %j', (line, expected) => {
    expect(withAccess(line, 'key=k')).toBe(expected);
  });

  it('has the same lines and tags, whatever the key', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (key) => {
        const access = accessQuery(new URLSearchParams({ key })) ?? '';
        const lines = withAccess('#EXT-X-MAP:URI="i.mp4",BYTERANGE="1@0"\na.m4s\n', access).split('\n');
        expect(lines).toEqual([`#EXT-X-MAP:URI="i.mp4?${access}",BYTERANGE="1@0"`, `a.m4s?${access}`, '']);
        expect(access).toMatch(/^[\w.*+%=-]+$/);
      }),
    );
  });
});
