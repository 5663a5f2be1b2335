import { bitDepth, type ColorTags, type PixelFormat } from '../../../pipeline/picture.js';
import { type InlineTensor, inlineTensor } from '../../tensor.js';

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

/** What the numbers of a picture mean. */
export interface CodedPicture {
  readonly pixelFormat: PixelFormat;
  readonly height: number;
  readonly color: ColorTags;
}

/** Red and blue weights of the picture's luma; an unspecified matrix counts as BT.709 from 720 rows on, else as BT.601. */
export function lumaWeightsOf({ color, height }: CodedPicture): { readonly red: number; readonly blue: number } {
  return lumaWeights[color.matrix] ?? (height >= HD_ROWS ? BT709 : BT601);
}

/**
 * Both ways between the codes of a picture and RGB of 0–255: float32 `[3, 4]`, row by row, the last column a constant.
 * `toRgb` takes (Y, Cb, Cr, 1), `fromRgb` (R, G, B, 1). Unspecified range counts as limited. Neither clips.
 *
 * @see ITU-T H.273, MatrixCoefficients and VideoFullRangeFlag
 */
export function yuvMatrices(picture: CodedPicture): { readonly toRgb: InlineTensor; readonly fromRgb: InlineTensor } {
  const { red, blue } = lumaWeightsOf(picture);
  const green = 1 - red - blue;
  const { black, white, neutral, chroma } = codes(picture);
  const luma = (white - black) / 255;
  const toBlue = (2 * (1 - blue)) / chroma;
  const toRed = (2 * (1 - red)) / chroma;
  const rows = [
    [1 / luma, 0, toRed],
    [1 / luma, (-toBlue * blue) / green, (-toRed * red) / green],
    [1 / luma, toBlue, 0],
  ] as const;
  const toRgb = rows.flatMap(([y, cb, cr]) => [y, cb, cr, -y * black - (cb + cr) * neutral]);
  const fromRgb = [
    [red * luma, green * luma, blue * luma, black],
    [-red / toBlue, -green / toBlue, (1 - blue) / toBlue, neutral],
    [(1 - red) / toRed, -green / toRed, -blue / toRed, neutral],
  ].flat();
  return { toRgb: matrix(toRgb), fromRgb: matrix(fromRgb) };
}

/** Codes of black, white and neutral chroma, and chroma codes for one full swing of 255. */
function codes({ pixelFormat, color }: CodedPicture) {
  const bits = bitDepth(pixelFormat);
  const unit = 2 ** (bits - 8);
  const neutral = 2 ** (bits - 1);
  if (color.range === 'pc') return { black: 0, white: 2 ** bits - 1, neutral, chroma: (2 ** bits - 1) / 255 };
  return { black: 16 * unit, white: 235 * unit, neutral, chroma: (224 * unit) / 255 };
}

function matrix(values: readonly number[]): InlineTensor {
  return inlineTensor('float32', [3, 4], Float32Array.from(values));
}
