import { afterAll, describe, expect, it, vi } from 'vitest';
import { detectionFigures } from '../../../../bench/quality/text/detection-section.js';
import { joinedWords } from '../../../../bench/quality/text/joined-words.js';
import type { LabelledLine } from '../../../../bench/quality/text/labelled-scenes.js';
import {
  clockwiseQuad,
  countLines,
  lineFigures,
  matchQuads,
  quadHeight,
  summedCounts,
} from '../../../../bench/quality/text/quad-matching.js';
import { readingFigures } from '../../../../bench/quality/text/reading-section.js';
import { disposeDefaultInferencePool } from '../../../../models/default-pool.js';
import { quadOverlap } from '../../../../operators/text/quad-math.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';
import { workspace } from '../../../helpers/workspace.js';

const box = (x: number, y: number, width: number, height: number): TextQuad => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];
const line = (quad: TextQuad, ignored = false): LabelledLine => ({ quad, ignored, text: '' });

describe('matching quadrangles', () => {
  it('knows what tilted ones share', () => {
    const tilted = clockwiseQuad([
      [10, 5],
      [108, 12],
      [106, 40],
      [8, 33],
    ]);
    // What matching.py gives, with OpenCV.
    expect(quadOverlap(box(0, 0, 100, 30), tilted)).toBeCloseTo(0.52531, 4);
  });

  it('pairs one to one, those that share most first', () => {
    const found = [box(0, 0, 100, 20), box(2, 0, 100, 20), box(300, 0, 50, 20)];
    expect(matchQuads(found, [box(3, 0, 100, 20), box(0, 40, 100, 20)])).toEqual([
      expect.objectContaining({ found: 1, line: 0 }),
    ]);
  });

  it('takes a box that shares half, and none that shares less', () => {
    expect(matchQuads([box(0, 0, 50, 20)], [box(0, 0, 100, 20)])).toHaveLength(1);
    expect(matchQuads([box(0, 0, 49, 20)], [box(0, 0, 100, 20)])).toHaveLength(0);
  });

  it('turns corners clockwise, and refuses what has not four', () => {
    const [a, b, c, d] = box(0, 0, 10, 5);
    expect(clockwiseQuad([d, c, b, a])).toEqual([a, b, c, d]);
    expect(clockwiseQuad([a, b, c, d])).toEqual([a, b, c, d]);
    expect(() => clockwiseQuad([a, b, c])).toThrow('four corners, got 3');
  });

  it('measures how high a line is, whatever its direction', () => {
    expect(quadHeight(box(0, 0, 100, 20))).toBe(20);
    expect(quadHeight(box(0, 0, 20, 100))).toBe(20);
  });
});

describe('counting lines', () => {
  it('counts what was found, what is there, and what is both', () => {
    const found = [box(0, 0, 100, 20), box(0, 100, 100, 20)];
    const lines = [line(box(0, 0, 100, 20)), line(box(0, 50, 100, 20)), line(box(0, 200, 100, 20))];
    expect(countLines(found, lines)).toEqual({ right: 1, found: 2, wanted: 3 });
  });

  it('excuses boxes that lie by half in what is ignored, and asks for nothing there', () => {
    const ignored = line(box(0, 0, 100, 100), true);
    expect(countLines([box(10, 10, 50, 20), box(90, 10, 50, 20)], [ignored])).toEqual({
      right: 0,
      found: 1,
      wanted: 0,
    });
  });

  it('neither asks for low lines nor calls them mistakes, nor low boxes without a line', () => {
    const lines = [line(box(0, 0, 100, 30)), line(box(0, 50, 100, 20))];
    const found = [box(0, 0, 100, 30), box(0, 50, 100, 20), box(200, 0, 100, 20), box(200, 50, 100, 30)];
    expect(countLines(found, lines, 24)).toEqual({ right: 1, found: 2, wanted: 1 });
  });

  it('gives figures of all pictures together', () => {
    const counts = summedCounts([
      { right: 3, found: 4, wanted: 3 },
      { right: 0, found: 2, wanted: 1 },
    ]);
    const { precision, recall, f } = lineFigures(counts);
    expect([precision, recall, f].map((value) => value.toFixed(3))).toEqual(['0.500', '0.750', '0.600']);
    expect(lineFigures({ right: 0, found: 0, wanted: 0 })).toEqual({ precision: 0, recall: 0, f: 0 });
  });
});

describe('joining words', () => {
  const joinedBoxes = (...words: LabelledLine[]) => joinedWords(words).length;

  it('makes a line of words next to each other, whatever their order', () => {
    const [first, second, third] = [box(0, 0, 50, 20), box(60, 1, 50, 20), box(118, 0, 60, 22)].map((quad) =>
      line(quad),
    );
    const joined = joinedWords([third, first, second] as LabelledLine[]);
    expect(joined).toHaveLength(1);
    expect(quadOverlap(joined[0]?.quad ?? box(0, 0, 1, 1), box(0, 0, 178, 22))).toBeCloseTo(1, 5);
  });

  it('keeps apart what is far, aside, or of another height', () => {
    const word = line(box(0, 0, 50, 20));
    expect(joinedBoxes(word, line(box(67, 0, 50, 20)))).toBe(2);
    expect(joinedBoxes(word, line(box(60, 9, 50, 20)))).toBe(2);
    expect(joinedBoxes(word, line(box(60, -7, 50, 33)))).toBe(2);
  });

  it('leaves ignored ones as they are', () => {
    const ignored = line(box(60, 0, 50, 20), true);
    expect(joinedWords([ignored, line(box(0, 0, 50, 20))])).toEqual([line(box(0, 0, 50, 20)), ignored]);
  });
});

describe('sections of the report', () => {
  const inFolder = workspace();
  afterAll(disposeDefaultInferencePool);

  it.each([detectionFigures, readingFigures])('say what is not there (%o)', async (figures) => {
    vi.stubEnv('VITASCOPE_MODELS', inFolder('models'));
    const { title, notes } = await figures({
      ...{
        shared: inFolder('shared'),
        detector: 'no-detector',
        reader: 'no-reader',
        peerDetector: 'ppocr-v3',
        peerReader: 'tesseract',
      },
      ...{ lines: inFolder('lines'), mostScenes: 1, mostLines: 1, progress: () => undefined },
    });
    expect(title).not.toBe('');
    expect(notes.filter((note) => note.includes('skipped'))).toHaveLength(4);
  });
});
