import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { BUNDLED_FAMILY, fontCss, typefaces } from '../../../operators/text/paint/fonts.js';
import { type PaintStyle, TextPainting } from '../../../operators/text/paint/text-painting.js';
import {
  chained,
  inverse,
  mapped,
  type PlaneMap,
  quadSize,
  rectangleToQuad,
  scaledBy,
} from '../../../operators/text/plane-map.js';
import { FramePool } from '../../../pipeline/frame-pool.js';
import { markdownTable, threeDigits } from '../pose/markdown-table.js';
import { verdict } from '../section.js';
import { drawSign, type PhotographedSign, signCount, signPhotos, signSizes } from './photographed-signs.js';
import { canvasOf, frameOf } from './plane-picture.js';
import type { TextFigures } from './section.js';
import { findTesseract, readByTesseract } from './tesseract-command.js';
import { warpOnto } from './warp-canvas.js';
import { comparedWords, wordsRight } from './word-alignment.js';

const GOAL = 0.9;
/** Height of a line as it is shown to Tesseract, pixels, for all alike. */
const SHOWN_HEIGHT = 56;
/** Room around what was painted, heights of the line. */
const MARGIN = 0.25;
/** Height of what is shown up to which it is one line, heights of the line. */
const MOST_OF_ONE_LINE = 2;
/** Codes by which a pixel must change to count as painted. */
const PAINTED = 12;
const ways = ['replace', 'caption', 'plain', 'original'] as const;

/** What was read, and whether it was right. */
export interface ReadBack {
  readonly sign: PhotographedSign;
  readonly way: (typeof ways)[number];
  readonly read: string;
  readonly right: number;
  readonly wanted: number;
  /** What Tesseract was shown. */
  readonly shown: Canvas;
}

/** Translations painted over signs in photographs, read back by Tesseract. */
export const roundTripFigures: TextFigures = async ({ shared, progress }) => {
  const title = 'Round trip: painted translations, read back by Tesseract';
  const notMeasured = (why: string) => ({
    title,
    markdown: '',
    notes: [`**Not measured**: ${why} (Debian: \`tesseract-ocr\`, \`tesseract-ocr-fra\`, \`-spa\`, \`-deu\`)`],
  });
  const tesseract = await findTesseract();
  if (tesseract === undefined) return notMeasured('there is no `tesseract` on this machine');
  const photos = await signPhotos(shared);
  const read: ReadBack[] = [];
  for (let n = 0; n < signCount; n++) {
    const sign = await drawSign(n, photos);
    if (![sign.from, sign.to].every((language) => tesseract.languages.includes(language))) continue;
    progress(`sign ${n + 1} of ${signCount}`);
    read.push(...(await readBack(sign)));
  }
  if (read.length === 0) return notMeasured('`tesseract` has data of one of the languages only');
  const row = (name: string, isIn: (sign: PhotographedSign) => boolean): string[] => [
    name,
    ...ways.map((way) => threeDigits(wordShare(read.filter((one) => one.way === way && isIn(one.sign))))),
  ];
  const words = read.filter(({ way }) => way === 'replace').reduce((sum, { wanted }) => sum + wanted, 0);
  return {
    title,
    markdown: markdownTable(
      [
        'size of the sign',
        'painted, `replace`',
        'painted, `caption`',
        'plain black on white',
        'the sign itself, untouched',
      ],
      [
        ...signSizes.map((size) => row(`${size} px`, (sign) => sign.size === size)),
        row('on boards', ({ isOutlined }) => !isOutlined),
        row('outlined, on the photograph', ({ isOutlined }) => isOutlined),
        row('all', () => true),
      ],
    ),
    notes: [
      `Share of words that ${tesseract.version} (\`--psm 7\`, and 6 for what has several lines) reads, without regard to case: ${read.length / ways.length} signs, ${words} words of translations between English and French, Spanish, German (of ${tesseract.languages.join(', ')} there is data)`,
      `Signs drawn into ${photos.length === 0 ? 'a grey slope (there are no photographs in the shared folder)' : `${photos.length} photographs of BSDS500`}, on boards and with outlines, in five perspectives; their places are known. Tesseract is shown what was painted, laid level, lines ${SHOWN_HEIGHT} px high`,
      'Plain: the translation in the font of the package in the size of the sign, laid before Tesseract in the same way: what it can read at best. Untouched: the sign, in its own language',
      `Goal: at least ${GOAL} of the words with \`replace\`, ${verdict(wordShare(read.filter(({ way }) => way === 'replace')) >= GOAL)}`,
    ],
  };
};

