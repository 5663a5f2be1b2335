import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { typefaces } from '../../../../operators/text/paint/fonts.js';
import { TextPainting } from '../../../../operators/text/paint/text-painting.js';
import type { SeenText, TextQuad } from '../../../../operators/text/texts-meta.js';
import { mulberry32 } from '../../../../pipeline/mulberry32.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { expectBalanced, testFrame } from '../../../helpers/frames.js';

const WIDTH = 320;
const HEIGHT = 160;
const WORD = 'BONJOUR';
const LUMA = { letters: 240, outline: 16 };
const APPEARS = 25;
const FRAMES = 40;

/** Stripes of stone in light and shadow: detail that no filling can guess. */
function stone(seed: number): Float32Array {
  const random = mulberry32(seed);
  const waves = Array.from({ length: 12 }, () => {
    const [angle, length] = [random() * Math.PI, 8 + 20 * random()];
    return {
      x: (2 * Math.PI * Math.cos(angle)) / length,
      y: (2 * Math.PI * Math.sin(angle)) / length,
      at: 6 * random(),
    };
  });
  const side = 2 * WIDTH;
  return Float32Array.from({ length: side * HEIGHT }, (_, i) => {
    const [x, y] = [i % side, Math.trunc(i / side)];
    return (
      110 +
      30 * Math.sin(x / 40 + seed) * Math.cos(y / 30) +
      waves.reduce((sum, wave) => sum + 9 * Math.sin(wave.x * x + wave.y * y + wave.at), 0)
    );
  });
}

interface Look {
  readonly ground?: Float32Array;
  /** Place of the ground. */
  readonly shift?: number;
  /** Of the text: nothing where there is none. */
  readonly text?: { readonly x: number; readonly y: number; readonly alpha?: number };
  readonly gain?: number;
  /** False where the text was not found. */
  readonly isFound?: boolean;
}

const letters = (() => {
  const cache = new Map<string, { readonly ink: Float32Array; readonly both: Float32Array }>();
  return (x: number, y: number) => {
    const key = `${x} ${y}`;
    const before = cache.get(key);
    if (before !== undefined) return before;
    typefaces(undefined);
    const draw = (isOutlined: boolean): Float32Array => {
      const canvas = createCanvas(WIDTH, HEIGHT);
      const context = canvas.getContext('2d');
      context.font = '700 30px "Vitascope Sans"';
      context.lineWidth = 4;
      context.lineJoin = 'round';
      if (isOutlined) context.strokeText(WORD, x, y);
      context.fillText(WORD, x, y);
      const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
      return Float32Array.from({ length: WIDTH * HEIGHT }, (_, at) => (data[4 * at + 3] as number) / 255);
    };
    const drawn = { ink: draw(false), both: draw(true) };
    cache.set(key, drawn);
    return drawn;
  };
})();

const GRAIN = (() => {
  const random = mulberry32(1);
  return Float32Array.from({ length: 20011 }, () => 4 * (random() + random() - 1));
})();
const STONE = stone(5);
const OTHER_STONE = stone(8);

function groundAt(at: number, { ground = STONE, shift = 0, gain = 1 }: Look): number {
  const [x, y] = [at % WIDTH, Math.trunc(at / WIDTH)];
  return gain * (ground[y * 2 * WIDTH + x + shift] as number);
}

function shot(index: number, look: Look): VideoFrame {
  const frame = testFrame(index, { width: WIDTH, height: HEIGHT });
  const luma = frame.plane(0);
  const text = look.text === undefined ? undefined : letters(look.text.x, look.text.y);
  const alpha = look.text?.alpha ?? 1;
  for (let at = 0; at < luma.length; at++) {
    const ground = groundAt(at, look);
    const [ink, both] = [alpha * (text?.ink[at] ?? 0), alpha * (text?.both[at] ?? 0)];
    const outlined = ground + (LUMA.outline - ground) * both;
    luma[at] = Math.round(
      outlined + (LUMA.letters - outlined) * ink + (GRAIN[(at + 7919 * index) % GRAIN.length] as number),
    );
  }
  frame.plane(1).fill(128);
  frame.plane(2).fill(128);
  return frame;
}

function quadAt(x: number, y: number): TextQuad {
  const end = x + 164;
  return [
    [x - 3, y - 27],
    [end, y - 27],
    [end, y + 5],
    [x - 3, y + 5],
  ];
}

