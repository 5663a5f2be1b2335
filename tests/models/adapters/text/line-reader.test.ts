import { readFile, writeFile } from 'node:fs/promises';
import { distance } from 'fastest-levenshtein';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openLineOrientation } from '../../../../models/adapters/text/line-orientation.js';
import { openLineReader } from '../../../../models/adapters/text/line-reader.js';
import { type Quad, turnedQuad } from '../../../../models/adapters/text/quad.js';
import { openTextDetector } from '../../../../models/adapters/text/text-detector.js';
import type { AdapterParameters } from '../../../../models/catalog/adapter-parameters.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { testFrame } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';
import { failure } from '../../helpers.js';
import { modelFiles } from './model-files.js';
import { realDetector, realFiles, realOrientation, realTesseract } from './parameters-of-models.js';
import { haveShared, shared, still } from './stills.js';
import { writeTinyReader } from './tiny-reader.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let pool: InferencePool;

beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 2 });
});

afterAll(() => pool.dispose());

interface Line {
  readonly language: string;
  readonly text: string;
  readonly quad: Quad;
}

interface Expected {
  readonly lines: readonly { text: string; score: number; upright: number; turned: number }[];
  readonly words: Readonly<Record<string, { text: string; score: number }>>;
}

async function json<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8')) as T;
}

function page(): Promise<VideoFrame> {
  return still(new URL('lines.png', import.meta.url).pathname);
}

function errorRate(read: readonly string[], written: readonly string[]): number {
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return sum(read.map((text, i) => distance(text, written[i] ?? ''))) / sum(written.map((text) => text.length));
}

/** The lines of the page, read by the model of each line's language. */
async function readPage(quads: readonly Quad[], beam: number, margin = 0): Promise<{ text: string; score: number }[]> {
  const lines = await json<Line[]>('lines.json');
  const frame = await page();
  const read: { text: string; score: number }[] = [];
  for (const language of new Set(lines.map((line) => line.language))) {
    await using reader = await openLineReader(realTesseract(language), pool);
    const own = quads.filter((_, i) => lines[i]?.language === language);
    read.push(...(await reader.read(frame, own, { beam, margin })));
  }
  frame.close();
  return read;
}

const haveTesseract = haveShared(realFiles.tesseract);

