import { setTimeout } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { LineReader } from '../../../../models/adapters/text/line-reader.js';
import type { TextDetector } from '../../../../models/adapters/text/text-detector.js';
import { type ReadTextOptions, readText } from '../../../../operators/text/read/read-text.js';
import type { SeenText, TextQuad, TextsMeta } from '../../../../operators/text/texts-meta.js';
import type { VideoSample } from '../../../../pipeline/sample.js';
import { itKeepsTheFrameOperatorLaws } from '../../../helpers/frame-operator-laws.js';
import { collect, expectBalanced } from '../../../helpers/frames.js';
import { type DrawnLine, drawnFilm, FakeDetector, FakeReader, quadOf, WIDTH } from './drawn-lines.js';

const pool = { workers: 1, load: () => Promise.reject(new Error('no model is wanted')) };

type Given = Omit<ReadTextOptions, 'textDetector' | 'lineReader'> & { readonly lineReader?: FakeReader };

function options(lines: readonly DrawnLine[], more: Given = {}) {
  const [textDetector, lineReader] = [new FakeDetector(lines), new FakeReader(lines)];
  return { pool, textDetector, lineReader, ...more };
}

async function textsOf(
  film: Observable<VideoSample>,
  given: ReadTextOptions,
): Promise<readonly (readonly SeenText[])[]> {
  const texts: (readonly SeenText[])[] = [];
  const { error } = await collect(film.pipe(readText(given)), ({ meta }) => texts.push((meta as TextsMeta).texts));
  expect(error).toBeUndefined();
  return texts;
}

const still = (text: string, x: number, y: number): DrawnLine => ({ text, at: () => [x, y] });

/** Distance of a text's first corner from a place. */
function off(text: SeenText | undefined, [x, y]: readonly [number, number]): number {
  const [left, top] = text?.quad[0] ?? [Number.NaN, Number.NaN];
  return Math.hypot(left - x, top - y);
}

