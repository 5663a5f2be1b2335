import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readCrops,
  readPhotographs,
  readScenes,
  readWordCrops,
} from '../../../../bench/quality/text/labelled-scenes.js';
import { calibrationError, readingFigures, sureLines } from '../../../../bench/quality/text/reading-tally.js';
import { comparedWords, wordsRight } from '../../../../bench/quality/text/word-alignment.js';
import { wordsInLines, wordsOfLines } from '../../../../bench/quality/text/word-counts.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';
import { workspace } from '../../../helpers/workspace.js';

const box = (x: number, y: number, width: number, height: number): TextQuad => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];
const labelled = (text: string, quad: TextQuad, ignored = false) => ({ text, quad, ignored });
const read = (text: string, quad: TextQuad) => ({ text, quad, score: 1 });

describe('words that are compared', () => {
  it('are in lower case, without marks at their ends; marks alone are none', () => {
    expect(comparedWords('«Où est-il ?»  (LE CHAT) – 12 €, l’I²R…')).toEqual([
      'où',
      'est-il',
      'le',
      'chat',
      '12',
      'l’i2r',
    ]);
    expect(comparedWords(' ?! ')).toEqual([]);
  });

  it('count in their order, with others between them', () => {
    expect(wordsRight(['why', 'pay', 'for'], ['the', 'why', 'play', 'for'])).toBe(2);
    expect(wordsRight(['a', 'b'], ['b', 'a'])).toBe(1);
    expect(wordsRight(['a', 'a'], ['a'])).toBe(1);
    expect(wordsRight([], ['a'])).toBe(0);
  });

  it('are never more than there are, and all where they were read as they are', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
    fc.assert(
      fc.property(words, words, (truth, said) => {
        expect(wordsRight(truth, said)).toBeLessThanOrEqual(Math.min(truth.length, said.length));
        expect(wordsRight(truth, said)).toBe(wordsRight(said, truth));
        expect(wordsRight(truth, truth)).toBe(truth.length);
      }),
    );
  });
});

describe('words of lines', () => {
  it('are right in the line that was found for theirs, and wrong where none was', () => {
    const lines = [labelled('Sortie de secours', box(0, 0, 200, 30)), labelled('Poussez', box(0, 100, 100, 30))];
    expect(wordsOfLines([read('SORTIE do secours!', box(2, 0, 200, 30))], lines)).toEqual({ right: 2, wanted: 4 });
    expect(wordsOfLines([read('Poussez', box(0, 0, 200, 30))], lines)).toEqual({ right: 0, wanted: 4 });
  });

  it('are not asked for in low lines and ignored ones', () => {
    const lines = [
      labelled('low', box(0, 0, 200, 20)),
      labelled('gone', box(0, 50, 200, 30), true),
      labelled('high', box(0, 100, 200, 30)),
    ];
    const all = lines.map(({ text, quad }) => read(text, quad));
    expect(wordsOfLines(all, lines, 24)).toEqual({ right: 1, wanted: 1 });
  });
});

describe('words that are labelled one by one', () => {
  it('are looked for, along the line, in the found one that covers at least half of them', () => {
    const words = [
      labelled('NOTHING?', box(210, 0, 90, 30)),
      labelled('FOR', box(105, 0, 95, 30)),
      labelled('PAY', box(0, 0, 100, 30)),
    ];
    expect(wordsInLines([read('pay for nothing', box(0, 0, 300, 30))], words)).toEqual({ right: 3, wanted: 3 });
    expect(wordsInLines([read('pay for nothing', box(0, 0, 150, 30))], words)).toEqual({ right: 1, wanted: 3 });
    expect(wordsInLines([read('nothing for pay', box(0, 0, 300, 30))], words)).toEqual({ right: 1, wanted: 3 });
  });

  it('belong to one line, and those nobody wrote down to none', () => {
    const words = [
      labelled('EXIT', box(0, 0, 100, 30)),
      labelled('', box(0, 50, 100, 30)),
      labelled('x', box(0, 0, 9, 9), true),
    ];
    const found = [read('EXIT', box(0, 0, 100, 30)), read('EXIT', box(0, 0, 110, 34))];
    expect(wordsInLines(found, words)).toEqual({ right: 1, wanted: 1 });
    expect(wordsInLines([], words)).toEqual({ right: 0, wanted: 1 });
  });
});

describe('figures of readings', () => {
  const judged = [
    { truth: 'Café', text: 'Cafe\u0301', score: 0.95 },
    { truth: 'EXIT', text: 'EX1', score: 0.85 },
    { truth: 'a', text: '', score: 0 },
    { truth: 'b', text: 'b', score: 1 },
  ];

  it('count characters over all lines, accents composed', () => {
    expect(readingFigures(judged)).toEqual({ lines: 4, characters: 10, errorRate: 0.3, allRight: 0.5 });
    expect(readingFigures([]).errorRate).toBeNaN();
  });

  it('sort lines by how sure they are, full sureness among the surest', () => {
    expect(sureLines(judged)).toEqual([
      { from: 0, to: 0.1, lines: 1, sure: 0, charactersRight: 0, allRight: 0 },
      { from: 0.8, to: 0.9, lines: 1, sure: 0.85, charactersRight: 0.5, allRight: 0 },
      { from: 0.9, to: 1, lines: 2, sure: 0.975, charactersRight: 1, allRight: 1 },
    ]);
  });

  it('tell by how much scores are off', () => {
    expect(calibrationError(judged)).toBeCloseTo((0.35 + 2 * 0.025) / 4, 10);
    const right = (score: number, count: number, of: number) =>
      Array.from({ length: of }, (_, i) => ({ truth: 'a', text: i < count ? 'a' : 'b', score }));
    expect(calibrationError([...right(0.75, 3, 4), ...right(0.5, 1, 2)])).toBeCloseTo(0, 10);
  });
});

describe('labels', () => {
  const inFolder = workspace();

  it('of drawn scenes and lines are read from what dump.py writes', async () => {
    const [labels, folder] = [inFolder('labels.json'), inFolder('.')];
    const quad = box(1, 2, 30, 10);
    const lines = [{ text: 'Ja', quad, words: [quad], ignored: false }];
    await writeFile(labels, JSON.stringify({ scenes: [{ file: '0.jpg', kind: 'street', lines }] }));
    expect(await readScenes(folder)).toEqual([
      { path: inFolder('0.jpg'), lines: [{ text: 'Ja', quad, ignored: false }] },
    ]);
    await writeFile(labels, JSON.stringify({ lines: [{ file: '0.png', kind: 'print', text: 'Ja', height: 12.5 }] }));
    expect(await readCrops(folder)).toEqual([{ path: inFolder('0.png'), kind: 'print', truth: 'Ja', height: 12.5 }]);
  });

  it('that are not there are nothing', async () => {
    const nowhere = inFolder('nowhere');
    expect(await readScenes(nowhere)).toBeUndefined();
    expect(await readCrops(nowhere)).toBeUndefined();
    expect(await readPhotographs(nowhere)).toBeUndefined();
    expect(await readWordCrops(nowhere)).toBeUndefined();
  });
});
