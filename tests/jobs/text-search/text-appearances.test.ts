import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextAppearances, type TextFrame } from '../../../jobs/text-search/text-appearances.js';
import type { TextQuad } from '../../../operators/text/texts-meta.js';

const FRAME_US = 40_000;

function quad(size: number): TextQuad {
  return [
    [0, 0],
    [size, 0],
    [size, 10],
    [0, 10],
  ];
}

const seen = (text: string, score = 0.9, more = {}) => ({ id: 1, text, score, quad: quad(100), ...more });

/** Appearances in frames, of which each has the texts that are given. */
function appearancesIn(frames: readonly (TextFrame['texts'] & object)[]) {
  const appearances = new TextAppearances();
  const found = frames.flatMap((texts, i) => appearances.take({ ptsUs: i * FRAME_US, texts }));
  return [...found, ...appearances.finish()];
}

const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

describe('TextAppearances', () => {
  it('tells from when to when a text is there', () => {
    const found = appearancesIn([[], ...times(3, [seen('Sortie')]), ...times(30, [])]);
    expect(found).toMatchObject([{ text: 'Sortie', fromUs: FRAME_US, toUs: 4 * FRAME_US }]);
  });

  it('bridges the moments in which it was not read, and counts it twice when it comes again much later', () => {
    const blink = appearancesIn([[seen('Sortie')], ...times(20, []), [seen('SORTIE')]]);
    expect(blink).toHaveLength(1);
    const again = appearancesIn([[seen('Sortie')], ...times(40, []), [seen('Sortie')]]);
    expect(again.map(({ fromUs, toUs }) => [fromUs, toUs])).toEqual([
      [0, FRAME_US],
      [41 * FRAME_US, 41 * FRAME_US],
    ]);
  });

  it('shows it where it is largest and clearest, as it was read there', () => {
    const near = seen('Sortie', 0.9, { quad: quad(400) });
    const [found] = appearancesIn([[seen('SORTIE')], [near], [seen('sortie', 0.99)]]);
    expect(found).toMatchObject({ text: 'Sortie', atUs: FRAME_US, score: 0.9 });
  });

  it('takes a translation that comes later', () => {
    const late = seen('Sortie', 0.5, { translation: 'Exit', language: 'fr' });
    expect(appearancesIn([[seen('Sortie')], [late], [seen('Sortie')]])).toMatchObject([
      { translation: 'Exit', language: 'fr' },
    ]);
  });

  it('leaves out what has neither letters nor digits', () => {
    expect(appearancesIn([[seen('—'), seen('…')]])).toEqual([]);
  });

  it('forgets no text, and none lasts before it begins', () => {
    const texts = fc.array(fc.constantFrom(seen('a'), seen('b'), seen('C')), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 80 }), (frames) => {
        const found = appearancesIn(frames);
        for (const { fromUs, toUs, atUs } of found) {
          expect(fromUs).toBeLessThanOrEqual(atUs);
          expect(atUs).toBeLessThanOrEqual(toUs);
        }
        for (const [i, all] of frames.entries()) {
          for (const { text } of all) {
            const at = i * FRAME_US;
            expect(found.some((one) => one.text === text && one.fromUs <= at && at <= one.toUs)).toBe(true);
          }
        }
      }),
    );
  });
});