describe.skipIf(!haveTesseract)(`Tesseract's LSTM${haveTesseract ? '' : ' (needs ../shared/weights)'}`, () => {
  it.each([1, 8])('reads what a referee reads in six languages, with a beam of %d', async (beam) => {
    const lines = await json<Line[]>('lines.json');
    const { lines: expected } = await json<Expected>('expected-lines.json');
    const read = await readPage(
      lines.map(({ quad }) => quad),
      beam,
    );
    expect(
      errorRate(
        read.map(({ text }) => text),
        expected.map(({ text }) => text),
      ),
    ).toBeLessThan(0.005);
    expect(
      errorRate(
        read.map(({ text }) => text),
        lines.map(({ text }) => text),
      ),
    ).toBeLessThan(0.01);
    for (const [i, { score }] of read.entries()) {
      expect(Math.abs(score - (expected[i]?.score ?? 0))).toBeLessThan(0.05);
    }
  });

  it.skipIf(!haveShared('data/text/mmocr'))('reads words in photographs as a referee does', async () => {
    const { words } = await json<Expected>('expected-lines.json');
    await using reader = await openLineReader(realTesseract('eng'), pool);
    const read: string[] = [];
    for (const name of Object.keys(words)) {
      const frame = await still(shared('data/text/mmocr/rec_toy_dataset/imgs', name));
      const { width, height } = frame;
      const whole: Quad = [
        [0, 0],
        [width, 0],
        [width, height],
        [0, height],
      ];
      read.push((await reader.read(frame, [whole]))[0]?.text ?? '');
      frame.close();
    }
    expect(read).toEqual(expect.arrayContaining(['03/09/2009', 'ATTACK']));
    // Most are below what this model can read; there a pixel's noise decides.
    expect(
      errorRate(
        read,
        Object.values(words).map(({ text }) => text),
      ),
    ).toBeLessThan(0.1);
  });

  it('gives each character of a line, with its score', async () => {
    await using reader = await openLineReader(realTesseract('eng'), pool);
    const [line] = await json<Line[]>('lines.json');
    const frame = await page();
    const [read] = await reader.read(frame, [line?.quad as Quad]);
    frame.close();
    expect(read?.characters.map(({ text }) => text).join('')).toBe(line?.text);
    for (const { score } of read?.characters ?? []) expect(score).toBeGreaterThan(0.5);
  });

  it.skipIf(!haveShared(realFiles.detector))('reads the lines that a detector finds', async () => {
    const lines = await json<Line[]>('lines.json');
    const frame = await page();
    await using detector = await openTextDetector(realDetector(), pool);
    const boxes = await detector.detect(frame, { longestSide: 2064 });
    frame.close();
    const far = (a: Quad, b: Quad): number => Math.hypot(a[0][0] - b[0][0], a[0][1] - b[0][1]);
    const nearest = lines.map(({ quad }) =>
      boxes.map((box) => box.quad).reduce((best, other) => (far(other, quad) < far(best, quad) ? other : best)),
    );
    const read = await readPage(nearest, 1, 0.15);
    expect(
      errorRate(
        read.map(({ text }) => text),
        lines.map(({ text }) => text),
      ),
    ).toBeLessThan(0.03);
  });

  it('refuses an alphabet of another model', async () => {
    const { file, ...eng } = realTesseract('eng');
    const mixed = {
      ...eng,
      file: (name?: string) => (name === 'alphabet.json' ? realTesseract('fra') : { file }).file(name),
    };
    expect(await failure(openLineReader(mixed, pool))).toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('the alphabet has 140 classes, the model 111'),
    });
  });
});

const haveOrientation = haveShared(realFiles.orientation);

describe.skipIf(!haveOrientation)(
  `PP-OCR's line classifier${haveOrientation ? '' : ' (needs ../shared/weights)'}`,
  () => {
    it('tells upside down as a referee does', async () => {
      const lines = await json<Line[]>('lines.json');
      const { lines: expected } = await json<Expected>('expected-lines.json');
      await using orientation = await openLineOrientation(realOrientation(), pool);
      const frame = await page();
      const upright = await orientation.classify(
        frame,
        lines.map(({ quad }) => quad),
      );
      const turned = await orientation.classify(
        frame,
        lines.map(({ quad }) => turnedQuad(quad)),
      );
      frame.close();
      // One line, squeezed to a third of its width, lies on the edge and is left out.
      const clear = expected.flatMap((line, i) => (line.turned > 0.9 ? i : []));
      expect(clear.length).toBeGreaterThanOrEqual(lines.length - 1);
      for (const i of clear) {
        expect(upright[i]).toBeCloseTo(expected[i]?.upright ?? NaN, 1);
        expect(turned[i]).toBeCloseTo(expected[i]?.turned ?? NaN, 1);
      }
    });

    it('turns what stands on its head', async () => {
      const line = (await json<Line[]>('lines.json'))[1]?.quad as Quad;
      await using orientation = await openLineOrientation(realOrientation(), pool);
      const frame = await page();
      expect(await orientation.upright(frame, [line, turnedQuad(line)])).toEqual([line, line]);
      frame.close();
    });
  },
);

