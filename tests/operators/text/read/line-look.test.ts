import { describe, expect, it } from 'vitest';
import { inverse, mapped, rectangleToQuad } from '../../../../operators/text/plane-map.js';
import { likeness, lineLook } from '../../../../operators/text/read/line-look.js';
import type { LumaPicture } from '../../../../operators/text/read/luma-picture.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';

const [WIDTH, HEIGHT] = [300, 40];
const quad: TextQuad = [
  [20, 8],
  [280, 8],
  [280, 32],
  [20, 32],
];

type Values = (x: number, y: number) => number;

/** As much of a picture as looks need. */
function pictureOf(values: Values): LumaPicture {
  const data = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => values(i % WIDTH, Math.floor(i / WIDTH)));
  return { mat: { data, cols: WIDTH, rows: HEIGHT }, scale: 1 } as unknown as LumaPicture;
}

/** A lit wall behind a dark coat. */
const room: Values = (x) => 120 + 90 * Math.tanh((x - 150) / 8);
const street: Values = (x, y) => 60 + x / 3 + y;
const strokes = (x: number): boolean => (x * x) % 23 < 9;
const withLetters =
  (ground: Values): Values =>
  (x, y) =>
    y > 12 && y < 28 && strokes(x) ? 250 : ground(x, y);

describe('likeness of looks', () => {
  const title = lineLook(pictureOf(withLetters(room)), quad);

  it('is one of a line with itself', () => {
    expect(likeness(title, title)).toBeCloseTo(1, 5);
  });

  it('is one of a line with itself from another side', () => {
    // One end is twice as near, so that letters stand close to each other at the other.
    const corners: TextQuad = [
      [20, 14],
      [280, 2],
      [280, 38],
      [20, 26],
    ];
    const back = inverse(rectangleToQuad(260, 24, corners));
    const turned: Values = (x, y) => {
      const [u, v] = mapped(back, [x + 0.5, y + 0.5]);
      return withLetters(room)(Math.round(20 + u - 0.5), Math.round(8 + v - 0.5));
    };
    expect(likeness(title, lineLook(pictureOf(turned), corners, title.columns))).toBeGreaterThan(0.6);
  });

  it('is none of a line with the ground it stood on, however uneven that is', () => {
    expect(likeness(title, lineLook(pictureOf(room), quad))).toBeLessThan(0.2);
  });

  it('is there on another ground', () => {
    expect(likeness(title, lineLook(pictureOf(withLetters(street)), quad))).toBeGreaterThan(0.6);
  });

  it('cannot be told where too little lies in the picture', () => {
    const away = quad.map(([x, y]) => [x + 250, y] as const) as unknown as TextQuad;
    expect(likeness(title, lineLook(pictureOf(room), away, title.columns))).toBeUndefined();
  });
});