describe('readText', { timeout: 120_000 }, () => {
  itKeepsTheFrameOperatorLaws({
    apply: (source) => source.pipe(readText(options([]))),
    synchronous: false,
    slots: 8,
  });

  it('reads a line and keeps its id and its place while the picture trembles with grain', () =>
    expectBalanced(async () => {
      const lines = [still('Sortie de secours', 40, 30)];
      const given = options(lines);
      const texts = await textsOf(drawnFilm(24, lines, { grain: 8 }), given);
      expect(texts.map((seen) => seen.map(({ id, text }) => `${id} ${text}`))).toEqual(
        Array(24).fill(['1 Sortie de secours']),
      );
      expect(given.textDetector.asked).toEqual([0, 5, 10, 15, 20]);
      for (const [seen] of texts) expect(off(seen, [40, 30])).toBeLessThan(0.5);
    }));

  it('follows a line that moves on the frames between looks, and is under two pixels off', () =>
    expectBalanced(async () => {
      const at = (i: number) => [20 + 1.7 * i, 20 + 0.9 * i] as const;
      const lines = [{ text: 'Gare du Nord', at }];
      const texts = await textsOf(drawnFilm(30, lines), options(lines, { every: 10 }));
      for (const [i, seen] of texts.entries()) {
        expect(seen.map(({ id }) => id)).toEqual([1]);
        expect(off(seen[0], at(i))).toBeLessThan(1);
      }
    }));

  it('finds a line again that has jumped by twice its height', () =>
    expectBalanced(async () => {
      const at = (i: number) => [20 + (i < 6 ? 0 : 36), 40] as const;
      const lines = [{ text: 'Gare du Nord', at }];
      const texts = await textsOf(drawnFilm(12, lines), options(lines, { every: 12 }));
      for (const [i, seen] of texts.entries()) {
        expect(seen.map(({ id }) => id)).toEqual([1]);
        expect(off(seen[0], at(i))).toBeLessThan(1);
      }
    }));

  it('finds a title in the frames before the look that found it, and ends it where it ends', () =>
    expectBalanced(async () => {
      const lines: DrawnLine[] = [{ text: 'Bonjour', at: (i) => (i >= 7 && i < 23 ? [40, 80] : undefined) }];
      const texts = await textsOf(drawnFilm(32, lines), options(lines, { every: 10, fadeMs: 0 }));
      const shown = texts.flatMap((seen, i) => (seen.length > 0 ? [i] : []));
      expect(shown).toEqual(Array.from({ length: 16 }, (_, i) => i + 7));
    }));

  it('tells a title from the one before it at the same place', () =>
    expectBalanced(async () => {
      const lines: DrawnLine[] = [
        { text: 'Bonjour', at: (i) => (i < 12 ? [40, 80] : undefined) },
        { text: 'Au revoir', at: (i) => (i >= 12 ? [40, 80] : undefined) },
      ];
      const texts = await textsOf(drawnFilm(24, lines), options(lines, { every: 4, fadeMs: 0 }));
      const said = texts.map((seen) => seen.map(({ id, text }) => `${id} ${text}`).join());
      expect(said).toEqual([...Array(12).fill('1 Bonjour'), ...Array(12).fill('2 Au revoir')]);
    }));

  it('fades lines in and out, but not at the beginning of a shot', () =>
    expectBalanced(async () => {
      const lines: DrawnLine[] = [
        still('Hôtel', 20, 10),
        { text: 'Bonjour', at: (i) => (i >= 5 && i < 12 ? [40, 80] : undefined) },
      ];
      const texts = await textsOf(drawnFilm(20, lines), options(lines, { every: 1, fadeMs: 160 }));
      const opacities = (wanted: string) =>
        texts.flatMap((seen) => seen.find(({ text }) => text === wanted)?.opacity ?? []);
      expect(opacities('Hôtel')).toEqual(Array(20).fill(1));
      expect(opacities('Bonjour')).toEqual([0.25, 0.5, 0.75, 1, 1, 1, 1, 0.75, 0.5, 0.25]);
    }));

  it('ends all lines at a cut, and looks there whatever its turn', () =>
    expectBalanced(async () => {
      const lines: DrawnLine[] = [
        { text: 'Bonjour', at: (i) => (i < 8 ? [10, 10] : undefined), width: 160, height: 40 },
        { text: 'Au revoir', at: (i) => (i >= 8 ? [20, 60] : undefined), width: 160, height: 40 },
      ];
      const given = options(lines, { every: 20 });
      const texts = await textsOf(drawnFilm(12, lines, { ground: (i) => (i < 8 ? 20 : 130) }), given);
      expect(given.textDetector.asked).toEqual([0, 8]);
      expect(texts.map((seen) => seen.map(({ id, opacity }) => [id, opacity]))).toEqual([
        ...Array(8).fill([[1, 1]]),
        ...Array(4).fill([[2, 1]]),
      ]);
    }));

  it('says what most readings say, and does not change its mind for one that is different', () =>
    expectBalanced(async () => {
      const lines = [still('Boulangerie', 40, 30)];
      const lineReader = new FakeReader(lines, (text, reading) =>
        reading % 3 === 2 ? { text: 'Bou1angerie', score: 0.9 } : { text, score: 0.9 },
      );
      const texts = await textsOf(drawnFilm(20, lines), options(lines, { every: 2, lineReader }));
      expect(new Set(texts.flatMap((seen) => seen.map(({ text }) => text)))).toEqual(new Set(['Boulangerie']));
    }));

  it('reads a line that stands still only a few times', () =>
    expectBalanced(async () => {
      const lines = [still('Boulangerie', 40, 30)];
      const given = options(lines, { every: 1 });
      await textsOf(drawnFilm(25, lines), given);
      expect(given.lineReader.asked.length).toBe(5);
    }));

  it('leaves out what the reader is not sure of, and what has neither letters nor digits', () =>
    expectBalanced(async () => {
      const lines = [still('ᚠᚢᚦ', 20, 10), still('—', 20, 40), still('Café', 20, 70)];
      const lineReader = new FakeReader(lines, (text) => ({ text, score: text === 'ᚠᚢᚦ' ? 0.3 : 0.9 }));
      const texts = await textsOf(drawnFilm(3, lines), options(lines, { lineReader }));
      expect(texts.map((seen) => seen.map(({ text }) => text))).toEqual(Array(3).fill(['Café']));
    }));

  it('reads a line anew when more of it comes into view, and keeps its id', () =>
    expectBalanced(async () => {
      // The network sees half of it first, and all of it from frame 6 on.
      const whole = { ...still('Clean hands with soap', 20, 40), width: 150 };
      const part = { text: 'Clean hands', width: 60, at: (i: number) => (i < 6 ? ([20, 40] as const) : undefined) };
      const found = { ...whole, at: (i: number) => (i < 6 ? undefined : ([20, 40] as const)) };
      const seen = await textsOf(drawnFilm(12, [whole]), options([part, found], { every: 2 }));
      expect(seen.map((texts) => texts.map(({ id, text }) => `${id} ${text}`).join())).toEqual([
        ...Array(5).fill('1 Clean hands'),
        ...Array(7).fill('1 Clean hands with soap'),
      ]);
    }));

  it('reads a line that comes in over the edge letter by letter, to its end', () =>
    expectBalanced(async () => {
      const at = (i: number) => [WIDTH - 12 - 6 * i, 40] as const;
      const line = { text: 'Sortie de secours', width: 100, at };
      const visible = (i: number): number => Math.min(line.width, WIDTH - at(i)[0]);
      const partOf = (i: number): TextQuad => quadOf({ ...line, width: visible(i) }, at(i));
      const textDetector: TextDetector = {
        detect: async ({ index }) => [{ quad: partOf(index), score: 0.9 }],
        [Symbol.asyncDispose]: async () => {},
      };
      const lineReader: LineReader = {
        languages: ['fr'],
        read: async (_, quads) =>
          quads.map(([a, b]) => {
            const share = Math.min(1, (b[0] - a[0]) / line.width);
            return { text: line.text.slice(0, Math.ceil(share * line.text.length)), score: 0.95, characters: [] };
          }),
        [Symbol.asyncDispose]: async () => {},
      };
      const given = { pool, textDetector, lineReader, every: 3 };
      const texts = await textsOf(drawnFilm(24, [line]), given);
      const [last] = texts.at(-1) ?? [];
      expect(last).toMatchObject({ id: 1, text: line.text });
      expect(off(last, at(23))).toBeLessThan(1);
      expect(last?.quad[1][0]).toBeCloseTo(at(23)[0] + line.width, -0.5);
      expect(new Set(texts.flatMap((seen) => seen.map(({ id }) => id)))).toEqual(new Set([1]));
    }));

  it('reads a line that appears where something was taken for text that is none', () =>
    expectBalanced(async () => {
      const fence = { ...still('', 10, 10), width: 160, height: 80 };
      const sign: DrawnLine = { text: 'Ouvert', at: (i) => (i >= 6 ? [50, 40] : undefined) };
      const lines = [fence, sign];
      const texts = await textsOf(drawnFilm(16, lines), options(lines, { every: 2 }));
      expect(texts.at(-1)?.map(({ text }) => text)).toEqual(['Ouvert']);
    }));

  it('bounds its work on a wall of text', () =>
    expectBalanced(async () => {
      const lines = Array.from({ length: 500 }, (_, i) => ({
        ...still(`line ${i}`, (i % 10) * 19, Math.floor(i / 10) * 2),
        width: 18,
        height: i === 7 ? 9 : 6,
      }));
      const given = options(lines, { maxLines: 12, every: 1 });
      const texts = await textsOf(drawnFilm(2, lines), given);
      for (const { lines: read } of given.lineReader.asked) expect(read).toBeLessThanOrEqual(12);
      for (const seen of texts) expect(seen.length).toBeLessThanOrEqual(12);
      expect(texts[0]?.some(({ text }) => text === 'line 7')).toBe(true);
    }));

  it('lets no live frame wait for a look, and carries what it found on to the frame that has come by then', () =>
    expectBalanced(async () => {
      const at = (i: number) => [20 + 2 * i, 30] as const;
      const lines = [{ text: 'Gare', at }];
      const given = options(lines, { every: 'auto', fadeMs: 0 });
      const texts = await textsOf(drawnFilm(20, lines), given);
      expect(texts[0]).toEqual([]);
      const last = texts.at(-1)?.[0];
      expect(last?.text).toBe('Gare');
      expect(off(last, at(19))).toBeLessThan(1);
    }));

  it('gives no live frame before its networks are open', () =>
    expectBalanced(async () => {
      const asked: string[] = [];
      const library = {
        find: async (id: string) => {
          asked.push(id);
          await setTimeout(20);
          throw new Error(`${id} is damaged`);
        },
      };
      let frames = 0;
      const given = { pool, library, every: 'auto' } as const;
      const { error } = await collect(drawnFilm(3, []).pipe(readText(given)), () => frames++);
      expect(`${error}`).toContain('text-detect-small is damaged');
      expect([frames, asked]).toEqual([0, ['text-detect-small']]);
    }));

  it('marks the lines of a card, and not those of a picture', () =>
    expectBalanced(async () => {
      const lines = [still('Fin', 50, 50)];
      const [[card] = []] = await textsOf(drawnFilm(1, lines), options(lines));
      expect(card?.isCard).toBe(true);
      const scene = drawnFilm(1, [
        ...lines,
        ...[0, 1, 2].map((i) => ({ ...still(`x${i}`, 0, i * 36), width: 190, height: 30 })),
      ]);
      const [[sign] = []] = await textsOf(scene, options(lines));
      expect(sign?.isCard).toBeUndefined();
    }));

  it('fails with what the reader fails with, and leaks nothing', () =>
    expectBalanced(async () => {
      const lines = [still('Café', 20, 70)];
      for (const every of [1, 4, 'auto'] as const) {
        const lineReader = new FakeReader(lines, () => {
          throw new Error('worker lost');
        });
        const { error } = await collect(drawnFilm(9, lines).pipe(readText(options(lines, { lineReader, every }))));
        expect(`${error}`).toContain('worker lost');
      }
    }));

  it('says at once which model is missing, and which option is wrong', () => {
    expect(() => readText({ detector: 'no-such-model' })).toThrow(/no-such-model.*models list --task text-detect/);
    expect(() => readText({ every: 0 })).toThrow(/read-text: every/);
  });
});