describe('a reader with the contract of PP-OCR', () => {
  const path = workspace();
  const parameters: AdapterParameters = { channels: 'BGR', range: [-1, 1], pad: 0, size: [48, 64], fit: 'height' };

  /** A gray picture with bands of 16 columns, each of a level: 0 is blank, 1 to 3 are characters. */
  function banded(levels: readonly number[]): VideoFrame {
    const width = levels.length * 16;
    const color = { ...testFrame().color, range: 'pc' as const };
    const frame = testFrame(0, { width, height: 48, pixelFormat: 'yuv444p', color });
    const gray = (x: number): number => Math.round(127.5 * (1 + (levels[Math.floor(x / 16)] ?? 0) / 3));
    const luma = frame.plane(0);
    for (let i = 0; i < luma.length; i++) luma[i] = gray(i % width);
    for (const chroma of [1, 2] as const) frame.plane(chroma).fill(128);
    return frame;
  }

  function columns(from: number, to: number): Quad {
    return [
      [from, 0],
      [to, 0],
      [to, 48],
      [from, 48],
    ];
  }

  it('reads lines of different lengths in one go, in the order of the call', async () => {
    const file = await writeTinyReader(path('reader.onnx'), ['a', 'b']);
    const model = modelFiles(
      'ctc-ppocr',
      { 'model.onnx': file },
      { ...parameters, alphabetKey: 'character', appendSpace: true },
    );
    await using reader = await openLineReader(model, pool);
    const frame = banded([1, 0, 2, 2, 3, 1, 0, 0, 1, 2]);
    const read = await reader.read(frame, [columns(0, 160), columns(0, 64), columns(96, 128), columns(64, 160)]);
    frame.close();
    expect(read.map(({ text }) => text)).toEqual(['ab aab', 'ab', '', ' aab']);
    expect(read[0]?.characters[0]).toEqual({ text: 'a', score: expect.closeTo(0.97, 5) });
    expect(read[2]).toEqual({ text: '', score: 0, characters: [] });
  });

  it('has as much room right of every line as its entry asks for', async () => {
    const file = await writeTinyReader(path('room.onnx'), ['a', 'b']);
    const model = (adapter: AdapterParameters) =>
      modelFiles(
        'ctc-ppocr',
        { 'model.onnx': file },
        { ...parameters, alphabetKey: 'character', appendSpace: true, ...adapter },
      );
    const frame = banded([1, 2, 1, 2]);
    const read = async (adapter: AdapterParameters): Promise<string | undefined> => {
      await using reader = await openLineReader(model(adapter), pool);
      return (await reader.read(frame, [columns(0, 64)]))[0]?.text;
    };
    // What stands there looks like a letter.
    expect(await read({ pad: 1 / 3 })).toBe('abab');
    expect(await read({ pad: 1 / 3, padRight: 16 })).toBe('ababa');
    expect(await failure(openLineReader(model({ padRight: 'wide' }), pool))).toMatchObject({ code: 'MODEL_INVALID' });
    frame.close();
  });

  it('takes its characters from a file beside it', async () => {
    const file = await writeTinyReader(path('plain.onnx'));
    const alphabet = path('alphabet.txt');
    await writeFile(alphabet, 'x\ny\nz\n');
    await using reader = await openLineReader(
      modelFiles('ctc-ppocr', { 'model.onnx': file, 'alphabet.txt': alphabet }, parameters),
      pool,
    );
    const frame = banded([3, 2, 1, 0]);
    expect((await reader.read(frame, [columns(0, 64)]))[0]?.text).toBe('zyx');
    frame.close();
  });

  it('needs as many characters as classes, and the metadata that its entry tells of', async () => {
    const short = await writeTinyReader(path('short.onnx'), ['a', 'b']);
    const open = (adapter: AdapterParameters, file: string) =>
      failure(openLineReader(modelFiles('ctc-ppocr', { 'model.onnx': file }, { ...parameters, ...adapter }), pool));
    expect(await open({ alphabetKey: 'character' }, short)).toMatchObject({ code: 'MODEL_INVALID' });
    expect(await open({ alphabetKey: 'letters' }, short)).toMatchObject({ code: 'MODEL_INVALID' });
    expect(await open({}, short)).toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
});
