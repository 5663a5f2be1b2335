import { crc32, deflateSync } from 'node:zlib';
import { LETTER_CELLS, letterCell } from './letters.js';

/** Red, green and blue, 0–255. */
export type Color = readonly [red: number, green: number, blue: number];

/** A rectangle of pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const CHANNELS = 3;
/** Columns of a letter with the gap after it. */
const ADVANCE = LETTER_CELLS.width + 1;

/** A picture to draw a chart in: 8-bit RGB. What lies outside is left out. */
export class ColorPicture {
  readonly width: number;
  readonly height: number;
  readonly #pixels: Uint8Array;

  constructor(width: number, height: number, background: Color) {
    this.width = width;
    this.height = height;
    this.#pixels = new Uint8Array(width * height * CHANNELS);
    this.fill({ x: 0, y: 0, width, height }, background);
  }

  fill({ x, y, width, height }: Box, color: Color): void {
    this.shade({ x, y, width, height }, () => color);
  }

  /** Colours each pixel of a box by its place in it. */
  shade({ x, y, width, height }: Box, colorOf: (column: number, row: number) => Color): void {
    for (let row = Math.max(0, -y); row < height && y + row < this.height; row++) {
      for (let column = Math.max(0, -x); column < width && x + column < this.width; column++) {
        this.#pixels.set(colorOf(column, row), ((y + row) * this.width + x + column) * CHANNELS);
      }
    }
  }

  /** Draws a line of text whose upper left corner is at a place; letters are 9 × `scale` high. */
  text(text: string, x: number, y: number, color: Color, scale = 1): void {
    for (const [index, letter] of [...text.toLowerCase()].entries()) {
      for (let row = 0; row < LETTER_CELLS.height; row++) {
        for (let column = 0; column < LETTER_CELLS.width; column++) {
          if (!letterCell(letter, column, row)) continue;
          const left = x + (index * ADVANCE + column) * scale;
          this.fill({ x: left, y: y + row * scale, width: scale, height: scale }, color);
        }
      }
    }
  }

  /** Copies a picture to a place in this one; what does not fit is left out. */
  paste(other: ColorPicture, x: number, y: number): void {
    const width = Math.min(other.width, this.width - x) * CHANNELS;
    for (let row = 0; row < Math.min(other.height, this.height - y); row++) {
      const line = other.#pixels.subarray(row * other.width * CHANNELS).subarray(0, width);
      this.#pixels.set(line, ((y + row) * this.width + x) * CHANNELS);
    }
  }

  /** As a PNG file (ISO/IEC 15948). */
  png(): Buffer {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(this.width, 0);
    header.writeUInt32BE(this.height, 4);
    // 8 bits a channel, RGB, and the only compression, filtering and interlacing that there are.
    header.set([8, 2, 0, 0, 0], 8);
    const stride = this.width * CHANNELS;
    const lines = Buffer.alloc((stride + 1) * this.height);
    for (let row = 0; row < this.height; row++) {
      // The byte before each line says that it is not filtered.
      lines.set(this.#pixels.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1);
    }
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND')]);
  }
}

/** Pixels that a text is wide. */
export function textWidth(text: string, scale = 1): number {
  return Math.max(0, [...text].length * ADVANCE - 1) * scale;
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