/** Reads a sign in all ways. */
export async function readBack(sign: PhotographedSign): Promise<readonly ReadBack[]> {
  const { width, height } = quadSize(sign.quad);
  const toPicture = rectangleToQuad(width, height, sign.quad);
  const before = viaFrame(sign.picture);
  const [replaced, captioned] = [painted(sign, 'replace'), painted(sign, 'caption')];
  const takenOut = painted({ ...sign, translation: '' }, 'replace');
  const scale = SHOWN_HEIGHT / height;
  const shown = {
    replace: cutOut(replaced, inverse(toPicture), changed(takenOut, replaced, inverse(toPicture)), scale, height),
    caption: captionIn(captioned, changed(before, captioned, scaledBy(1, 1))),
    plain: plainly(sign, scale, height),
    original: cutOut(before, inverse(toPicture), [0, 0, width, height], scale, height),
  };
  return Promise.all(
    ways.map(async (way): Promise<ReadBack> => {
      const [said, language] = way === 'original' ? [sign.text, sign.from] : [sign.translation, sign.to];
      const isOneLine = shown[way].height < MOST_OF_ONE_LINE * SHOWN_HEIGHT;
      const read = (await readByTesseract(shown[way], language, isOneLine ? 7 : 6)).trim();
      const words = comparedWords(said);
      return {
        sign,
        way,
        read,
        right: wordsRight(words, comparedWords(read)),
        wanted: words.length,
        shown: shown[way],
      };
    }),
  );
}

export function wordShare(read: readonly Pick<ReadBack, 'right' | 'wanted'>[]): number {
  const wanted = read.reduce((sum, one) => sum + one.wanted, 0);
  return read.reduce((sum, one) => sum + one.right, 0) / wanted;
}

/** The sign with its translation. */
function painted({ picture, quad, text, translation }: PhotographedSign, style: PaintStyle): Canvas {
  const frame = frameOf(picture, new FramePool({ slots: 1, name: 'sign' }));
  try {
    new TextPainting({ style, mostLines: 1 }).paint(frame, {
      texts: [{ id: 1, quad, text, translation, score: 1, opacity: 1 }],
    });
    return canvasOf(frame);
  } finally {
    frame.close();
  }
}

/** What chroma of half size leaves of a picture. */
function viaFrame(picture: Canvas): Canvas {
  const frame = frameOf(picture, new FramePool({ slots: 1, name: 'sign' }));
  try {
    return canvasOf(frame);
  } finally {
    frame.close();
  }
}

type Bounds = readonly [left: number, top: number, right: number, bottom: number];

/** Around all that differs, in the plane that a map leads to; all of the picture where nothing does. */
function changed(before: Canvas, after: Canvas, map: PlaneMap): Bounds {
  const { width, height } = before;
  const [a, b] = [before, after].map((canvas) => canvas.getContext('2d').getImageData(0, 0, width, height).data);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < width * height; at++) {
    const difference = Math.abs((a?.[4 * at + 1] as number) - (b?.[4 * at + 1] as number));
    if (difference < PAINTED) continue;
    const [x, y] = mapped(map, [(at % width) + 0.5, Math.trunc(at / width) + 0.5]);
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  }
  return right > left ? [left, top, right, bottom] : [0, 0, width, height];
}

/** A part of a picture, laid level. @param toPlane From its pixels to the plane of the line. */
function cutOut(
  picture: Canvas,
  toPlane: PlaneMap,
  [left, top, right, bottom]: Bounds,
  scale: number,
  lineHeight: number,
): Canvas {
  const margin = MARGIN * lineHeight;
  const [width, height] = [right - left + 2 * margin, bottom - top + 2 * margin].map((side) =>
    Math.ceil(side * scale),
  ) as [number, number];
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  const toCanvas = scaledBy(scale, scale, (margin - left) * scale, (margin - top) * scale);
  warpOnto(canvas, picture, chained(toCanvas, toPlane));
  return canvas;
}

/** A caption, which has a size of its own: shown as high as a line. */
function captionIn(picture: Canvas, bounds: Bounds): Canvas {
  const height = bounds[3] - bounds[1];
  return cutOut(picture, scaledBy(1, 1), bounds, SHOWN_HEIGHT / height, height);
}

/** The translation, black on white, in the size of the sign. */
function plainly({ translation, size }: PhotographedSign, scale: number, lineHeight: number): Canvas {
  typefaces(undefined);
  const css = fontCss([BUNDLED_FAMILY], 400, size);
  const measuring = createCanvas(1, 1).getContext('2d');
  measuring.font = css;
  const canvas = createCanvas(Math.ceil(measuring.measureText(translation).width) + size, 2 * size);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = css;
  context.fillStyle = 'black';
  context.fillText(translation, size / 2, 1.4 * size);
  const margin = MARGIN * lineHeight;
  return cutOut(
    canvas,
    scaledBy(1, 1),
    [margin, margin, canvas.width - margin, canvas.height - margin],
    scale,
    lineHeight,
  );
}
