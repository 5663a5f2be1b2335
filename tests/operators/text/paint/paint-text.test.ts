import { map, type Observable, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type PaintTextOptions, paintText } from '../../../../operators/text/paint/paint-text.js';
import type { SeenText, TextQuad, TextsMeta } from '../../../../operators/text/texts-meta.js';
import { mulberry32 } from '../../../../pipeline/mulberry32.js';
import { pixelFormats } from '../../../../pipeline/picture.js';
import { attach, type VideoSample } from '../../../../pipeline/sample.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { itKeepsTheFrameOperatorLaws } from '../../../helpers/frame-operator-laws.js';
import { expectBalanced } from '../../../helpers/frames.js';
import { darkCenter, GROUND, HEIGHT, seen, signFrame, signQuad, WIDTH } from './signs.js';

const withTexts =
  (...texts: readonly SeenText[]) =>
  (source: Observable<VideoSample>): Observable<VideoSample<TextsMeta>> =>
    source.pipe(map((sample) => attach(sample, { texts })));

/** Paints frames in order, and shows each. */
async function painted(
  options: PaintTextOptions,
  samples: readonly VideoSample<TextsMeta>[],
  look: (frame: VideoFrame, index: number) => void,
): Promise<void> {
  let count = 0;
  await new Promise<void>((resolve, reject) => {
    of(...samples)
      .pipe(paintText(options))
      .subscribe({
        next: ({ frame }) => {
          try {
            look(frame, count++);
          } catch (error) {
            reject(error);
          }
          frame.close();
        },
        error: reject,
        complete: resolve,
      });
  });
  expect(count).toBe(samples.length);
}

/** A quad whose right end is elsewhere. */
function withEnd([a, b, c, d]: TextQuad, by: number): TextQuad {
  return [a, [b[0] + by, b[1]], [c[0] + by, c[1]], d];
}

/** Paints one frame of the sign, and compares it with what it was. */
async function changed(texts: readonly SeenText[], options: PaintTextOptions = {}, word = 'SORTIE'): Promise<number> {
  const before = signFrame(0, {}, { word });
  const codes = before.plane(0).slice();
  let count = 0;
  await painted(options, [{ frame: before, meta: { texts } }], (frame) => {
    count = frame.plane(0).filter((code, at) => code !== codes[at]).length;
  });
  return count;
}

