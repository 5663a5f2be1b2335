import { createCanvas } from '@napi-rs/canvas';
import type { Observable } from 'rxjs';
import { builtinOperators } from '../../config/registry.js';
import type { LineReader } from '../../models/adapters/text/line-reader.js';
import type { TextDetector } from '../../models/adapters/text/text-detector.js';
import { typefaces } from '../../operators/text/paint/fonts.js';
import { type ReadTextOptions, readText, readTextDefinition } from '../../operators/text/read/read-text.js';
import type { TextQuad } from '../../operators/text/texts-meta.js';
import { tapFrames } from '../../pipeline/frames/tap-frames.js';
import { createGraph } from '../../pipeline/graph/graph.js';
import { mulberry32 } from '../../pipeline/mulberry32.js';
import type { OperatorDefinition } from '../../pipeline/operator.js';
import type { VideoSample } from '../../pipeline/sample.js';
import type { VideoFrame } from '../../pipeline/video-frame.js';
import { h264Clip } from '../fixtures/media.js';
import { processFilm } from './jobs.js';
import { pipeOperator } from './operators.js';

export const [FILM_WIDTH, FILM_HEIGHT, FILM_FPS, FILM_FRAMES] = [480, 272, 25, 90];
const SIZE = 26;
/** Baselines of the lines of a title, from the lowest. */
const BASELINES = [252, 218];
/** Luma that only letters have. */
const BRIGHT = 190;

/** A title, and the frames in which it stands. */
export interface BurnedTitle {
  readonly lines: readonly string[];
  readonly from: number;
  /** The first frame without it. */
  readonly to: number;
}

/** What is burned into {@link titledFilm}. */
export const burnedTitles: readonly BurnedTitle[] = [
  { lines: ['Bonjour, Madame.'], from: 8, to: 31 },
  { lines: ['Je ne sais pas', 'où est la gare.'], from: 36, to: 62 },
  { lines: ['Merci beaucoup !'], from: 68, to: 85 },
];

/** One line of a title where it is drawn: how much of each pixel letters cover, and letters with their outline, 0–255. */
interface Lettering {
  readonly text: string;
  readonly letters: Uint8ClampedArray;
  readonly both: Uint8ClampedArray;
}

/** A film of plain grey that moves, with titles in white with a dark outline. @param path MP4. */
export async function titledFilm(path: string): Promise<string> {
  const letterings = burnedTitles.map(({ lines }) => lines.map((text, i) => lettering(text, lines.length - 1 - i)));
  const burn = pipeOperator('burn', (frames) =>
    frames.pipe(
      tapFrames(({ frame }) => {
        drawGround(frame);
        burnedTitles.forEach(({ from, to }, i) => {
          if (frame.index >= from && frame.index < to) for (const line of letterings[i] ?? []) burnLine(frame, line);
        });
      }),
    ),
  );
  const size = { width: FILM_WIDTH, height: FILM_HEIGHT };
  const input = await h264Clip({ ...size, frames: FILM_FRAMES, fps: FILM_FPS });
  await processFilm({ input, output: path, graph: createGraph({ nodes: { burn: { use: burn } } }) });
  return path;
}

/** The operators of the package, with something else in `read-text`. */
export function readingWith(more: ReadTextOptions): readonly OperatorDefinition[] {
  const reading = {
    ...readTextDefinition,
    create: (options) => {
      const operator = readText({ ...options, ...more });
      return ([video]) => [operator(video as Observable<VideoSample>)];
    },
  } satisfies typeof readTextDefinition;
  return builtinOperators.map((operator) => (operator.name === reading.name ? reading : operator));
}

