import { describe, expect, it } from 'vitest';
import { checkAttaches } from '../../../jobs/film-records/attached-keys.js';
import { exportable } from '../../../jobs/film-records/export-format.js';
import { planRecords } from '../../../jobs/film-records/record-plan.js';
import { sourceMetadata } from '../../../jobs/film-records/source-metadata.js';
import { attach, createGraph } from '../../../pipeline/index.js';
import { testSample } from '../../helpers/frames.js';
import { testOperator } from '../../helpers/operators.js';

const graphWith = (...provides: readonly string[]) =>
  createGraph({ nodes: { find: { use: testOperator('find', { provides }) } } });

describe('exports of text', () => {
  it('are beside the film under the endings of subtitles', () => {
    const exports = [{ format: 'srt' }, { format: 'vtt' }] as const;
    expect(planRecords({ exports }, { input: 'film.mkv' })).toEqual([
      { form: 'srt', path: 'film.srt' },
      { form: 'vtt', path: 'film.vtt' },
    ]);
  });

  it('need a graph that looks for text; a table is made of people or of text', async () => {
    expect(exportable('srt')).toEqual(['texts']);
    expect(exportable('bvh')).toEqual(['poses']);
    expect(exportable('csv')).toEqual(['poses', 'texts']);
    const srt = [{ form: 'srt', path: 'film.srt' }] as const;
    const csv = [{ form: 'csv', path: 'film.csv' }] as const;
    await expect(checkAttaches(graphWith('texts'), [...srt, ...csv])).resolves.toBeUndefined();
    await expect(checkAttaches(graphWith('poses'), csv)).resolves.toBeUndefined();
    await expect(checkAttaches(graphWith('poses'), srt)).rejects.toMatchObject({
      code: 'GRAPH_TYPE',
      message: expect.stringMatching(/looks for no text .*read-text/),
    });
  });

  it('are of lines that leave out an opacity of 1, with corners in pixels of the source', () => {
    const quad = [
      [0, 0],
      [4, 0],
      [4, 2],
      [0, 2],
    ];
    const sample = attach(testSample(0), { texts: [{ id: 1, quad, text: 'Exit', score: 0.9, opacity: 1 }] });
    const found = sourceMetadata(sample, { width: 16, height: 8 }, 0);
    expect(found).toEqual({
      texts: [{ id: 1, quad: quad.map(([x = 0, y = 0]) => [2 * x, 2 * y]), text: 'Exit', score: 0.9 }],
    });
    sample.frame.close();
  });
});
