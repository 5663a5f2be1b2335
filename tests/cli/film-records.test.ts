import { describe, expect, it } from 'vitest';
import { describeResult } from '../../cli/describe-result.js';
import { describeRecords, parseExports, recordsOf } from '../../cli/film-records.js';
import type { ProcessFilmResult } from '../../jobs/process-film.js';

describe('--export', () => {
  it.each([
    ['csv', [{ format: 'csv' }]],
    ['coco,bvh', [{ format: 'coco' }, { format: 'bvh' }]],
    ['csv=people.csv', [{ format: 'csv', path: 'people.csv' }]],
    [
      'csv=a,b.csv,bvh=c=d.bvh',
      [
        { format: 'csv', path: 'a,b.csv' },
        { format: 'bvh', path: 'c=d.bvh' },
      ],
    ],
  ])('reads %s', (text, files) => {
    expect(parseExports(text)).toEqual(files);
  });

  it('may be repeated', () => {
    expect(parseExports('bvh', parseExports('csv'))).toEqual([{ format: 'csv' }, { format: 'bvh' }]);
  });

  it.each(['', 'json', 'csv=', 'CSV', 'csv,'])('refuses "%s"', (text) => {
    expect(() => parseExports(text)).toThrow(/OPTION_INVALID|one of coco, csv, bvh/);
  });

  it('and --metadata are all that records are made of', () => {
    expect(recordsOf({})).toBeUndefined();
    expect(recordsOf({ metadata: 'a.ndjson' })).toEqual({ metadata: 'a.ndjson', exports: [] });
  });
});

describe('the result of a job with records', () => {
  const report = { skipped: 0, damaged: 0, retimed: 0, rescaled: 0, dropped: 0, truncated: false };
  const result: ProcessFilmResult = {
    path: '',
    frames: 48,
    leftOut: [],
    complete: true,
    records: [{ form: 'metadata', path: 'dance.ndjson' }],
    resumedFrames: 0,
    report,
    elapsedMs: 2000,
  };

  it('names the files, and whose there are none', () => {
    expect(describeResult(result, 'dance.mp4', ['bvh']).split('\n')).toEqual([
      expect.stringMatching(/^done: 48 frames in 0:02/),
      '  metadata: dance.ndjson',
      '  bvh: nobody was found, so there is no file',
    ]);
  });

  it('speaks of people where people are looked for, of text where text is, and of neither where it may be both', () => {
    expect(describeRecords([], ['bvh', 'srt', 'vtt', 'csv'])).toEqual([
      '  bvh: nobody was found, so there is no file',
      '  srt: no text was found, so there is no file',
      '  vtt: no text was found, so there is no file',
      '  csv: nothing was found, so there is no file',
    ]);
  });

  it('says of a job without a film that it goes on when it was stopped', () => {
    const [first, second] = describeResult({ ...result, complete: false }, 'dance.mp4', ['bvh']).split('\n');
    expect(first).toBe('stopped: 48 frames are finished; the same command goes on from there');
    expect(second).toBe('  metadata: dance.ndjson');
  });

  it('counts files when they are many', () => {
    const people = Array.from({ length: 7 }, (_, i) => ({ form: 'bvh' as const, path: `${i}.bvh` }));
    expect(describeRecords(people)).toEqual(['  bvh: 0.bvh, 1.bvh, 2.bvh, 3.bvh and 3 more']);
  });
});
