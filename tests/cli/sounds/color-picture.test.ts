import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Color, ColorPicture, textWidth } from '../../../cli/sounds/color-picture.js';

const [BLACK, WHITE]: readonly [Color, Color] = [
  [0, 0, 0],
  [255, 255, 255],
];

/** Rows of `#` and `.`, of a PNG as {@link ColorPicture.png} writes it: one block of data, nothing filtered. */
function shown(picture: ColorPicture): string[] {
  const png = picture.png();
  const at = png.indexOf('IDAT');
  const lines = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const stride = picture.width * 3 + 1;
  return Array.from({ length: picture.height }, (_, row) => {
    const line = lines.subarray(row * stride + 1, (row + 1) * stride);
    return Array.from({ length: picture.width }, (_, column) => (line[3 * column] === 255 ? '#' : '.')).join('');
  });
}

describe('a colour picture', () => {
  it('writes text, and leaves out what lies outside', () => {
    const picture = new ColorPicture(12, 8, BLACK);
    picture.text('Lit', 0, 0, WHITE);
    expect(shown(picture)).toEqual([
      '.##.....#...',
      '..#.........',
      '..#....##...',
      '..#.....#...',
      '..#.....#...',
      '..#.....#...',
      '.###...###..',
      '............',
    ]);
    expect(textWidth('lit')).toBe(17);
  });

  it('shows a letter that it does not know as a box', () => {
    const picture = new ColorPicture(5, 9, BLACK);
    picture.text('橋', 0, 0, WHITE);
    expect(shown(picture)[0]).toBe('#####');
  });

  it('takes in other pictures, as far as they fit', () => {
    const picture = new ColorPicture(4, 3, BLACK);
    picture.paste(new ColorPicture(3, 3, WHITE), 2, 1);
    expect(shown(picture)).toEqual(['....', '..##', '..##']);
  });

  it('says in its header how large it is', () => {
    const png = new ColorPicture(300, 2, BLACK).png();
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([300, 2]);
  });
});
