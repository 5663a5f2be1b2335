import type { ColorTags } from '../../pipeline/index.js';
import { bitDepth, type PixelFormat } from '../../pipeline/index.js';

/** How the numbers in a picture's planes stand for luma and chroma. */
export interface ColorCoding {
  /** 1 / (white − black), luma codes. */
  readonly lumaScale: number;
  /** Luma code of black. */
  readonly lumaZero: number;
  /** Codes of this picture for one 8-bit, full-range BT.601 chroma code: Cb, Cr. */
  readonly chromaGain: readonly [number, number];
  /** Code of neutral chroma. */
  readonly chromaZero: number;
  /** Largest distance from neutral, codes. */
  readonly chromaLimit: number;
}

/** Rows from which pictures without a tag count as HD and so as BT.709; what players and decoders do as well. */
const HD_ROWS = 720;
const BT601 = { red: 0.299, blue: 0.114 };
const BT709 = { red: 0.2126, blue: 0.0722 };

/** Weights of red and blue in luma by `MatrixCoefficients` of ITU-T H.273. */
const lumaWeights: Readonly<Record<number, { readonly red: number; readonly blue: number }>> = {
  1: BT709,
  4: { red: 0.3, blue: 0.11 },
  5: BT601,
  6: BT601,
  7: { red: 0.212, blue: 0.087 },
  9: { red: 0.2627, blue: 0.0593 },
  10: { red: 0.2627, blue: 0.0593 },
};

/**
 * The coding of a picture. Unspecified range counts as limited; an unspecified matrix as BT.709 from 720 rows on, else BT.601.
 *
 * @see ITU-T H.273, MatrixCoefficients and VideoFullRangeFlag
 */
export function colorCoding(picture: {
  readonly pixelFormat: PixelFormat;
  readonly height: number;
  readonly color: ColorTags;
}): ColorCoding {
  const { pixelFormat, height, color } = picture;
  const bits = bitDepth(pixelFormat);
  const unit = 2 ** (bits - 8);
  const full = color.range === 'pc';
  const { red, blue } = lumaWeights[color.matrix] ?? (height >= HD_ROWS ? BT709 : BT601);
  const range = (full ? 1 : 224 / 255) * unit;
  return {
    lumaScale: full ? 1 / (2 ** bits - 1) : 1 / (219 * unit),
    lumaZero: full ? 0 : 16 * unit,
    chromaGain: [range * ((1 - BT601.blue) / (1 - blue)), range * ((1 - BT601.red) / (1 - red))],
    chromaZero: 2 ** (bits - 1),
    chromaLimit: (full ? 127 : 112) * unit,
  };
}
