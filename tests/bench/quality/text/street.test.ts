import { describe, expect, it } from 'vitest';
import { plainSigns } from '../../../../bench/quality/text/plain-signs.js';
import { frameProperties } from '../../../../bench/quality/text/plane-picture.js';
import {
  changesOf,
  driftsOf,
  jitterOf,
  type SeenLine,
  sightings,
} from '../../../../bench/quality/text/sign-sightings.js';
import { drawStreet, PICTURE_HEIGHT, PICTURE_WIDTH, STREET_WIDTH } from '../../../../bench/quality/text/street.js';
import { panShot, quadInPicture, StreetCamera, staticShot } from '../../../../bench/quality/text/street-pan.js';
import { boundsOf, mapQuad, sharedArea } from '../../../../operators/text/quad-math.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';
import { findSign } from '../../../../operators/text/translate/signs.js';
import { testFrame } from '../../../helpers/frames.js';

const street = drawStreet();

/** Middle of what is dark on a light board, pixels. */
function inkMiddle(index: number, quad: TextQuad, limit: number): readonly [x: number, y: number] {
  const frame = testFrame(index, frameProperties(index, PICTURE_WIDTH, PICTURE_HEIGHT));
  new StreetCamera(street, panShot()).take(frame);
  const luma = frame.plane(0);
  const [left, top, right, bottom] = boundsOf(quad);
  let [x, y, weight] = [0, 0, 0];
  for (let row = Math.floor(top) - 3; row < bottom + 3; row++) {
    for (let column = Math.floor(left) - 3; column < right + 3; column++) {
      const dark = Math.max(0, limit - (luma[row * PICTURE_WIDTH + column] as number));
      [x, y, weight] = [x + dark * (column + 0.5), y + dark * (row + 0.5), weight + dark];
    }
  }
  frame.close();
  return [x / weight, y / weight];
}

describe('the drawn street', () => {
  it('has twelve signs, which all come wholly into the pan', () => {
    const shot = panShot();
    expect(street.signs).toHaveLength(12);
    for (const sign of street.signs) {
      const frames = Array.from({ length: shot.frames }, (_, i) => quadInPicture(sign, shot.at(i)));
      expect(frames.some((quad) => quad !== undefined)).toBe(true);
    }
  });

  it('has as many signs in plain French, which are no phrases of signs and do not cover each other', () => {
    expect(plainSigns.map(({ text }) => findSign(text, 'fr', 'en'))).toEqual(Array(12).fill(undefined));
    const { signs } = drawStreet(() => false, plainSigns);
    const covered = signs.flatMap((a, i) => signs.slice(i + 1).map((b) => sharedArea(a.quad, b.quad)));
    expect(Math.max(...covered)).toBe(0);
    for (const { quad } of signs) expect(boundsOf(quad)[2]).toBeLessThan(STREET_WIDTH);
  });

  it('moves by fractions of a pixel, as it says', () => {
    const sign = street.signs[2] as (typeof street.signs)[number];
    const [shot, frames] = [panShot(), [0, 3, 7]];
    const middles = frames.map((i) => inkMiddle(i, quadInPicture(sign, shot.at(i)) as TextQuad, 218));
    frames.forEach((i, j) => {
      const [x, y] = shot.at(i);
      expect((middles[j]?.[0] ?? 0) - (middles[0]?.[0] ?? 0)).toBeCloseTo(-x, 1);
      expect((middles[j]?.[1] ?? 0) - (middles[0]?.[1] ?? 0)).toBeCloseTo(-y, 1);
    });
  });
});

describe('figures of what was seen of signs', () => {
  const still = staticShot(street, 1);
  const truth = street.signs
    .map((sign) => quadInPicture(sign, still.at(0)))
    .find((quad) => quad !== undefined) as TextQuad;
  const line = (says: string, by = 0): SeenLine => ({ id: 1, quad: mapQuad(truth, ([x, y]) => [x + by, y]), says });

  it('count changes of what is shown, and what is gone, after it was shown first', () => {
    const shown = [[], [line('Exit')], [line('Exit')], [line('Exlt')], [], [line('Exit')]];
    expect(changesOf(sightings(street, { ...still, frames: 6 }, shown))).toBe(3);
  });

  it('measure how far corners are from where they are on average', () => {
    const [first] = sightings(street, still, [[line('a', -1)], [line('a', 1)]]).filter(({ frames }) => frames[0]?.line);
    expect(jitterOf(first as NonNullable<typeof first>)).toEqual({ rms: 1, most: 1 });
  });

  it('measure drift against the movement of the sign', () => {
    const shot = panShot();
    const sign = street.signs[0] as (typeof street.signs)[number];
    const lag = (i: number, by: number): SeenLine[] => {
      const quad = mapQuad(quadInPicture(sign, shot.at(i)) as TextQuad, ([x, y]) => [x + 5 + by, y]);
      return [{ id: 7, quad, says: 'a' }];
    };
    const seen = sightings({ signs: [sign] }, shot, [lag(0, 0), lag(1, 0), lag(2, 1.5)]);
    const drifts = seen.flatMap(driftsOf);
    expect(drifts[0]).toBeCloseTo(0, 6);
    expect(drifts[1]).toBeCloseTo(1.5, 6);
  });
});
