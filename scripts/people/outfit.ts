/** Red, green, blue, 0–255. */
export type Rgb = readonly [number, number, number];

/** What somebody wears, and looks like. */
export interface Outfit {
  readonly skin: Rgb;
  readonly hair: Rgb;
  readonly longHair?: boolean;
  readonly top: Rgb;
  /** Bands across the top. */
  readonly stripes?: Rgb;
  /** An open jacket over the top, with long sleeves. */
  readonly jacket?: Rgb;
  readonly longSleeves?: boolean;
  readonly trousers: Rgb;
  /** Trousers end above the knees. */
  readonly shorts?: boolean;
  readonly shoes: Rgb;
  /** Multiplies the thickness of trunk and limbs. Default 1. */
  readonly girth?: number;
}

/** A cast to choose from. */
export const outfits = {
  ada: {
    skin: [224, 178, 150],
    hair: [74, 46, 30],
    longHair: true,
    top: [176, 52, 62],
    trousers: [52, 62, 88],
    shoes: [48, 42, 42],
    girth: 0.93,
  },
  ben: {
    skin: [142, 96, 68],
    hair: [26, 22, 22],
    top: [222, 218, 208],
    jacket: [44, 58, 92],
    trousers: [86, 82, 78],
    shoes: [62, 42, 30],
  },
  cho: {
    skin: [216, 174, 138],
    hair: [34, 28, 28],
    top: [64, 122, 96],
    longSleeves: true,
    trousers: [38, 40, 46],
    shoes: [214, 212, 208],
  },
  dia: {
    skin: [98, 66, 50],
    hair: [30, 24, 22],
    top: [226, 168, 58],
    trousers: [62, 84, 126],
    shorts: true,
    shoes: [224, 224, 226],
    girth: 0.96,
  },
  eli: {
    skin: [238, 200, 176],
    hair: [184, 128, 72],
    top: [236, 238, 240],
    stripes: [52, 82, 142],
    trousers: [118, 100, 78],
    shoes: [78, 54, 38],
    girth: 1.06,
  },
  fay: {
    skin: [196, 146, 112],
    hair: [112, 60, 36],
    longHair: true,
    top: [122, 88, 142],
    longSleeves: true,
    trousers: [56, 56, 62],
    shoes: [38, 36, 40],
    girth: 0.92,
  },
} as const satisfies Record<string, Outfit>;