/** Finds lines of {@link titledFilm} by looking for what is bright. */
export class BrightDetector implements TextDetector {
  async detect(frame: VideoFrame): Promise<readonly { readonly quad: TextQuad; readonly score: number }[]> {
    const luma = frame.plane(0);
    const bands = BASELINES.map((baseline) => [baseline - SIZE, baseline + 8] as const);
    return bands.flatMap(([top, bottom]) => {
      const columns: number[] = [];
      for (let x = 0; x < frame.width; x++) {
        for (let y = top; y < bottom; y++) if ((luma[y * frame.width + x] as number) > BRIGHT) columns.push(x);
      }
      if (columns.length < 20) return [];
      const [left, right] = [Math.min(...columns) - 2, Math.max(...columns) + 3];
      return [{ quad: rectangle(left, top, right, bottom), score: 0.9 }];
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Reads lines of {@link titledFilm} by laying what may stand there over the picture. */
export class KnowingReader implements LineReader {
  readonly languages = ['fr'];
  readonly #known = burnedTitles.flatMap(({ lines }) =>
    lines.flatMap((text, i) => lettering(text, lines.length - 1 - i)),
  );

  async read(frame: VideoFrame, quads: readonly TextQuad[]) {
    return quads.map(([[left, top], , [right, bottom]]) => {
      const likenesses = this.#known.map((line) => ({
        text: line.text,
        score: overlap(frame, line.letters, [left, top, right, bottom]),
      }));
      const best = likenesses.reduce((a, b) => (b.score > a.score ? b : a));
      return { ...best, characters: [] };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function lettering(text: string, row: number): Lettering {
  typefaces(undefined);
  const draw = (outlined: boolean): Uint8ClampedArray => {
    const canvas = createCanvas(FILM_WIDTH, FILM_HEIGHT);
    const context = canvas.getContext('2d');
    context.font = `700 ${SIZE}px "Vitascope Sans"`;
    context.textAlign = 'center';
    context.lineWidth = 4;
    context.lineJoin = 'round';
    const place = [FILM_WIDTH / 2, BASELINES[row] as number] as const;
    if (outlined) context.strokeText(text, ...place);
    context.fillText(text, ...place);
    return context.getImageData(0, 0, FILM_WIDTH, FILM_HEIGHT).data.filter((_, at) => at % 4 === 3);
  };
  return { text, letters: draw(false), both: draw(true) };
}

/** Slow waves, darker than letters, with grain. */
function drawGround(frame: VideoFrame): void {
  const random = mulberry32(frame.index + 1);
  const luma = frame.plane(0);
  for (let at = 0; at < luma.length; at++) {
    const [x, y] = [at % frame.width, Math.trunc(at / frame.width)];
    luma[at] = 96 + 26 * Math.sin((x + frame.index) / 37) + 18 * Math.cos(y / 23) + 6 * (random() - 0.5);
  }
  frame.plane(1).fill(128);
  frame.plane(2).fill(128);
}

function burnLine(frame: VideoFrame, { letters, both }: Lettering): void {
  const luma = frame.plane(0);
  for (let at = 0; at < luma.length; at++) {
    if ((both[at] as number) === 0) continue;
    const [outline, letter] = [(both[at] as number) / 255, (letters[at] as number) / 255];
    const dark = (luma[at] as number) * (1 - outline) + 18 * outline;
    luma[at] = Math.round(dark * (1 - letter) + 235 * letter);
  }
}

/** Of the bright pixels of a rectangle and those of letters in it, the share that are both. */
function overlap(frame: VideoFrame, letters: Uint8ClampedArray, [left, top, right, bottom]: readonly number[]): number {
  const luma = frame.plane(0);
  let [both, any] = [0, 0];
  for (let y = Math.round(top as number); y < (bottom as number); y++) {
    for (let x = Math.round(left as number); x < (right as number); x++) {
      const at = y * frame.width + x;
      const [isBright, isLetter] = [(luma[at] as number) > 128, (letters[at] as number) > 128];
      if (isBright || isLetter) any++;
      if (isBright && isLetter) both++;
    }
  }
  return any === 0 ? 0 : both / any;
}

function rectangle(left: number, top: number, right: number, bottom: number): TextQuad {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}
