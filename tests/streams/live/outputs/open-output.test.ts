import { describe, expect, it } from 'vitest';
import { FileOutput } from '../../../../streams/live/outputs/file-output.js';
import { FlvOutput } from '../../../../streams/live/outputs/flv-output.js';
import { outputFor } from '../../../../streams/live/outputs/open-output.js';
import { parsePublishUrl } from '../../../../streams/live/outputs/rtmp/publish-url.js';

describe('outputFor', () => {
  it('knows servers, files and what it is told of', () => {
    expect(outputFor('rtmp://host/live/key')).toBeInstanceOf(FlvOutput);
    expect(outputFor('rtmps://host/live/key')).toBeInstanceOf(FlvOutput);
    for (const path of ['file:/tmp/a.mkv', 'a.mp4', './b/c.TS', 'file:///tmp/a.flv']) {
      expect(outputFor(path)).toBeInstanceOf(FileOutput);
    }
    expect(outputFor('file:///tmp/a.flv').name).toBe('/tmp/a.flv');
    const given: string[] = [];
    const hls = new FileOutput({ path: 'a.ts' });
    const others = {
      hls: (folder: string) => {
        given.push(folder);
        return hls;
      },
    };
    expect(outputFor('hls:./www/cam1', { others })).toBe(hls);
    expect(given).toEqual(['./www/cam1']);
  });

  it.each([
    'srt://host:1',
    'a.gif',
    'hls:x',
    'constructor:x',
    'rtmp://host',
    'rtmp://host/app',
    'rtmp://me:pw@host/a/b',
  ])('refuses %s', (address) => {
    expect(() => outputFor(address)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it('says what is known, and repeats no secret', () => {
    expect(() => outputFor('srt://host/s3cret')).toThrow(/rtmp:\/\/HOST/);
    for (const address of ['srt://host/s3cret', 'rtmp://me:s3cret@host/a/b', 'rtmp://[s3cret']) {
      expect(() => outputFor(address)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('s3cret') }),
      );
    }
    expect(outputFor('rtmp://host/live/s3cret?k=s3cret').name).toBe('rtmp://host/live/…');
  });
});

describe('parsePublishUrl', () => {
  it.each([
    ['rtmp://host/live/key', { tls: false, host: 'host', port: 1935, app: 'live', streamKey: 'key' }],
    ['rtmps://host/rtmp/FB-1-0-a?s_bl=1', { tls: true, port: 443, app: 'rtmp', streamKey: 'FB-1-0-a?s_bl=1' }],
    ['rtmp://host:1936/app/instance/key', { port: 1936, app: 'app/instance', streamKey: 'key' }],
    ['rtmp://[::1]:1/a/b', { host: '::1', port: 1, name: 'rtmp://[::1]:1/a/…' }],
  ])('reads %s', (url, expected) => {
    expect(parsePublishUrl(url)).toMatchObject(expected);
  });
});
