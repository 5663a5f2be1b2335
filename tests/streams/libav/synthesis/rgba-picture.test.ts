import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { rgbaPicture } from '../../../../streams/libav/synthesis/rgba-picture.js';

const [WIDTH, HEIGHT] = [320, 180];
const BYTES = 4 * WIDTH * HEIGHT;
const timeBase = { num: 1, den: 25 };

describe('a picture of drawn pixels', () => {
  afterEach(() => setFlagsFromString('--no-expose-gc'));

  it('keeps them, whatever becomes of where they were drawn', () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const pictures = Array.from({ length: 20 }, (_, i) => {
      const drawn = Buffer.alloc(BYTES, i);
      const picture = rgbaPicture(drawn, WIDTH, HEIGHT, timeBase);
      drawn.fill(255);
      return picture;
    });
    collectGarbage();
    // Memory that was given back is handed out again.
    const others = Array.from({ length: 40 }, () => Buffer.alloc(BYTES, 200));
    for (const [i, picture] of pictures.entries()) {
      using rgba = picture;
      expect(rgba.toBuffer().equals(Buffer.alloc(BYTES, i))).toBe(true);
    }
    expect(others).toHaveLength(40);
  });
});
