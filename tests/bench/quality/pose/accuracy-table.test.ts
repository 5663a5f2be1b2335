import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { accuracyOf } from '../../../../bench/quality/pose/accuracy.js';
import { accuracyTable } from '../../../../bench/quality/pose/accuracy-table.js';
import { sectionMarkdown } from '../../../../bench/quality/section.js';
import { writeMarked } from '../../../../bench/speed/report.js';
import { workspace } from '../../../helpers/workspace.js';

const keypoints = Array.from({ length: 17 }, (_, i) => [10 * i, 10 * i, 2]).flat();
const people = [{ keypoints, num_keypoints: 17, area: 10_000, bbox: [0, 0, 160, 160], iscrowd: 0 }] as const;
const picture = { id: 1, path: 'picture.jpg', width: 640, height: 480, people };

describe('the table of accuracy', () => {
  const path = workspace();
  const found = [{ score: 0.9, keypoints }];
  const accuracy = accuracyOf([10, 30, 20].map((ms) => ({ picture, found, ms })));
  const markdown = accuracyTable([{ id: 'a', model: 'A', pictures: 'two', accuracy }]);

  it('has a line for a model and a set of pictures, a dash where nobody counts, and the median of the times', () => {
    expect(markdown.split('\n').at(-1)).toBe('| A | two | 1.000 | 1.000 | 1.000 | – | 1.000 | 1.000 | 20 |');
  });
  it('has as many cells in each line as in its head', () => {
    expect(new Set(markdown.split('\n').map((line) => line.split('|').length)).size).toBe(1);
  });
  it('comes between the markers of a card, and nowhere else', async () => {
    const card = path('CARD.md');
    await writeFile(card, '# Card\n<!-- quality:pose -->\nold\n<!-- /quality:pose -->\nrest\n');
    await writeMarked(
      card,
      'quality:pose',
      sectionMarkdown({ title: 'Key points', markdown, notes: ['a note'] }, 'here, now'),
    );
    const text = await readFile(card, 'utf8');
    expect(text).toMatch(/^# Card\n<!-- quality:pose -->\n### Key points\n\nhere, now\n\n\| model/);
    expect(text).toMatch(/\n- a note\n<!-- \/quality:pose -->\nrest\n$/);
  });
});
