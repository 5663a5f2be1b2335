import { describe, expect, it } from 'vitest';
import { attachedKeys } from '../../../jobs/film-records/attached-keys.js';
import { planRecords } from '../../../jobs/film-records/record-plan.js';
import { createGraph } from '../../../pipeline/index.js';
import { findPeople, paintPeople, sideBySide, testOperator } from '../../helpers/operators.js';

describe('the files of a job', () => {
  it.each([
    ['dance.mp4', undefined, 'dance.csv'],
    ['films/dance.mp4', undefined, 'films/dance.csv'],
    ['dance.mp4', 'out/dance.pose.mkv', 'out/dance.pose.csv'],
    ['scan/%05d.png', undefined, 'scan/scan.csv'],
    ['scan/reel-%d.png', undefined, 'scan/reel.csv'],
  ])('of %s, written to %s, are such as %s', (input, output, path) => {
    expect(planRecords({ exports: [{ format: 'csv' }] }, { input, output })).toEqual([{ form: 'csv', path }]);
  });

  it('are where they are wanted', () => {
    const exports = [{ format: 'coco', path: 'people.json' }, { format: 'bvh' }] as const;
    expect(planRecords({ metadata: 'a.ndjson', exports }, { input: 'dance.mp4' })).toEqual([
      { form: 'metadata', path: 'a.ndjson' },
      { form: 'coco', path: 'people.json' },
      { form: 'bvh', path: 'dance.bvh' },
    ]);
  });

  it.each([
    ['the input', { metadata: './dance.mp4' }],
    ['the output', { metadata: 'out.mp4' }],
    ['another of them', { metadata: 'a.csv', exports: [{ format: 'csv' as const, path: 'a.csv' }] }],
  ])('are never %s', (_, wish) => {
    const plan = () => planRecords(wish, { input: 'dance.mp4', output: 'out.mp4' });
    expect(plan).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('what a graph attaches', () => {
  it('is what its nodes provide along the way to its output', () => {
    const other = testOperator('other', { provides: ['texts'] });
    const joined = createGraph({
      nodes: {
        people: { use: findPeople },
        paint: { use: paintPeople, from: 'people' },
        texts: { use: other, from: 'source' },
        both: { use: sideBySide, from: { left: 'paint', right: 'texts' } },
      },
    });
    expect([...attachedKeys(joined)].sort()).toEqual(['people', 'texts']);
    expect([...attachedKeys(createGraph({ nodes: { people: { use: findPeople } } }))]).toEqual(['people']);
  });
});