/** Mean difference from the ground as it is, under the letters of the last frames; with what came before the text, and without. */
function errors(lookAt: (index: number) => Look): { readonly remembered: number; readonly filled: number } {
  const errorOf = (isRemembered: boolean): number => {
    const painting = new TextPainting({ style: 'replace', mostLines: 8 });
    let [sum, count] = [0, 0];
    for (let index = 0; index < FRAMES; index++) {
      const look = lookAt(index);
      const { text, isFound = true } = look;
      if (!isRemembered && (text === undefined || !isFound)) continue;
      const frame = shot(index, look);
      const texts: SeenText[] =
        text === undefined || !isFound
          ? []
          : [{ id: 1, quad: quadAt(text.x, text.y), text: WORD, score: 0.9, opacity: 1, translation: '' }];
      if (isRemembered) painting.see(frame, { texts });
      painting.paint(frame, { texts });
      if (index >= FRAMES - 8 && text !== undefined) {
        const { both } = letters(text.x, text.y);
        const luma = frame.plane(0);
        for (let at = 0; at < luma.length; at++) {
          if ((both[at] as number) < 0.5) continue;
          sum += Math.abs((luma[at] as number) - groundAt(at, look));
          count++;
        }
      }
      frame.close();
    }
    return sum / count;
  };
  return { remembered: errorOf(true), filled: errorOf(false) };
}

const TEXT = { x: 80, y: 100 };
const since = (index: number, appears = APPEARS): Look => (index >= appears ? { text: TEXT } : {});

describe('the ground under a text', () => {
  it('is remembered from before the text appeared on a still shot', () =>
    expectBalanced(async () => {
      const { remembered, filled } = errors((index) => since(index));
      expect(filled).toBeGreaterThan(12);
      expect(remembered).toBeLessThan(0.3 * filled);
    }));

  it('is remembered though the shot flickers, and though the text was found late or faded in', () =>
    expectBalanced(async () => {
      const flickering = errors((index) => ({ ...since(index), gain: 1 + 0.08 * Math.sin(1.7 * index) }));
      expect(flickering.remembered).toBeLessThan(0.4 * flickering.filled);
      const late = errors((index) => ({ ...since(index, 12), isFound: index >= APPEARS }));
      expect(late.remembered).toBeLessThan(0.3 * late.filled);
      const fading = errors((index) =>
        index < 18 ? {} : { text: { ...TEXT, alpha: Math.min(1, (index - 18) / 7) }, isFound: index >= APPEARS },
      );
      expect(fading.remembered).toBeLessThan(0.4 * fading.filled);
    }));

  it('is what a moving title uncovers', () =>
    expectBalanced(async () => {
      const { remembered, filled } = errors((index) => ({ text: { x: TEXT.x, y: 150 - 3 * index } }));
      expect(remembered).toBeLessThan(0.5 * filled);
    }));

  it('is filled from its surroundings as ever where the picture moves, was cut, or never showed it', () =>
    expectBalanced(async () => {
      const looks: ((index: number) => Look)[] = [
        (index) => ({ ...since(index), shift: 3 * index }),
        (index) => ({ ...since(index), ground: index >= APPEARS ? OTHER_STONE : STONE }),
        () => ({ text: TEXT }),
        (index) => ({ text: TEXT, isFound: index >= APPEARS }),
      ];
      for (const look of looks) {
        const { remembered, filled } = errors(look);
        expect(remembered).toBeLessThan(1.03 * filled);
      }
    }));

  it('has no seam around what was remembered', () =>
    expectBalanced(async () => {
      const painting = new TextPainting({ style: 'replace', mostLines: 8 });
      for (let index = 0; index < FRAMES; index++) {
        const look = { ...since(index), gain: index < APPEARS ? 1 : 1.1 };
        const frame = shot(index, look);
        const texts: SeenText[] =
          look.text === undefined
            ? []
            : [{ id: 1, quad: quadAt(TEXT.x, TEXT.y), text: WORD, score: 0.9, opacity: 1, translation: '' }];
        painting.see(frame, { texts });
        painting.paint(frame, { texts });
        if (index === FRAMES - 1) {
          const luma = frame.plane(0);
          const wrong = luma.map((code, at) => Math.abs(code - groundAt(at, look)));
          expect(Math.max(...wrong)).toBeLessThan(24);
        }
        frame.close();
      }
    }));
});