describe('paintText', () => {
  itKeepsTheFrameOperatorLaws({
    apply: (source) =>
      source.pipe(
        withTexts(
          seen({
            quad: [
              [1, 0],
              [7, 0],
              [7, 4],
              [1, 4],
            ],
          }),
        ),
        paintText(),
      ),
    synchronous: false,
  });

  it('stays on a board that is lower than the box of the line, and leaves the wall behind it alone', () =>
    expectBalanced(async () => {
      const WALL = 110;
      const [top, bottom] = [54, 100];
      const frame = signFrame(0);
      const luma = frame.plane(0);
      for (let y = 0; y < HEIGHT; y++) if (y < top || y >= bottom) luma.fill(WALL, y * WIDTH, (y + 1) * WIDTH);
      const quad: TextQuad = [
        [94, 50],
        [244, 50],
        [244, 104],
        [94, 104],
      ];
      await painted({}, [{ frame, meta: { texts: [seen({ quad })] } }], (result) => {
        const codes = result.plane(0);
        const wall = codes.filter((_, at) => at < (top - 1) * WIDTH || at >= (bottom + 1) * WIDTH);
        expect(Math.max(...wall.map((code) => Math.abs(code - WALL)))).toBeLessThan(8);
        const dark = [...codes].flatMap((code, at) => (code < 100 ? [Math.trunc(at / WIDTH)] : []));
        expect(Math.min(...dark)).toBeGreaterThan(60);
        expect(Math.max(...dark)).toBeLessThan(94);
      });
    }));

  it('leaves nothing of a word that was seen in part first, though what it says was known', () =>
    expectBalanced(async () => {
      const part = seen({ quad: withEnd(signQuad(), -40) });
      const samples = [part, part, part, part, seen(), seen()].map((text, i) => ({
        frame: signFrame(i),
        meta: { texts: [text] },
      }));
      const dark: number[] = [];
      await painted({}, samples, (frame) => dark.push(darkCenter(frame)[2]));
      let whole = 0;
      await painted({}, [{ frame: signFrame(0), meta: { texts: [seen()] } }], (frame) => {
        whole = darkCenter(frame)[2];
      });
      expect(dark.at(-1)).toBeCloseTo(whole, -1);
      expect(dark[0]).toBeGreaterThan(1.1 * whole);
    }));

  it('takes the old word out and writes the new one in its place, its size and its colour', () =>
    expectBalanced(async () => {
      const [x, y] = darkCenterOf(signFrame(0));
      await painted({}, [{ frame: signFrame(0), meta: { texts: [seen()] } }], (frame) => {
        const [newX, newY] = darkCenter(frame);
        expect(Math.abs(newX - x)).toBeLessThan(6);
        expect(Math.abs(newY - y)).toBeLessThan(2);
        expect(Math.min(...frame.plane(0))).toBeLessThan(60);
        // SORTIE is wider than EXIT: what it had at its ends is ground now.
        for (const column of [101, 104, 228, 232]) {
          for (let row = 60; row < 94; row++) expect(frame.plane(0)[row * WIDTH + column]).toBeGreaterThan(GROUND - 12);
        }
      });
    }));

  it('touches nothing farther from the line than half its height', () =>
    expectBalanced(async () => {
      await painted({}, [{ frame: signFrame(0), meta: { texts: [seen()] } }], (frame) => {
        const luma = frame.plane(0);
        for (let at = 0; at < luma.length; at++) {
          const [x, y] = [at % WIDTH, Math.trunc(at / WIDTH)];
          if (x < 65 || x > 270 || y < 40 || y > 114) expect(luma[at]).toBe(GROUND);
        }
      });
    }));

  it('leaves texts as they are that have no translation, say the same, are faded out, mirrored, tiny, outside or in letters that no font has', () =>
    expectBalanced(async () => {
      const [a, b, c, d] = signQuad();
      const { translation: _, ...untranslated } = seen();
      const outside = signQuad(2000);
      const tiny: TextQuad = [
        [10, 10],
        [13, 10],
        [13, 12],
        [10, 12],
      ];
      for (const text of [
        untranslated,
        seen({ translation: 'SORTIE' }),
        seen({ translation: '   ' }),
        seen({ translation: '😀' }),
        seen({ translation: '\u{10FFFD}\u{10FFFC}' }),
        seen({ opacity: 0 }),
        seen({ quad: [b, a, d, c] }),
        seen({ quad: outside }),
        seen({ quad: tiny }),
        seen({ quad: [[Number.NaN, 0], b, c, d] }),
      ]) {
        expect(await changed([text])).toBe(0);
      }
    }));

  it('takes a line out whose translation is empty, and writes nothing', () =>
    expectBalanced(async () => {
      const samples = [0, 1].map((index) => ({
        frame: signFrame(index),
        meta: { texts: [seen({ translation: '' })] },
      }));
      await painted({}, samples, (frame) => {
        for (const code of frame.plane(0)) expect(code).toBeGreaterThan(GROUND - 12);
      });
    }));

  it('leaves a line with an empty translation where it only adds to the picture', () =>
    expectBalanced(async () => {
      for (const style of ['caption', 'bilingual'] as const) {
        expect(await changed([seen({ translation: '' })], { style })).toBe(0);
      }
    }));

  it('leaves a line with an empty translation where no font has the letters of the lines before', () =>
    expectBalanced(async () => {
      const above = signQuad().map(([x, y]) => [x, y - 45]) as unknown as TextQuad;
      const unknown = seen({ id: 2, quad: above, translation: '\u{10FFFD}\u{10FFFC}' });
      expect(await changed([unknown, seen({ translation: '' })])).toBe(0);
    }));

  it('writes what emoji stand in without them', () =>
    expectBalanced(async () => {
      expect(await changed([seen({ translation: 'EXIT 😀' })])).toBeGreaterThan(500);
    }));

  it.each(pixelFormats)('paints %s', (pixelFormat) =>
    expectBalanced(async () => {
      const frame = signFrame(0, { pixelFormat });
      const unit = 2 ** (frame.bitDepth - 8);
      await painted({}, [{ frame, meta: { texts: [seen()] } }], (after) => {
        expect(after.plane(0)[77 * WIDTH + 102]).toBeGreaterThan((GROUND - 12) * unit);
        expect(Math.min(...after.plane(0))).toBeLessThan(60 * unit);
        for (const code of [...after.plane(1), ...after.plane(2)])
          expect(Math.abs(code - 128 * unit)).toBeLessThanOrEqual(2 * unit);
      });
    }),
  );

  it('paints a copy where somebody else holds the frame', () =>
    expectBalanced(async () => {
      const frame = signFrame(0).retain();
      const codes = frame.plane(0).slice();
      await painted({}, [{ frame, meta: { texts: [seen()] } }], (after) => expect(after).not.toBe(frame));
      expect(frame.plane(0)).toEqual(codes);
      frame.close();
    }));

  it('adds a caption, or the other language, and leaves the old word', () =>
    expectBalanced(async () => {
      for (const style of ['caption', 'bilingual'] as const) {
        const before = signFrame(0);
        const codes = before.plane(0).slice();
        await painted({ style }, [{ frame: before, meta: { texts: [seen()] } }], (frame) => {
          const rows = new Set<number>();
          for (const [at, code] of frame.plane(0).entries()) if (code !== codes[at]) rows.add(Math.trunc(at / WIDTH));
          expect(rows.size).toBeGreaterThan(10);
          expect(Math.min(...rows)).toBeGreaterThan(91);
        });
      }
    }));

  it('keeps the new word still while the quad shakes and the picture has grain', () =>
    expectBalanced(async () => {
      const random = mulberry32(11);
      const samples = Array.from({ length: 60 }, (_, index): VideoSample<TextsMeta> => {
        const quad = signQuad().map(([x, y]) => [x + 2 * random() - 1, y + 2 * random() - 1]) as unknown as TextQuad;
        return { frame: signFrame(index, {}, { grain: 6 }), meta: { texts: [seen({ quad })] } };
      });
      const places: (readonly [number, number, number])[] = [];
      await painted({}, samples, (frame) => places.push(darkCenter(frame)));
      const settled = places.slice(10);
      const [meanX, meanY] = [0, 1].map(
        (i) => settled.reduce((sum, p) => sum + (p[i] as number), 0) / settled.length,
      ) as [number, number];
      for (const [x, y] of settled) expect(Math.hypot(x - meanX, y - meanY)).toBeLessThan(0.5);
    }));

  it('goes with a pan, less than two pixels behind', () =>
    expectBalanced(async () => {
      const placeAt = (index: number): number => 60 + 3 * index;
      const samples = Array.from({ length: 30 }, (_, index): VideoSample<TextsMeta> => {
        const x = placeAt(index);
        return { frame: signFrame(index, {}, { x }), meta: { texts: [seen({ quad: signQuad(x) })] } };
      });
      const offsets: number[] = [];
      await painted({}, samples, (frame, index) => offsets.push(darkCenter(frame)[0] - placeAt(index)));
      const settled = offsets.slice(6);
      for (const offset of settled) expect(Math.abs(offset - (settled[0] as number))).toBeLessThan(2);
    }));

  it('looks at a wall of text piece by piece, and paints as many lines as it may', () =>
    expectBalanced(async () => {
      const texts = Array.from({ length: 500 }, (_, i): SeenText => {
        const [x, y] = [(i % 10) * 32, Math.trunc(i / 10) * 3.2];
        return seen({
          id: i + 1,
          quad: [
            [x, y],
            [x + 30, y],
            [x + 30, y + 8 + i / 100],
            [x, y + 8 + i / 100],
          ],
        });
      });
      const samples = [0, 1].map((index) => ({ frame: signFrame(index), meta: { texts } }));
      await painted({ mostLines: 12 }, samples, (frame) => expect(frame.closed).toBe(false));
    }));

  it('sets the lines of a card anew together', () =>
    expectBalanced(async () => {
      const card = [seen({ isCard: true, translation: 'THE EXIT' })];
      await painted({}, [{ frame: signFrame(0), meta: { texts: card } }], (frame) => {
        expect(darkCenter(frame)[2]).toBeGreaterThan(1000);
        const luma = frame.plane(0);
        expect(luma[10 * WIDTH + 10]).toBe(GROUND);
        expect(luma.length).toBe(WIDTH * HEIGHT);
      });
    }));

  it('sets a card in fewer lines where the last has an empty translation', () =>
    expectBalanced(async () => {
      const above = signQuad().map(([x, y]) => [x, y - 45]) as unknown as TextQuad;
      const card = [
        seen({ id: 2, quad: above, text: 'PAR ICI', translation: 'EXIT', isCard: true }),
        seen({ isCard: true, translation: '' }),
      ];
      const [, oldY] = darkCenterOf(signFrame(0));
      await painted({}, [{ frame: signFrame(0), meta: { texts: card } }], (frame) => {
        const [, y, dark] = darkCenter(frame);
        expect(dark).toBeGreaterThan(1000);
        expect(y).toBeLessThan(oldY - 10);
      });
    }));

  it('refuses options that are wrong, and fonts that are not installed', () => {
    expect(() => paintText({ style: 'neon' as 'replace' })).toThrow(/paint-text: style/);
    expect(() => paintText({ font: 'No Such Family' })).toThrow(/No Such Family/);
  });
});

function darkCenterOf(frame: VideoFrame): readonly [number, number, number] {
  const place = darkCenter(frame);
  frame.close();
  return place;
}
